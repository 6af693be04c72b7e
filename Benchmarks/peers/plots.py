"""Draws the pictures of docs/benchmarks.md from a run's numbers: plots.py RESULTS.json FOLDER."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# Okabe and Ito's colours, told apart by colour-blind readers too; mid tones, to be seen on light and dark pages.
COLOURS = {"nn": "#D55E00", "JAX": "#0072B2", "PyTorch": "#009E73", "Keras": "#CC79A7", "scikit-learn": "#E69F00"}
GREY = "#808080"
plt.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "nn", "font.size": 10, "text.color": GREY, "axes.labelcolor": GREY,
    "axes.edgecolor": GREY, "xtick.color": GREY, "ytick.color": GREY, "axes.spines.top": False, "axes.spines.right": False,
    "savefig.transparent": True, "legend.frameon": False,
})  # fmt: skip


def colour(name):
    return next((value for key, value in COLOURS.items() if name.startswith(key)), GREY)


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def bars(steps, path):
    """Each work's step, the peers' as multiples of nn's."""
    figure, axes = plt.subplots(1, len(steps), figsize=(10, 3.2))
    for axis, (work, values) in zip(axes if len(steps) > 1 else [axes], steps.items()):
        rows = [(name, value) for name, value in values.items() if value and name != "nn, one thread"]
        rows.reverse()
        axis.barh([name for name, _ in rows], [value for _, value in rows], color=[colour(name) for name, _ in rows])
        axis.set_xscale("log")
        axis.set_title(work, color=GREY, fontsize=10)
        axis.set_xlabel("µs a step")
        if axis is not (axes if len(steps) == 1 else axes[0]):
            axis.set_yticklabels([])
    save(figure, path)


def lines(curve, path):
    figure, axis = plt.subplots(figsize=(6, 3.6))
    for name, values in curve["series"].items():
        points = [(x, y) for x, y in zip(curve["points"], values) if y]
        axis.plot([x for x, _ in points], [y for _, y in points], marker="o", color=colour(name), label=name)
    axis.set_xscale("log", base=2 if curve["points"][0] < 1000 else 10)
    axis.set_yscale("log")
    axis.set_xticks(curve["points"], [f"{point:,}" for point in curve["points"]])
    axis.minorticks_off()
    axis.set_xlabel(curve["axis"])
    axis.set_ylabel(curve["unit"])
    axis.legend()
    save(figure, path)


def main():
    results = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(sys.argv[2])
    if results["steps"]:
        bars(results["steps"], folder / "benchmarks-steps.svg")
    for name, curve in results["curves"].items():
        lines(curve, folder / f"benchmarks-{name}.svg")


main()
