"""What a step of several ranks takes, by the α-β model of messages, and how it scales.

A message of n bytes takes α + β·n. Adding up n bytes over R = 2^k ranks by recursive halving and doubling takes
k·2·α + 2·(1 − 1/R)·n·β + (1 − 1/R)·n·γ, γ being the time to add a byte to another; few bytes go whole, k·(α + β·n). A step computes its forward
pass, then layer by layer the backward pass, whose gradients are handed over as soon as they are a megabyte; what is handed over is
added up one part after the other while the pass goes on.
"""

from dataclasses import dataclass
from math import log2

WHOLE = 1 << 14  # RankSum
PART = 1 << 20  # GradientExchange


@dataclass
class Network:
    alpha: float
    beta: float
    gamma: float

    def sum(self, size, ranks):
        if ranks == 1:
            return 0.0
        rounds = log2(ranks)
        if size <= WHOLE:
            return rounds * (self.alpha + self.beta * size + self.gamma * size)
        share = 1 - 1 / ranks
        return 2 * rounds * self.alpha + share * size * (2 * self.beta + self.gamma)


def weights(widths):
    return [a * b + b for a, b in zip(widths, widths[1:])]


def step(network, widths, ranks, compute):
    """Seconds of a step, and the part of them in which a rank only waits. `compute`: its own work, seconds."""
    layers = weights(widths)
    total = sum(layers)
    # Forward a third of the work and backward the rest, each layer by its weights; the update comes behind.
    forward, backward = compute / 3, compute * 2 / 3
    clock = forward
    free = forward
    waiting = 0.0
    handed = 0
    for place, count in reversed(list(enumerate(layers))):
        clock += backward * count / total
        waiting += 4 * count
        if place == 0:
            break
        if waiting >= PART:
            free = max(free, clock) + network.sum(waiting, ranks)
            waiting = 0
            handed += 1
    end = max(free, clock) + network.sum(waiting + 64, ranks)
    return end, end - compute
