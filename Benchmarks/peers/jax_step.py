"""Microseconds a training step in JAX: one jitted scan over an epoch's batches, shuffled on the host, as its users write it.

    python jax_step.py WORK
"""

import json
import os
import sys
import time

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

from works import data, weights, work

widths, loss_name, optimizer, batch, rows, epochs = work(sys.argv[1])
x, y = data(widths, loss_name, rows)
parameters = [jnp.asarray(w) for w in weights(widths)]


def network(parameters, x):
    for at in range(0, len(parameters), 2):
        x = x @ parameters[at] + parameters[at + 1]
        if at + 2 < len(parameters):
            x = jax.nn.relu(x)
    return x


def loss(parameters, x, y):
    out = network(parameters, x)
    if loss_name == "mae":
        return jnp.mean(jnp.abs(y - out))
    if loss_name == "mse":
        return jnp.mean((y - out) ** 2)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(out), y[:, None], axis=1))


def sgd(state, gradients):
    parameters, _, step = state
    return [w - 0.01 * g for w, g in zip(parameters, gradients)], None, step + 1


def adam(state, gradients):
    parameters, (ms, vs), step = state
    step = step + 1
    alpha = 0.001 * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    ms = [m + (g - m) * 0.1 for m, g in zip(ms, gradients)]
    vs = [v + (g * g - v) * 0.001 for v, g in zip(vs, gradients)]
    moved = [w - m * alpha / (jnp.sqrt(v) + 1e-7) for w, m, v in zip(parameters, ms, vs)]
    return moved, (ms, vs), step


update = adam if optimizer == "adam" else sgd


def step(state, batch):
    value, gradients = jax.value_and_grad(loss)(state[0], *batch)
    return update(state, gradients), value


@jax.jit
def epoch(state, xs, ys):
    return jax.lax.scan(step, state, (xs, ys))


slots = ([jnp.zeros_like(w) for w in parameters], [jnp.zeros_like(w) for w in parameters]) if update is adam else None
state = (parameters, slots, jnp.float32(0))
steps = rows // batch
times = []
for _ in range(epochs + 1):
    start = time.perf_counter()
    order = np.random.permutation(rows)[: steps * batch]
    xs = jnp.asarray(x[order].reshape(steps, batch, -1))
    ys = jnp.asarray(y[order].reshape(steps, batch, *y.shape[1:]))
    state, values = epoch(state, xs, ys)
    values.block_until_ready()
    times.append((time.perf_counter() - start) / steps * 1e6)
times = times[1:]  # The first one compiles.
print(json.dumps({"step_us": float(np.median(times)), "best_us": min(times), "loss": float(values.mean())}))
