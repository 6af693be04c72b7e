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


def dots(steps, path):
    """For each work how many times nn's step the peers' steps take: dots, as a bar has no beginning on a logarithmic axis."""
    figure, axes = plt.subplots(len(steps), 1, sharex=True, figsize=(8, 0.28 * sum(map(len, steps.values())) + 1), squeeze=False,
                                gridspec_kw={"height_ratios": [len(values) for values in steps.values()]})  # fmt: skip
    for axis, (work, values) in zip(axes[:, 0], steps.items()):
        own = values["nn"]
        rows = [(name, value / own) for name, value in values.items() if value and name != "nn, one thread"][::-1]
        for place, (name, ratio) in enumerate(rows):
            axis.hlines(place, 1, ratio, color=colour(name), linewidth=1.5)
            axis.plot(ratio, place, "o", color=colour(name))
            label = f"{own:,.3g} µs a step" if name == "nn" and own < 1000 else f"{own / 1000:,.3g} ms a step" if name == "nn" else f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.3g} ×"
            axis.annotate(label, (ratio, place), xytext=(7, -3.5), textcoords="offset points", fontsize=9)
        axis.set_yticks(range(len(rows)), [name for name, _ in rows])
        axis.set_ylim(-0.7, len(rows) - 0.3)
        axis.set_ylabel(work, rotation=0, labelpad=14, fontsize=12, fontweight="bold", va="center")
        axis.set_xscale("log")
        axis.set_xlim(0.9, 4000)
        axis.axvline(1, color=GREY, linewidth=0.6)
        axis.tick_params(axis="y", length=0)
    axes[-1, 0].set_xticks([1, 10, 100, 1000], ["1 ×", "10 ×", "100 ×", "1,000 ×"])
    axes[-1, 0].minorticks_off()
    axes[-1, 0].set_xlabel("time of a training step, as a multiple of nn's")
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
        dots(results["steps"], folder / "benchmarks-steps.svg")
    for name, curve in results["curves"].items():
        lines(curve, folder / f"benchmarks-{name}.svg")


main()
