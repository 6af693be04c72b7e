"""Runs nn and its peers on the same works, in turn, and writes what came out: a table, and docs/benchmarks.md with its plots.

    python Benchmarks/run.py --peers PYTHON [--keras PYTHON] [--rounds 5] [--works A,B,C,D,E,F,process] [--curves] [--write]

PYTHON has torch, jax, scikit-learn, onnx, onnxruntime, pandas, polars and duckdb; the one for Keras has keras and
tensorflow. What is not installed is left out, and the table says so. Each round runs every program once, one after the other, so
that the machine's moods meet all alike; the table has medians over rounds and the spread from the fastest to the slowest.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BENCH = HERE / ".build/release/nn-bench"
NN = ROOT / ".build/release/nn"
STEP_WORKS = ["A", "B", "C", "D"]
TITLES = {
    "A": "4-6-6-2 relu, MAE, SGD, batch 32",
    "B": "13-64-64-1 relu, MSE, Adam, batch 32",
    "C": "784-512-512-10 relu, cross-entropy, Adam, batch 128",
    "D": "1024-2048-2048-1024 relu, MSE, SGD, batch 512",
}


def run(command, timeout=900):
    """The JSON object on the last line of a program's output; None if it could not be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=HERE / "peers")
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.TimeoutExpired, IndexError, ValueError):
        return None


# A process's peak memory counts from that of the process it was made by, so a small one makes it.
MEASURE = """
import os, sys, time
null = os.open(os.devnull, os.O_RDWR)
start = time.perf_counter()
files = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=files)
_, status, usage = os.wait4(child, 0)
print('{"seconds": %r, "mib": %r, "status": %d}' % (time.perf_counter() - start, usage.ru_maxrss / 1024, status))
"""


def timed(command, folder):
    """Wall seconds and peak memory in MiB of a whole process; None if it failed."""
    try:
        done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, *command], capture_output=True, text=True, cwd=folder)
        result = json.loads(done.stdout)
    except (OSError, ValueError):
        return None
    return result if result["status"] == 0 else None


def step_programs(options, work):
    peers = HERE / "peers"
    programs = {"nn": [str(BENCH), work], "nn, one thread": [str(BENCH), work, "1"]}
    if options.peers:
        programs["JAX, jit and scan"] = [options.peers, str(peers / "jax_step.py"), work]
        programs["PyTorch, eager, fused"] = [options.peers, str(peers / "torch_step.py"), work]
        if work in ("C", "D") and shutil.which("c++"):
            programs["PyTorch, compiled"] = [options.peers, str(peers / "torch_step.py"), work, "--compile"]
        programs["scikit-learn"] = [options.peers, str(peers / "sklearn_step.py"), work]
    if options.keras:
        programs["Keras, TensorFlow"] = [options.keras, str(peers / "keras_step.py"), work]
    return programs


def rounds_of(programs, options, key, most=None):
    """Each program's values of a key over the rounds, the programs in turn."""
    values = {name: [] for name in programs}
    for _ in range(min(options.rounds, most or options.rounds)):
        for name, command in programs.items():
            result = run(command)
            if result:
                values[name].append(result[key])
    return values


def spread(values):
    return statistics.median(values), min(values), max(values)


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def step_table(options, work):
    values = rounds_of(step_programs(options, work), options, "step_us")
    nn = statistics.median(values["nn"])
    lines = [f"**{work}**: {TITLES.get(work, work)}", "", "| | µs a step | from | to | nn is faster by |", "|---|---|---|---|---|"]
    for name, times in values.items():
        if not times:
            lines.append(f"| {name} | not run | | | |")
            continue
        middle, low, high = spread(times)
        ratio = "" if name.startswith("nn") else f"{middle / nn:.2f} ×"
        lines.append(f"| {name} | {number(middle)} | {number(low)} | {number(high)} | {ratio} |")
    return lines, values


def inference_table(options):
    programs = {"nn": [str(BENCH), "E"]}
    work = Path(tempfile.mkdtemp())
    if options.peers:
        binary = work / "ort_infer"
        library = subprocess.run(
            [options.peers, "-c", "import onnxruntime, glob; print(glob.glob(onnxruntime.__path__[0] + '/capi/libonnxruntime.so*')[0])"],
            capture_output=True, text=True).stdout.strip()  # fmt: skip
        subprocess.run([options.peers, str(HERE / "peers/ort_models.py"), str(work)], capture_output=True)
        built = subprocess.run(
            ["cc", "-O2", "-w", str(HERE / "peers/ort_infer.c"), "-ldl", "-o", str(binary)], capture_output=True)  # fmt: skip
        if built.returncode == 0 and library:
            programs["ONNX Runtime, C API"] = [str(binary), library, str(work), str(os.cpu_count())]
    results = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, command in programs.items():
            result = run(command)
            if result:
                results[name].append(result)
    shutil.rmtree(work, ignore_errors=True)
    lines = [
        "**E**: predicting with C's network 60,000 rows, and one row of A and of C (in process; rows by one thread, and of C by all)", "",
        "| | rows a second | one row of A, µs | one row of C, µs | by all threads |", "|---|---|---|---|---|"]  # fmt: skip
    for name, all_results in results.items():
        if all_results:
            cells = [statistics.median(r[key] for r in all_results) for key in ("rows_per_second", "one_row_a_us", "one_row_c_us", "one_row_c_all_us")]
            lines.append(f"| {name} | " + " | ".join(number(cell) for cell in cells) + " |")
    return lines


def process_table(options):
    folder = Path(tempfile.mkdtemp())
    source = (ROOT / "scripts/data.csv").read_text().splitlines()
    rows = (source[1:] * 3)[:1000]
    (folder / "data.csv").write_text("\n".join([source[0]] + rows) + "\n")
    sentence = "model < dense 6 relu input 4; dense 6 relu; dense 2 > compile loss=mae opt=sgd; fit data.csv epochs=100 seed=42"
    programs = {"nn": [str(NN), "-e", sentence]}
    fann = folder / "fann"
    if subprocess.run(["cc", "-O2", str(HERE / "peers/fann_sentence.c"), "-lfann", "-lm", "-o", str(fann)], capture_output=True).returncode == 0:
        programs["FANN"] = [str(fann), "data.csv"]
    if options.peers:
        programs["scikit-learn"] = [options.peers, str(HERE / "peers/sklearn_sentence.py"), "data.csv"]
    if options.keras:
        programs["Keras, TensorFlow"] = [options.keras, str(HERE / "peers/keras_sentence.py"), "data.csv"]
    return process_rows(
        "**A as a whole process**: start, read 1,000 rows, train 100 epochs, end", programs, folder, options)  # fmt: skip


def csv_table(options):
    folder = Path(tempfile.mkdtemp())
    draw = random.Random(1)
    header = ",".join(f"x{column}" for column in range(20))
    line = lambda: ",".join(f"{draw.uniform(-1000, 1000):.5f}" for _ in range(20))
    block = "".join(line() + "\n" for _ in range(10_000))
    with open(folder / "f.csv", "w") as file:
        file.write(header + "\n")
        for _ in range(100):
            file.write(block)
    size = (folder / "f.csv").stat().st_size / 1e6
    programs = {"nn": [str(NN), "-e", "data f.csv target=x19"]}
    for reader in ("pandas", "polars", "duckdb") if options.peers else ():
        programs[reader] = [options.peers, str(HERE / "peers/csv_read.py"), reader, "f.csv"]
    return process_rows(
        f"**F**: a CSV of {size:.0f} MB, 1,000,000 × 20 numbers, to float32 as a whole process", programs, folder, options)  # fmt: skip


def process_rows(title, programs, folder, options):
    results = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, command in programs.items():
            result = timed(command, folder)
            if result:
                results[name].append(result)
    shutil.rmtree(folder, ignore_errors=True)
    lines = [title, "", "| | seconds | from | to | peak memory, MiB |", "|---|---|---|---|---|"]
    for name, all_results in results.items():
        if not all_results:
            lines.append(f"| {name} | not run | | | |")
            continue
        middle, low, high = spread([r["seconds"] for r in all_results])
        memory = statistics.median(r["mib"] for r in all_results)
        lines.append(f"| {name} | {middle:.3g} | {low:.3g} | {high:.3g} | {memory:.0f} |")
    return lines


def curve(options, points, axis, unit, work_of):
    """Medians over sizes, nn beside JAX and PyTorch."""
    series = {"nn": [str(BENCH)]}
    if options.peers:
        series["JAX"] = [options.peers, str(HERE / "peers/jax_step.py")]
        series["PyTorch"] = [options.peers, str(HERE / "peers/torch_step.py")]
    values = {name: [] for name in series}
    for point in points:
        for name, command in series.items():
            values[name].append(None)
        times = rounds_of({name: command + work_of(point) for name, command in series.items()}, options, "step_us", most=3)
        for name in series:
            if times[name]:
                values[name][-1] = statistics.median(times[name])
        print(axis, point, {name: column[-1] for name, column in values.items()}, flush=True)
    return {"axis": axis, "unit": unit, "points": points, "series": values}


def curves(options):
    cores = os.cpu_count()
    found = {
        "width": curve(options, [8, 32, 128, 512, 2048, 4096], "units of both hidden layers (16-w-w-1, batch 32, Adam)",
                       "µs a step", lambda width: [f"width={width},batch=32"]),
        "batch": curve(options, [1, 8, 32, 256, 1024, 4096], "rows of a batch (16-64-64-1, Adam)", "µs a step",
                       lambda batch: [f"width=64,batch={batch}"]),
        "rows": curve(options, [1000, 10_000, 100_000, 1_000_000, 10_000_000], "rows (16-64-64-1, batch 256, Adam)",
                      "µs a step", lambda rows: [f"width=64,batch=256,rows={rows}"]),
    }  # fmt: skip
    saved, options.peers = options.peers, None
    for work in ("B", "C", "D"):
        name = f"threads-{work}"
        found[name] = curve(options, list(range(1, cores + 1)), f"threads ({work})", "µs a step", lambda count: [work, str(count)])
    options.peers = saved
    return found


def curve_tables(found):
    lines = []
    for name, curve in found.items():
        names = list(curve["series"])
        lines += [f"**{curve['unit']} over {curve['axis']}**", ""]
        if not name.startswith("threads"):
            lines += [f"![{curve['unit']} over {curve['axis']}](images/benchmarks-{name}.svg)", ""]
        lines += ["| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
        for index, point in enumerate(curve["points"]):
            cells = [curve["series"][each][index] for each in names]
            lines.append(f"| {point:,} | " + " | ".join(number(cell) if cell else "not run" for cell in cells) + " |")
        lines.append("")
    return lines


# Multiply-adds of a step's products: forward, by the weights, and by the input of every layer but the first.
WIDTHS = {"C": ([784, 512, 512, 10], 128), "D": ([1024, 2048, 2048, 1024], 512)}


def roofline(options, steps):
    """The share of the machine's multiply-adds that the products of C and D make use of."""
    binary = Path(tempfile.mkdtemp()) / "fma_peak"
    built = subprocess.run(["clang", "-O2", "-march=native", "-ffp-contract=fast", "-pthread", str(HERE / "peers/fma_peak.c"), "-o", str(binary)])
    peak = run([str(binary)]) if built.returncode == 0 else None
    if not peak:
        return []
    lines = [
        "**The roofline**: multiply-adds that the machine does in registers, and the share of it that a whole step of C and D reaches "
        "(products alone counted, everything else as lost time)", "",
        f"Peak: {peak['one']:,.0f} GFLOP/s on one core, {peak['all']:,.0f} on all.", "",
        "| | GFLOP a step | one thread | all threads |", "|---|---|---|---|"]  # fmt: skip
    for work, (widths, batch) in WIDTHS.items():
        if work not in steps:
            continue
        sizes = [a * b for a, b in zip(widths, widths[1:])]
        work_flop = 2 * batch * (3 * sum(sizes) - sizes[0])
        one, most = steps[work].get("nn, one thread"), steps[work].get("nn")
        cells = [f"{work_flop / time / 1e3:,.0f} GFLOP/s, {work_flop / time / 1e3 / top:.0%}" if time else "not run"
                 for time, top in ((one, peak["one"]), (most, peak["all"]))]  # fmt: skip
        lines.append(f"| {work} | {work_flop / 1e9:.2f} | " + " | ".join(cells) + " |")
    return lines


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    flags = next((l for l in open("/proc/cpuinfo") if l.startswith("flags")), "")
    vectors = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {vectors}"


def versions(python, names):
    code = "import importlib.metadata as m\nfor n in %r:\n  try: print(n, m.version(n))\n  except Exception: pass" % (names,)
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return ", ".join(done.stdout.split("\n")[:-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", help="a Python with the peers")
    parser.add_argument("--keras", help="a Python with Keras and TensorFlow")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--works", default="A,B,C,D,E,F,process")
    parser.add_argument("--curves", action="store_true", help="widths and batch sizes as well")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    for name in ("peers", "keras"):
        python = getattr(options, name)
        if python and "/" in python:
            # Programs run in folders of their own; a virtual environment's link must stay a link.
            setattr(options, name, os.path.abspath(python))
    works = options.works.split(",")
    parts = []
    steps = {}
    for work in works:
        if work in STEP_WORKS:
            lines, values = step_table(options, work)
            parts.append(lines)
            steps[work] = {name: statistics.median(times) if times else None for name, times in values.items()}
        elif work == "E":
            parts.append(inference_table(options))
        elif work == "F":
            parts.append(csv_table(options))
        elif work == "process":
            parts.append(process_table(options))
        else:
            sys.exit(f"run.py: no work {work}; those are {', '.join(STEP_WORKS)}, E, F and process")
        print("\n".join(parts[-1]), "\n", flush=True)
    if any(work in WIDTHS for work in steps):
        parts.append(roofline(options, steps))
        print("\n".join(parts[-1]), "\n", flush=True)
    found = curves(options) if options.curves else {}
    if found:
        parts.append(curve_tables(found))
    if options.write:
        head = (ROOT / "docs/benchmarks.md").read_text().split("<!-- written by")[0]
        peers = versions(options.peers, ["jax", "torch", "scikit-learn", "onnxruntime", "pandas", "polars", "duckdb"]) if options.peers else ""
        keras = versions(options.keras, ["keras", "tensorflow"]) if options.keras else ""
        body = [
            "<!-- written by Benchmarks/run.py --write -->", "",
            f"{time.strftime('%Y-%m-%d')}, {machine()}; {', '.join(filter(None, [peers, keras]))}; medians of {options.rounds} rounds.", ""]  # fmt: skip
        if options.peers and (steps or found):
            results = Path(tempfile.mkdtemp()) / "results.json"
            results.write_text(json.dumps({"steps": steps, "curves": found}))
            subprocess.run([options.peers, str(HERE / "peers/plots.py"), str(results), str(ROOT / "docs/images")], check=True)
            if steps:
                body += ["![µs a step in each work](images/benchmarks-steps.svg)", ""]
        body += ["\n".join(part) + "\n" for part in parts]
        (ROOT / "docs/benchmarks.md").write_text(head + "\n".join(body))


if __name__ == "__main__":
    main()
