"""Predicting as a filter, beside the CSV scanner alone: `cat new.csv | nn predict model.safetensors -`, 1,000,000 rows of 20 numbers.

    python Benchmarks/filter.py [--nn .build/release/nn] [--rounds 5] [--write]

Both are whole processes, in turn: the scanner's reads the table (`data new.csv`), with its types and its header, and ends. Peak
memory is that of the filter, for the table and for a tenth of it. With `--write` the table goes into docs/exports.md, behind its marker.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKER = "<!-- written by Benchmarks/filter.py --write -->"
END = "<!-- end -->"
TRAIN = """data "{table}" target=x19 | scale standard
model < dense 32 relu; output > | fit epochs=2 seed=1
save "{model}"
"""


def table(path, rows):
    draw = random.Random(1).random
    with open(path, "w") as file:
        file.write(",".join(f"x{column}" for column in range(20)) + "\n")
        for _ in range(rows):
            file.write(",".join([f"{draw():.7f}" for _ in range(20)]) + "\n")


def call(command, source, answers):
    """Seconds, and peak memory in MiB of the one process."""
    start = time.perf_counter()
    with open(answers, "w") as output:
        feed = subprocess.Popen(["cat", str(source)], stdout=subprocess.PIPE) if source else None
        process = subprocess.Popen(
            command, stdin=feed.stdout if feed else subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL)
        if feed:
            feed.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if feed:
            feed.wait()
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return seconds, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nn", default=str(ROOT / ".build/release/nn"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large, model, answers = (Path(folder, name) for name in ["small.csv", "large.csv", "m.safetensors", "a.csv"])
        table(small, options.rows // 10)
        table(large, options.rows)
        subprocess.run([options.nn, "-e", TRAIN.format(table=small, model=model), "--quiet"], check=True)
        filter = [options.nn, "predict", str(model), "-"]
        scan = [options.nn, "-e", f'data "{large}" target=x19', "--quiet"]
        seconds = {"scan": [], "filter": []}
        for _ in range(options.rounds):
            seconds["scan"].append(call(scan, None, answers))
            seconds["filter"].append(call(filter, large, answers))
            with open(answers) as file:
                if sum(1 for _ in file) != options.rows + 1:
                    sys.exit("filter.py: not every row was answered")
        little = call(filter, small, answers)[1]
        size = large.stat().st_size / 1e6
    lines = [
        f"| {size:.0f} MB, {options.rows:,} × 20 numbers, a network 19-32-1 | seconds | MB a second | peak memory, MiB |",
        "|---|---|---|---|",
    ]
    for name, label in [("scan", "the CSV scanner, table kept"), ("filter", "`cat new.csv \\| nn predict model.safetensors -`")]:
        taken = statistics.median(pair[0] for pair in seconds[name])
        memory = max(pair[1] for pair in seconds[name])
        lines.append(f"| {label} | {taken:.2f} | {size / taken:.0f} | {memory:.0f} |")
    lines.append(f"| the same, of a tenth of the rows | | | {little:.0f} |")
    share = statistics.median(p[0] for p in seconds["scan"]) / statistics.median(p[0] for p in seconds["filter"])
    lines += ["", f"The filter reaches {share:.2f} of the scanner's speed; medians of {options.rounds} rounds, whole processes, {os.cpu_count()} cores."]
    print("\n".join(lines))
    if options.write:
        page = ROOT / "docs/exports.md"
        text = page.read_text()
        head, rest = text.split(MARKER)
        page.write_text(head + MARKER + "\n\n" + "\n".join(lines) + "\n\n" + END + rest.split(END, 1)[1])


if __name__ == "__main__":
    main()
