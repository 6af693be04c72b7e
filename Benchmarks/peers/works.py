"""The works that every peer does, as Sources/nn-bench/Work.swift has them."""

import numpy as np

WORKS = {
    # widths, loss, optimizer, batch, rows, epochs
    "A": ([4, 6, 6, 2], "mae", "sgd", 32, 3200, 12),
    "B": ([13, 64, 64, 1], "mse", "adam", 32, 3200, 12),
    "C": ([784, 512, 512, 10], "ce", "adam", 128, 6400, 8),
    "D": ([1024, 2048, 2048, 1024], "mse", "sgd", 512, 2048, 5),
}


def work(name):
    if name in WORKS:
        return WORKS[name]
    sizes = dict(part.split("=") for part in name.split(","))
    width, batch = int(sizes.get("width", 64)), int(sizes.get("batch", 32))
    steps = int(max(10, min(1000, 2e9 / (batch * width * (width + 32)))))
    rows = int(sizes.get("rows", batch * steps))
    return [16, width, width, 1], "mse", "adam", min(batch, rows), rows, 5 if rows < 1e6 else 3


def data(widths, loss, rows):
    random = np.random.default_rng(1)
    x = random.uniform(-0.5, 0.5, size=(rows, widths[0])).astype(np.float32)
    if loss == "ce":
        return x, random.integers(0, widths[-1], size=rows).astype(np.int32)
    return x, random.uniform(-0.5, 0.5, size=(rows, widths[-1])).astype(np.float32)


def weights(widths):
    random = np.random.default_rng(2)
    made = []
    for inputs, units in zip(widths, widths[1:]):
        limit = np.sqrt(6 / (inputs + units))
        made.append(random.uniform(-limit, limit, size=(inputs, units)).astype(np.float32))
        made.append(np.zeros(units, np.float32))
    return made
