"""Two fits bound by `let`, side by side, beside the same two one after the other: time, digests and order.

    python Benchmarks/futures.py [--nn .build/release/nn] [--rounds 9] [--epochs 20]

Both scripts run in turn, so that the machine's moods meet both alike; what is told are medians. On a machine that others use, a
scheduler may give all threads of a program together what it gives one of another's: `chrt -r 1` in front of the command keeps
both cores for it. The exit status is 1 where the
two do not print the same, byte for byte but for the times.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """data "{table}" target=price | split test=20% seed=1 | scale standard
model < dense 64 relu; dense 64 relu; output > | compile lr=0.001 metrics=[mae]
let start = compile lr=0.001 metrics=[mae]
"""
SIDE_BY_SIDE = HEAD + """let a = $start | fit epochs={epochs} seed=1 | evaluate
let b = $start | fit epochs={epochs} seed=2 | evaluate
"""
ONE_AFTER_ANOTHER = HEAD + """$start | fit epochs={epochs} seed=1 | evaluate
$start | fit epochs={epochs} seed=2 | evaluate
"""


def run(nn, script):
    """Seconds, and what was printed."""
    start = time.perf_counter()
    done = subprocess.run([nn, "run", "--quiet", script], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    return seconds, re.sub(r"(epoch \d+, )[0-9.]+ (ms|s|min)", r"\1TIME", done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nn", default=str(ROOT / ".build/release/nn"))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scripts = {}
        for name, text in [("side by side", SIDE_BY_SIDE), ("one after another", ONE_AFTER_ANOTHER)]:
            scripts[name] = Path(folder, name.replace(" ", "-") + ".nn")
            scripts[name].write_text(text.format(table=ROOT / "scripts/diamonds.csv", epochs=options.epochs))
        seconds = {name: [] for name in scripts}
        printed = {}
        for _ in range(options.rounds):
            for name, script in scripts.items():
                taken, text = run(options.nn, str(script))
                seconds[name].append(taken)
                printed.setdefault(name, text)
                if printed[name] != text:
                    sys.exit(f"{name}: two runs do not print the same")
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, values in seconds.items():
        print(f"{name:18} {medians[name]:6.2f} s  ({min(values):.2f} to {max(values):.2f})")
    ratios = [a / b for a, b in zip(seconds["side by side"], seconds["one after another"])]
    print(f"ratio              {statistics.median(ratios):6.2f}    on {os.cpu_count()} cores")
    if printed["side by side"] != printed["one after another"]:
        sys.exit("the two do not print the same")
    print("the same digests, in the same order:")
    for digest in re.findall(r"weights (\w+)", printed["side by side"]):
        print(f"  {digest}")


if __name__ == "__main__":
    main()
