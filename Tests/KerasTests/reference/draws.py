"""nn's random numbers for Keras's layers.

Keras's own streams cannot be nn's, so the source alone is replaced: `dropout`, `uniform` and `normal` of Keras's backend
hand out nn's numbers where a layer's seed generator is a `Draws`, and everything that Keras and TensorFlow do with them stays.

nn draws with Philox4x32-10 (Salmon et al. 2011), keyed by SHA-256 of the seed, the purpose and the layer's path, at the
counter (unit / 4, row of the batch, step); unit mod 4 picks the word w. A value is kept where w >= round(rate * 2^32),
and a normal number is the quantile of (w + 0.5) / 2^32.
"""

import hashlib
from statistics import NormalDist

from .backend import np, tf
from keras.src.backend import random as backend_random
from tensorflow.python.ops import nn_ops

PURPOSES = {
    "dropout": "dropout",
    "alpha_dropout": "alpha_dropout",
    "gaussian_dropout": "gaussian_dropout",
    "gaussian_noise": "noise",
}


def philox(key, counters):
    """`counters` [..., 4] as uint64 below 2^32; gives words of the same shape."""
    low = np.uint64(0xFFFFFFFF)
    x = [counters[..., i].astype(np.uint64) for i in range(4)]
    k0, k1 = key
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * x[0]
        p1 = np.uint64(0xCD9E8D57) * x[2]
        x = [(p1 >> np.uint64(32)) ^ x[1] ^ np.uint64(k0), p1 & low, (p0 >> np.uint64(32)) ^ x[3] ^ np.uint64(k1), p0 & low]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(x, axis=-1)


def philox_key(seed, purpose, path):
    digest = hashlib.sha256(seed.to_bytes(8, "little") + purpose.encode() + b"\0" + path.encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def words(seed, purpose, path, steps, rows, units):
    """[steps, rows, units] of uint64 below 2^32."""
    blocks = (units + 3) // 4
    step, row, block = np.meshgrid(np.arange(steps), np.arange(rows), np.arange(blocks), indexing="ij")
    counters = np.stack([block, row, step & 0xFFFFFFFF, step >> 32], axis=-1).astype(np.uint64)
    drawn = philox(philox_key(seed, purpose, path), counters)
    return drawn.reshape(steps, rows, blocks * 4)[:, :, :units]


class Draws:
    """Stands in for a layer's seed generator, and hands out a step's numbers at each use."""

    def __init__(self, kind, rate, seed, path, steps, rows, units):
        drawn = words(seed, PURPOSES[kind], path, steps, rows, units)
        if kind in ("dropout", "alpha_dropout"):
            # Keras compares uniform numbers with the rate; these are 1 where nn keeps, else 0.
            numbers = drawn >= np.floor(rate * 2**32 + 0.5)
        else:
            quantile = NormalDist().inv_cdf
            numbers = np.array([quantile((w + 0.5) / 2**32) for w in drawn.ravel().tolist()]).reshape(drawn.shape)
        self.numbers = numbers.astype(np.float32)
        self.table = tf.Variable(self.numbers, trainable=False)
        self.step = tf.Variable(0, dtype=tf.int64, trainable=False)

    def restart(self, permutation=None):
        self.table.assign(self.numbers if permutation is None else self.numbers[:, :, permutation])
        self.step.assign(0)

    def next(self, shape):
        step = tf.identity(self.step)
        self.step.assign_add(1)
        return self.table[step][: shape[0]]


def install():
    """Replaces the backend's three sources; other generators still get Keras's own numbers."""
    original = {name: getattr(backend_random, name) for name in ["dropout", "uniform", "normal"]}

    def dropout(inputs, rate, noise_shape=None, seed=None):
        if not isinstance(seed, Draws):
            return original["dropout"](inputs, rate, noise_shape, seed)
        return nn_ops._dropout(
            x=inputs, rate=rate, noise_shape=noise_shape, dummy_rng_step=lambda: None, name=None, default_name="dropout",
            uniform_sampler=lambda shape, dtype: seed.next(shape))  # fmt: skip

    def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
        if not isinstance(seed, Draws):
            return original["uniform"](shape, minval, maxval, dtype, seed)
        return seed.next(shape)

    def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        if not isinstance(seed, Draws):
            return original["normal"](shape, mean, stddev, dtype, seed)
        return seed.next(shape) * tf.constant(stddev, tf.float32) + tf.constant(mean, tf.float32)

    for replacement in [dropout, uniform, normal]:
        setattr(backend_random, replacement.__name__, replacement)


install()
