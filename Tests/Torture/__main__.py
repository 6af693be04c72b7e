"""Drives the release binary through what a machine does to a program, and prints a table of trials and losses.

From Tests: python3 -m Torture --nn ../.build/release/nn [--trials 200] [--only killed,full,…] [--seed 0] [--short]
The standard library is all it needs. Status 1: something was lost.
"""

import argparse
import importlib
import random
import signal
import sys
import time

from .harness import Bench

SCENARIOS = ["killed", "full", "stopped", "diverged", "hostile", "fuzz", "sanitized", "long", "verified", "numbers"]
# For a minute: what takes no build of its own.
SHORT = [name for name in SCENARIOS if name not in ("fuzz", "sanitized", "numbers")]


def main():
    parser = argparse.ArgumentParser(prog="torture")
    parser.add_argument("--nn", required=True)
    parser.add_argument("--trials", type=int, default=200, help="kills in all; the rest is scaled by it")
    parser.add_argument("--only", default="", help=f"of {', '.join(SCENARIOS)}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--short", action="store_true", help="a minute: fewer fits and rows, too")
    options = parser.parse_args()

    # Who runs this in the background, or by nohup, has signals ignored, and what it starts would ignore them, too.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)

    lines = []
    names = options.only.split(",") if options.only else SHORT if options.short else SCENARIOS
    for name in names:
        bench = Bench(options.nn, options.trials, random.Random(f"{options.seed} {name}"), options.short)
        begun = time.monotonic()
        print(f"== {name}", flush=True)
        found = importlib.import_module(f".scenarios.{name}", __package__).scenario(bench)
        for line in found:
            print(f"  {line.name}: {line.trials} trials, {len(line.losses)} lost", flush=True)
        print(f"   {time.monotonic() - begun:.0f} s", flush=True)
        lines += found

    print("\n| | trials | lost | |\n|---|---|---|---|")
    for line in lines:
        print(f"| {line.name} | {line.trials:,} | {len(line.losses)} | {'; '.join(line.notes)} |")
    lost = [(line.name, loss) for line in lines for loss in line.losses]
    for name, loss in lost:
        print(f"lost: {name}: {loss}", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
