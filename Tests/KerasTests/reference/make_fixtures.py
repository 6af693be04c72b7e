"""Runs the real Keras on every case and writes Fixtures/*.json, one file a kind.

    python -m reference.make_fixtures [WORD …]

With words only the cases whose kind or name has one of them run, and those that are new or whose text has changed;
the others are kept as they are.
"""

import json
import re
import sys
import time
from pathlib import Path

from .backend import VERSIONS
from . import cases, encode, fixtures, points, signatures, tables

FOLDER = Path(__file__).resolve().parent.parent / "Fixtures"


def kept_lines(path):
    """A file's weights and cases, as text by name."""
    weights, cases = {}, {}
    for row in path.read_text().splitlines() if path.exists() else []:
        if match := re.match(r'"([0-9a-f]{8})":(.*?),?$', row):
            weights[match[1]] = match[2]
        elif row.startswith('{"name"'):
            row = row.rstrip(",")
            cases[json.loads(row)["name"]] = row
    return weights, cases


def write(path, text):
    path.write_text(text)
    print(f"{path.name}: {path.stat().st_size:,} bytes", flush=True)


def make_kind(kind, specs, words, problems):
    path = FOLDER / f"{kind}.json"
    known, kept = kept_lines(path) if words else ({}, {})
    rows, weights = [], {}
    for spec in specs:
        wanted = any(word in kind or word in spec["name"] for word in words)
        row = kept.get(spec["name"])
        if row and not wanted and fixtures.texts(spec).items() <= json.loads(row).items():
            initial = json.loads(row)["initial"]
            weights[initial] = known[initial]
            rows.append(row)
            continue
        started = time.monotonic()
        try:
            fixture, initial = fixtures.make(spec)
        except Exception as problem:  # The others are still worth having.
            problems.append(f"{kind}: {spec['name']}: {type(problem).__name__} {problem}")
            continue
        weights[fixture["initial"]] = encode.encode(initial)
        rows.append(encode.encode(fixture))
        print(f"{kind}: {spec['name']}: twins differ by {fixture['twin']:.1e}, {time.monotonic() - started:.1f} s", flush=True)
    write(path, encode.lines({"versions": VERSIONS}, {"weights": weights, "cases": rows}))


def main():
    words = sys.argv[1:]
    problems = []
    FOLDER.mkdir(exist_ok=True)
    columns = {
        name: {column: list(map(float, values)) for column, values in table.items()}
        for name, table in tables.TABLES.items()
    }
    write(FOLDER / "tables.json", encode.encode({"tables": columns}) + "\n")
    write(FOLDER / "points.json", points.make())
    write(FOLDER / "signatures.json", signatures.make())
    for kind, specs in cases.all_cases().items():
        make_kind(kind, specs, words, problems)
    if problems:
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    main()
