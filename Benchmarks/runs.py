"""Many runs: a sweep on one thread and on two, the same grid in scikit-learn and Keras, and the memory of runs over one table.

    python Benchmarks/runs.py [--nn .build/release/nn] [--peers PYTHON] [--keras PYTHON] [--rounds 5] [--only threads|peers|memory] [--write]

- **Threads**: 64 small fits by `--threads 1` and `--threads 2` in turn; the digests must be the same.
- **Peers**: a grid of 4 rates and 4 widths over 4 folds, 64 fits again, as whole processes; of the peers also what the search
  alone took, imports left out. Keras takes minutes, and is measured once.
- **Memory**: peak resident memory of one fit over a table of 200 MB and of a sweep of 64.

With `--write` the tables go into docs/runs.md, behind its marker.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKER = "<!-- written by Benchmarks/runs.py --write -->"
SMALL = """data "{table}" target=price | split val=20% seed=1 | scale standard
sweep lr=[0.03, 0.01, 0.003, 0.001] width=[16, 32, 48, 64] batch=[32, 64] act=[relu, tanh] {{
  model < dense $width $act; output > | compile lr=$lr
  fit epochs=8 batch=$batch seed=1
}}
"""
GRID = """data "{table}" | scale standard
sweep lr=[0.03, 0.01, 0.003, 0.001] width=[4, 8, 16, 32] {{
  model < dense $width relu; output > | compile lr=$lr
  folds 4 {{ fit epochs={epochs} seed=1 }}
}}
"""
LARGE = """data "{table}" | split val=10% seed=1 | scale standard
{open}
model < dense 8 relu; output > | compile loss=mse lr={rate}
fit epochs=1 batch=4096 seed=1
{close}
"""


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{names[0] if names else 'an unknown processor'}, {os.cpu_count()} cores"


def call(command):
    """Seconds, peak memory in MiB, and what was printed."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return seconds, usage.ru_maxrss / 1024, text


def digests(text):
    for line in text.splitlines():
        event = json.loads(line)
        if event["event"] == "runs":
            return [run["digest"] for run in event["runs"]]
    return []


def threads(options, folder):
    script = Path(folder, "small.nn")
    script.write_text(SMALL.format(table=ROOT / "scripts/diamonds.csv"))
    seconds = {1: [], 2: []}
    for _ in range(options.rounds):
        found = {}
        for count in seconds:
            taken, _, text = call([options.nn, "run", "--json", "--threads", str(count), str(script)])
            seconds[count].append(taken)
            found[count] = digests(text)
        if found[1] != found[2] or len(found[1]) != 64:
            sys.exit("the digests differ")
    one, two = (statistics.median(seconds[count]) for count in (1, 2))
    return [
        "**64 small fits on one thread and on two**, as whole processes; the 64 digests are the same",
        "",
        "| | seconds | from | to | of one thread's |",
        "|---|---|---|---|---|",
        f"| one thread | {one:.3g} | {min(seconds[1]):.3g} | {max(seconds[1]):.3g} |  |",
        f"| two threads | {two:.3g} | {min(seconds[2]):.3g} | {max(seconds[2]):.3g} | {two / one:.2f} |",
        "",
    ]


def peers(options, folder):
    table = ROOT / "scripts/data.csv"
    # The last column alone is predicted, by all of them.
    script = Path(folder, "grid.nn")
    script.write_text(GRID.format(table=table, epochs=options.epochs).replace('csv" |', 'csv" target=acceleration_s |'))
    rows = {"nn": [], "scikit-learn": [], "Keras": []}
    alone = {"scikit-learn": [], "Keras": []}
    for round in range(options.rounds):
        rows["nn"].append(call([options.nn, "run", "--quiet", str(script)])[0])
        for name, python, file in [
            ("scikit-learn", options.peers, "sklearn_grid.py"), ("Keras", options.keras, "keras_grid.py")
        ]:
            if not python or (name == "Keras" and round > 0):
                continue
            taken, _, text = call([python, str(ROOT / "Benchmarks/peers" / file), str(table), str(options.epochs)])
            rows[name].append(taken)
            alone[name].append(float(text.split()[0]))
    nn = statistics.median(rows["nn"])
    lines = [
        f"**A grid of 16 settings over 4 folds**, 64 fits of {options.epochs} epochs on 392 rows",
        "",
        "| | seconds, whole process | the search alone | nn is faster by, search alone |",
        "|---|---|---|---|",
        f"| nn | {nn:.3g} |  |  |",
    ]
    for name, label in [("scikit-learn", "scikit-learn, GridSearchCV(n_jobs=2)"), ("Keras", "Keras, TensorFlow, in a loop")]:
        if rows[name]:
            search = statistics.median(alone[name])
            lines.append(f"| {label} | {statistics.median(rows[name]):.3g} | {search:.3g} | {search / nn:.0f} × |")
    return lines + [""]


def memory(options, folder):
    table = Path(folder, "large.csv")
    with open(table, "w") as file:
        file.write(",".join(f"x{column}" for column in range(20)) + "\n")
        state = 1
        for _ in range(1_000_000):
            values = []
            for _ in range(20):
                state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
                values.append(f"{(state >> 11) / (1 << 53):.7f}")
            file.write(",".join(values) + "\n")
    size = table.stat().st_size / 1e6
    peak = {}
    for name, words in [
        ("one fit", dict(open="", close="", rate="0.01")),
        (
            "64 runs",
            dict(
                open="sweep lr=[" + ", ".join(f"{0.0005 * (index + 1):.4f}" for index in range(64)) + "] {", close="}",
                rate="$lr",
            ),
        ),
    ]:
        script = Path(folder, "large.nn")
        script.write_text(LARGE.format(table=table, **words))
        _, peak[name], _ = call([options.nn, "run", "--quiet", str(script)])
    return [
        f"**Memory over one table** of {size:.0f} MB, 1,000,000 × 20 numbers",
        "",
        "| | peak, MiB | of one fit's |",
        "|---|---|---|",
        f"| one fit | {peak['one fit']:.0f} |  |",
        f"| a sweep of 64 runs | {peak['64 runs']:.0f} | {peak['64 runs'] / peak['one fit']:.2f} |",
        "",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nn", default=str(ROOT / ".build/release/nn"))
    parser.add_argument("--peers")
    parser.add_argument("--keras")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--only", choices=["threads", "peers", "memory"])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    parts = {"threads": threads, "peers": peers, "memory": memory}
    lines = [f"{time.strftime('%Y-%m-%d')}, {machine()}; medians of {options.rounds} rounds.", ""]
    with tempfile.TemporaryDirectory() as folder:
        for name, part in parts.items():
            if options.only in (None, name):
                lines += part(options, folder)
                print("\n".join(lines), flush=True)
    if options.write:
        page = ROOT / "docs/runs.md"
        text = page.read_text()
        head = text[: text.index(MARKER) + len(MARKER)]
        page.write_text(head + "\n\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
