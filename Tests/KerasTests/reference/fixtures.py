"""Makes one fixture of a spec: initial weights for which Keras agrees with itself, and what it makes of them."""

import hashlib
import sys

from .backend import np
from . import tables, text
from .model import unjudged
from .permute import CannotPermute
from .training import Training

TOLERANCE = 1e-5
ATTEMPTS = 20


class NoAgreement(Exception):
    pass


def initial_weights(training, seed, scale):
    """Kernels as wide as Glorot's, times `scale`, and weights of every other kind off their usual start."""
    random = np.random.default_rng(1_000 + seed)
    ranges = {
        "bias": (-0.1, 0.1), "gamma": (0.6, 1.4), "beta": (-0.2, 0.2), "alpha": (0.05, 0.4),
        "moving_mean": (-0.2, 0.2), "moving_variance": (0.6, 1.4),
    }  # fmt: skip
    weights = {}
    for name, variable in training.built.weights.items():
        kind = name.rsplit(".", 1)[-1]
        size = scale * np.sqrt(6 / sum(variable.shape))
        low, high = ranges.get(kind, (-size, size))
        weights[name] = random.uniform(low, high, size=variable.shape).astype(np.float32).round(4)
    return weights


def texts(spec):
    """What nn is given of a spec."""
    weight = tables.WEIGHT if spec["fit"].get("sample_weight") else None
    return {
        "name": spec["name"],
        "data": text.data(tables.FEATURES, tables.TARGETS[spec["target"]], weight),
        "model": text.layers_text(spec["layers"]),
        "compile": text.compile(spec),
        "fit": text.fit(spec),
    }


def key(weights):
    """Many cases start from the same weights, which a file has once."""
    content = b"".join(name.encode() + value.tobytes() for name, value in weights.items())
    return hashlib.sha256(content).hexdigest()[:8]


def make(spec):
    """The fixture, and its initial weights."""
    try:
        training = Training(spec)
    except CannotPermute:
        raise NoAgreement("no twin with permuted features") from None
    for attempt in range(ATTEMPTS):
        # `own`: every initializer is one whose values are known, and nn has to make the same.
        own = spec.get("own_weights", False)
        initial = training.weights() if own else initial_weights(training, attempt, spec.get("scale", 1.0))
        result = training.run(initial)
        apart = training.twins_apart(initial, result)
        if apart <= TOLERANCE / 5:
            break
        print(f"  seed {attempt}: twins differ by {apart:.1e}, trying another", file=sys.stderr, flush=True)
    else:
        raise NoAgreement("Keras does not agree with its twin for any seed")
    return {
        **texts(spec),
        "twin": apart,
        "own_weights": own or None,
        "unjudged": unjudged(spec["layers"]) or None,
        "initial": key(initial),
        **result,
    }, initial
