"""Hostile: every fuzz target for a little while, from the corpora that are kept. The hours are in docs/reliability.md."""

import os
import re

from ..harness import ROOT, Line, command


def scenario(bench):
    seconds = os.environ.get("FUZZ", "24")
    line = Line(f"hostile: fuzz targets, {seconds} s in all (inputs)")
    status, text = command(["Fuzz/run", seconds])
    counts = [int(count) for count in re.findall(r"stat::number_of_executed_units:\s*(\d+)", text)]
    targets = re.findall(r"^== (\w+), ", text, re.MULTILINE)
    line.trials = sum(counts)
    line.notes.append(", ".join(targets))
    if status != 0 or len(counts) != len(targets) or not counts:
        line.losses.append(f"status {status}: {text[-400:]}")
    return [line]
