"""Drives nn-mpi under mpirun, and compares what any number of ranks give.

From Tests: python3 -m Ranks --nn ../.build/release/nn-mpi [--only digests,killed,mistakes] [--ranks 1,2,4,8] [--threads 1,2] [--kills 200]
Status 1: something differed or was lost. docs/scale.md has the figures, and `Ranks.network` measures between hosts.
"""

import argparse
import random
import signal
import sys
import time

from . import digests, killed, mistakes
from .job import Bench


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(prog="ranks")
    parser.add_argument("--nn", required=True)
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--only", default="digests,mistakes,killed")
    parser.add_argument("--ranks", type=numbers, default=[1, 2, 4, 8])
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    # Who runs this in the background has SIGINT ignored, and what it starts would ignore it, too.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    bench = Bench(options.nn, options.mpirun, random.Random(options.seed))
    for name in options.only.split(","):
        begun = time.monotonic()
        print(f"== {name}", flush=True)
        if name == "digests":
            digests.scenario(bench, options.ranks, options.threads)
        elif name == "killed":
            killed.scenario(bench, options.kills)
        elif name == "mistakes":
            mistakes.scenario(bench)
        else:
            parser.error(f"there is no scenario {name}")
        print(f"   {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{bench.trials} trials, {len(bench.losses)} lost")
    return 1 if bench.losses else 0


if __name__ == "__main__":
    sys.exit(main())
