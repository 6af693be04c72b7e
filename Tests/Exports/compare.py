"""Exports drawn at random, as ONNX Runtime and a C compiler's output answer them, against nn's own answers."""

import argparse
import csv
import datetime
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from .draw import Case

TOLERANCE = 1e-5


def write_table(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_table(text):
    rows = list(csv.reader(text.splitlines()))
    return {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}


class Difference(Exception):
    pass


def compare_numbers(name, ours, theirs):
    """By the largest number of the column: one near 0 among thousands is a difference of thousands."""
    worst = 0.0
    size = max(1.0, max(abs(float(a)) for a in ours))
    for row, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        a, b = float(a), float(b)
        far = abs(a - b) / size
        if not far <= TOLERANCE:
            raise Difference(f"{name}, row {row + 1}: nn says {a}, the export {b}")
        worst = max(worst, far)
    return worst


def compare_labels(case, ours, labels, table):
    """Labels may differ only where two classes are equal but for rounding."""
    for row, (a, b) in enumerate(zip(ours, labels, strict=True)):
        if a != b and case.threshold and abs(table[row][1] - case.threshold) <= TOLERANCE:
            continue
        if a != b and abs(table[row][case.classes_sorted.index(a)] - table[row][case.classes_sorted.index(b)]) > TOLERANCE:
            raise Difference(f"label, row {row + 1}: nn says {a}, the export {b}")


def check_answers(case, ours, answers):
    """`answers`: a list for each target, or `label` and the table."""
    if case.task == "numbers":
        return max(compare_numbers(name, ours[name], answers[name]) for name in case.targets)
    head = "margin" if case.task == "margins" else "p"
    case.classes_sorted = [name[len(head) + 1:-1] for name in ours if name.startswith(head + "(")]
    table = answers["margins" if case.task == "margins" else "probabilities"]
    worst = 0.0
    for place, label in enumerate(case.classes_sorted):
        worst = max(worst, compare_numbers(f"{head}({label})", ours[f"{head}({label})"], [row[place] for row in table]))
    compare_labels(case, ours["y"], answers["label"], table)
    return worst


def date_parts(case, text):
    if not text:
        return None
    day = case.dates[text]
    days = (day - datetime.datetime(1970, 1, 1)).total_seconds() / 86400
    return {
        "year": day.year, "month": day.month, "day": day.day, "weekday": day.isoweekday(),
        "yearday": day.timetuple().tm_yday, "hour": day.hour, "minute": day.minute, "second": day.second, "days": days,
    }


def run_onnx(case, path):
    import numpy
    import onnx
    import onnxruntime

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = list(case.columns)
    feeds = {}
    for value in session.get_inputs():
        assert value.shape[1:] == [1], value.shape
        if value.name in case.columns:
            cells = [row[names.index(value.name)] for row in case.new]
            if value.type == "tensor(string)":
                feeds[value.name] = numpy.array(cells, dtype=object).reshape(-1, 1)
            else:
                feeds[value.name] = numpy.array(
                    [float(c) if c else math.nan for c in cells], dtype=numpy.float32).reshape(-1, 1)
        else:
            column, part = value.name.rsplit(".", 1)
            parts = [date_parts(case, row[names.index(column)]) for row in case.new]
            feeds[value.name] = numpy.array(
                [p[part] if p else math.nan for p in parts], dtype=numpy.float32).reshape(-1, 1)
    outputs = [value.name for value in session.get_outputs()]
    results = dict(zip(outputs, session.run(outputs, feeds)))
    answers = {}
    for name, value in results.items():
        if name == "label":
            assert value.shape == (len(case.new),), value.shape
            answers[name] = list(value)
        elif case.task == "numbers":
            assert value.shape == (len(case.new), 1), value.shape
            answers[name] = list(value.ravel())
        else:
            assert value.shape == (len(case.new), len(case.classes)), value.shape
            answers[name] = value.tolist()
    return answers


def catalog():
    """What has to be drawn: every activation and layer of the reference, which is made from the catalog, and every preparation."""
    pages = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference"
    names = set()
    for page in ["activations", "layers"]:
        names |= set(re.findall(r"^## `(\w+)`, an? (?:activation|layer)$", (pages / f"{page}.md").read_text(), re.M))
    # How many inputs there are, the data says.
    names -= {"input"}
    return names | {
        "scale standard", "scale minmax", "scale robust", "scale quantile", "impute mean", "impute median", "impute mode",
        "impute 0", "indicator", "encode onehot", "encode ordinal", "order", "min_frequency", "max_categories", "encode hash",
        "encode date", "cyclic", "parts", "balance", "calibrate temperature", "calibrate platt", "threshold 0", "ensemble",
    }


def run_case(case, nn, folder, forms):
    header = list(case.columns) + case.targets
    if any("encode hash" in line for line in case.script):
        # Which ONNX cannot say.
        forms = [form for form in forms if form != "onnx"]
    write_table(folder / "train.csv", header, case.rows)
    write_table(folder / "new.csv", list(case.columns), [row[: len(case.columns)] for row in case.new])
    saves = "".join(f" | save model.{form}" for form in ["safetensors", *forms])
    source = "\n".join(case.script) + saves
    (folder / "case.nn").write_text(source, encoding="utf-8")
    result = subprocess.run([nn, "run", "--quiet", "case.nn"], cwd=folder, capture_output=True, text=True)
    if "E1081" in result.stderr:
        # A network that has learned nothing is not calibrated.
        source = re.sub(r"^calibrate \w+", "print uncalibrated", source, flags=re.M)
        (folder / "case.nn").write_text(source, encoding="utf-8")
        result = subprocess.run([nn, "run", "--quiet", "case.nn"], cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        raise Difference(f"nn: {result.stderr}")
    result = subprocess.run(
        [nn, "predict", "model.safetensors", "new.csv", "--proba"], cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        raise Difference(f"nn predict: {result.stderr}")
    ours = read_table(result.stdout)
    worst = {}
    if "onnx" in forms:
        worst["onnx"] = check_answers(case, ours, run_onnx(case, str(folder / "model.onnx")))
    if "c" in forms:
        from .c_model import run_c

        for compiler in ["gcc", "clang"]:
            if shutil.which(compiler):
                worst[compiler] = check_answers(case, ours, run_c(case, folder, compiler))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nn", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forms", default="onnx,c")
    parser.add_argument("--keep", help="a folder for the cases that fail")
    options = parser.parse_args()
    nn = str(pathlib.Path(options.nn).resolve())
    failed = 0
    worst = {}
    missing = catalog()
    for seed in range(options.seed, options.seed + options.count):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="nn-export-"))
        case = Case(seed)
        text = "\n".join(case.script)
        missing = {name for name in missing if not re.search(rf"\b{name}\b", text)}
        try:
            for form, far in run_case(case, nn, folder, options.forms.split(",")).items():
                worst[form] = max(worst.get(form, 0.0), far)
        except Exception as error:  # every case is to be told of
            failed += 1
            print(f"seed {seed}: {type(error).__name__}: {error}", flush=True)
            if options.keep:
                shutil.copytree(folder, pathlib.Path(options.keep) / str(seed), dirs_exist_ok=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.count - failed} of {options.count} agree to {TOLERANCE}")
    for form, far in worst.items():
        print(f"  {form}: farthest {far:.1e}")
    # Fewer networks cannot have everything.
    if options.count >= 200:
        print(f"never drawn: {', '.join(sorted(missing)) or 'nothing of the catalog'}")
    sys.exit(1 if failed or (missing and options.count >= 200) else 0)


if __name__ == "__main__":
    main()
