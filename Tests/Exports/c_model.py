"""Compiles an exported C file, with warnings as errors, and calls it row by row."""

import ctypes
import math
import re
import subprocess

FLAGS = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]


def compile_and_check(folder, compiler, name="model"):
    """The self-test runs, and so does a library of it."""
    commands = [
        [compiler, *FLAGS, "-DNN_SELF_TEST", "-o", f"self_test_{compiler}", f"{name}.c", "-lm"],
        [f"./self_test_{compiler}"],
        [compiler, *FLAGS, "-shared", "-fPIC", "-o", f"{name}_{compiler}.so", f"{name}.c", "-lm"],
    ]
    for command in commands:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {result.stdout[:1500]}{result.stderr[:1500]}")
    return ctypes.CDLL(str(folder / f"{name}_{compiler}.so"))


def structures(source, name):
    """The two structures, as the source declares them: fields in their order."""
    def fields(kind):
        text = re.search(r"typedef struct \{\n((?:[^}]*))\} %s_%s;" % (name, kind), source).group(1)
        result = []
        for line in text.splitlines():
            match = re.match(r"\s*(float|int|const char \*)\s*(\w+)(?:\[(\d+)\])?;", line)
            type_ = {"float": ctypes.c_float, "int": ctypes.c_int}.get(match[1], ctypes.c_char_p)
            result.append((match[2], type_ * int(match[3]) if match[3] else type_))
        return result

    row = type("Row", (ctypes.Structure,), {"_fields_": fields("input")})
    answer = type("Answer", (ctypes.Structure,), {"_fields_": fields("output")})
    return row, answer


def run_c(case, folder, compiler):
    library = compile_and_check(folder, compiler)
    source = (folder / "model.c").read_text(encoding="utf-8")
    Row, Answer = structures(source, "model")
    predict = library.model_predict
    answers = {name: [] for name in case.targets} if case.task == "numbers" else {"label": [], "table": []}
    if case.task != "numbers":
        labels = (ctypes.c_char_p * len(case.classes)).in_dll(library, "model_classes")
    for cells in case.new:
        row, answer = Row(), Answer()
        for (field, type_), text in zip(Row._fields_, cells):
            if type_ is ctypes.c_float:
                setattr(row, field, float(text) if text else math.nan)
            else:
                setattr(row, field, text.encode() or None)
        status = predict(ctypes.byref(row), ctypes.byref(answer))
        if status != 0:
            raise RuntimeError(f"field {status} is missing")
        if case.task == "numbers":
            for name, (field, _) in zip(case.targets, Answer._fields_):
                answers[name].append(getattr(answer, field))
        else:
            answers["label"].append(labels[answer.label].decode())
            answers["table"].append(list(getattr(answer, Answer._fields_[1][0])))
    if case.task != "numbers":
        answers["margins" if case.task == "margins" else "probabilities"] = answers.pop("table")
    return answers
