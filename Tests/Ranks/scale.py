"""Prints what the model says of many ranks: strong and weak scaling of works C and D, and 10¹² rows on up to 16,384 ranks.

From Tests: python3 -m Ranks.scale --alpha 60e-6 --beta 8.6e-9 --compute C=4.2e-3,D=0.26
`--compute`: seconds of a whole step on one thread of one rank.
"""

import argparse

from .model import Network, step

WIDTHS = {"C": ([784, 512, 512, 10], 128), "D": ([1024, 2048, 2048, 1024], 512)}
# A cluster's network as their makers give it, not measured here.
FAST = Network(2e-6, 0.08e-9, 0.25e-9)


def power(most):
    ranks = 1
    while ranks <= most:
        yield ranks
        ranks *= 2


def strong(network, work, whole):
    widths, batch = WIDTHS[work]
    for ranks in power(min(batch, 64)):
        seconds, waiting = step(network, widths, ranks, whole / ranks)
        yield ranks, batch // ranks, seconds, whole / seconds, waiting / seconds


def weak(network, work, whole, most=16384):
    widths, batch = WIDTHS[work]
    for ranks in power(most):
        seconds, waiting = step(network, widths, ranks, whole)
        yield ranks, batch * ranks, seconds, whole / seconds, waiting / seconds


def main():
    parser = argparse.ArgumentParser(prog="scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alpha", type=float, required=True)
    parser.add_argument("--beta", type=float, required=True)
    parser.add_argument("--compute", required=True)
    options = parser.parse_args()
    networks = {"measured": Network(options.alpha, options.beta, 0.25e-9), "fast": FAST}
    whole = {name: float(value) for name, value in (part.split("=") for part in options.compute.split(","))}
    for name, network in networks.items():
        for work, seconds in whole.items():
            print(f"\n{name} network, work {work}, the same batch on more ranks\n\n| ranks | rows each | ms a step | times faster | waiting |\n|---:|---:|---:|---:|---:|")
            for ranks, rows, took, faster, waiting in strong(network, work, seconds):
                print(f"| {ranks} | {rows} | {1e3 * took:.2f} | {faster:.2f} | {100 * waiting:.0f} % |")
            print(f"\n{name} network, work {work}, as many rows on each rank\n\n| ranks | rows of a batch | ms a step | efficiency | 10¹² rows, an epoch |\n|---:|---:|---:|---:|---:|")
            for ranks, rows, took, efficiency, waiting in weak(network, work, seconds):
                if ranks in (1, 2, 8, 64, 512, 4096, 16384):
                    hours = 1e12 / rows * took / 3600
                    print(f"| {ranks:,} | {rows:,} | {1e3 * took:.2f} | {100 * efficiency:.0f} % | {hours:,.0f} h |")


if __name__ == "__main__":
    main()
