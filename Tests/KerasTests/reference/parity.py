"""Networks drawn at random, trained in Keras and by the nn binary from the same weights on the same rows, and compared.

    python -m reference.parity --nn PATH [--count 500] [--seed 0]      as `make parity` does
    python -m reference.parity --nn PATH --seed 0 --draw 17 --keep DIR  one draw again, its files kept

nn makes the initial weights, Keras takes them from its file. A draw counts only where Keras agrees with its own twins,
on permuted features, to a tenth of the tolerance. Where nn then differs, Keras is asked eight times more, from weights
that are a rounding away: an optimizer that divides by the gradient's size makes steps of nothing but rounding. Each draw that disagrees is printed as a script with the line that repeats it. Exit status 1 if one does.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .backend import keras, np
from . import program, text
from .draw import Draw
from .permute import CannotPermute
from .training import Training, differences, distance

TOLERANCE = 1e-5


def script(draw):
    weight = "w" if draw.spec["fit"].get("sample_weight") else None
    return "\n".join([
        "data " + text.data(draw.features, draw.targets, weight, "rows.csv"),
        f"model < {text.layers_text(draw.spec['layers'])} >",
        "compile " + text.compile(draw.spec),
        f"fit epochs=0 seed={draw.seed}",
        "save init.safetensors",
        "fit " + text.fit(draw.spec, "others.csv"),
        "save final.safetensors",
        "evaluate",
    ]) + "\n"  # fmt: skip


def drawn(seed, index):
    """The draw of that number, and its training in Keras."""
    for attempt in range(100):
        draw = Draw(seed, index, attempt)
        try:
            return draw, Training(draw.spec, draw.rows)
        except CannotPermute:
            continue
    raise SystemExit(f"draw {index} has no twins")


class Verdict:
    """`counted`: Keras agrees with itself; `complaint`: what nn does otherwise, None if nothing."""

    def __init__(self, counted, apart=0.0, complaint=None):
        self.counted, self.apart, self.complaint = counted, apart, complaint


def judge(draw, training, binary, folder):
    (folder / "rows.csv").write_text(draw.csv([draw.rows.x, draw.rows.y, draw.rows.w]))
    (folder / "others.csv").write_text(draw.csv(draw.rows.others))
    try:
        events = program.run(binary, folder, script(draw))
        initial = program.tensors(folder / "init.safetensors")
    except program.Refused as problem:
        # What has no finite loss in Keras nn may refuse, before a fit or in it.
        made = (folder / "init.safetensors").exists()
        initial = program.tensors(folder / "init.safetensors") if made else training.weights()
        if not settled(training, initial, training.run(initial)):
            return Verdict(False)
        return Verdict(True, np.inf, str(problem))
    shapes = [{name: value.shape for name, value in weights.items()} for weights in (initial, training.weights())]
    if shapes[0] != shapes[1]:
        return Verdict(True, np.inf, f"weights {shapes[0]}, in Keras {shapes[1]}")
    result = training.run(initial)
    if not settled(training, initial, result):
        return Verdict(False)
    ours = program.result(events, draw.spec, program.tensors(folder / "final.safetensors"))
    apart = distance(draw.spec, result, ours)
    if apart <= TOLERANCE:
        return Verdict(True, apart)
    if training.normalizes_zeros(initial):
        return Verdict(False)
    # Its own rounding can explain a difference of that size, and no other.
    own = training.nudged_apart(initial, result, range(8))
    if own > TOLERANCE / 10 and apart <= 10 * own:
        return Verdict(False)
    what = [f"{what}: {far:.1e} apart" for what, far in differences(draw.spec, result, ours) if far > TOLERANCE]
    return Verdict(True, apart, "; ".join(what[:5]))


def settled(training, initial, result):
    return training.twins_apart(initial, result) <= TOLERANCE / 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nn", required=True, help="the nn binary")
    parser.add_argument("--count", type=int, default=500, help="draws that have to count")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draw", type=int, help="only the draw of this number")
    parser.add_argument("--keep", type=Path, help="a folder for the files of the draws that disagree")
    options = parser.parse_args()
    binary = Path(options.nn).resolve()

    started = time.monotonic()
    draws = counted = agreed = 0
    worst, worst_draw = 0.0, None
    index = options.draw or 0
    while counted < options.count and (options.draw is None or draws == 0):
        keras.backend.clear_session()
        draw, training = drawn(options.seed, index)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if options.keep:
                folder = options.keep / str(index)
                folder.mkdir(parents=True, exist_ok=True)
            verdict = judge(draw, training, binary, folder)
        draws += 1
        if verdict.counted:
            counted += 1
            if verdict.complaint:
                print(f"\ndraw {index}: {verdict.complaint}\n\n{script(draw)}")
                again = f"--nn {options.nn} --seed {options.seed} --draw {index} --keep DIR"
                print(f"again: python -m reference.parity {again}", flush=True)
            else:
                agreed += 1
                if verdict.apart > worst:
                    worst, worst_draw = verdict.apart, index
        if draws % 50 == 0:
            print(f"{draws} draws, {counted} counted, {agreed} agreed, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        index += 1
    seconds = time.monotonic() - started
    print(f"{draws} draws, {counted} counted, {agreed} agreed, {seconds:.0f} s; ", end="")
    print(f"worst {worst:.1e} (draw {worst_draw}), tolerance {TOLERANCE:.0e}")
    return 1 if agreed < counted else 0


if __name__ == "__main__":
    sys.exit(main())
