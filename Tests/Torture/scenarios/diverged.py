"""Diverged: drawn fits that must run away. The message has to name the step, and a second run shows that it is that step."""

import re

from ..harness import TABLES, Line

MESSAGE = re.compile(r"no longer a finite number, at epoch (\d+), step (\d+)")
BATCH = re.compile(r"the batch (?:is rows? ([\d, ]+)(?: and (\d+) more)? of|has (\d+) rows?)")


def script(rng, folder):
    """A fit without a chance: a rate far too high, or a column beyond a float's range when squared."""
    layers = "; ".join(
        f"dense {rng.randint(1, 24)} {rng.choice(['relu', 'tanh', 'linear', 'elu', 'softplus', 'gelu'])}"
        for _ in range(rng.randint(0, 3)))
    network = f"model < {layers + '; ' if layers else ''}output >"
    rate = 10 ** rng.uniform(2, 12)
    rows, batch = rng.randint(20, 300), rng.choice([1, 3, 16, 32, 1000])
    large = rng.random() < 0.25
    lines = ["a,b,y"]
    for index in range(rows):
        a, b = rng.gauss(0, 1), rng.gauss(0, 3)
        lines.append(f"{a:.4f},{b:.4f},{(rng.gauss(0, 1) + 5) * (1e25 if large else 10):.6g}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    data = "data t.csv target=y" + rng.choice(["", "", " stream memory=1M"])
    scale = rng.choice(["", " | scale standard columns=[a, b]"])
    compiled = f"compile loss=mse opt=sgd(lr={rate:.4g}{rng.choice(['', ', momentum=0.9'])})"
    fit = f"fit epochs=400 seed={rng.randint(0, 999)} batch={batch}"
    return f"{data}{scale} | {network} | {compiled} | {fit}", layers.count("dense") + 1, rows, min(batch, rows)


def trial(bench):
    folder = bench.folder()
    text, layers, rows, batch = script(bench.rng, folder)
    result = bench.run(["-e", text + " | why"], folder)
    if failure := result.expect([1], "E1003"):
        return f"{text}: {failure}"
    message, found = MESSAGE.search(result.err), BATCH.search(result.err)
    if not message or not found or "the gradient's norm is" not in result.err or "likely cause: " not in result.err:
        return f"{text}: the message lacks a part: {result.err[-600:]}"
    epoch, step = int(message[1]), int(message[2])
    if "again: loss" not in result.out or f"{layers - 1} output" not in result.out:
        return f"{text}: `why` does not show every layer: {result.out[-600:]}"
    if found[1]:
        named = [int(number) for number in found[1].split(",")]
        count = len(named) + int(found[2] or 0)
        if not all(1 <= row <= rows for row in named) or count > batch:
            return f"{text}: the batch's rows are {found[0]}"
    steps = (epoch - 1) * -(-rows // batch) + step
    # One step less and all is well; with that step, the same end.
    if steps > 1 and (failure := bench.run(["-e", f"{text} steps={steps - 1}"], folder).expect([0])):
        return f"{text}: the step before {epoch}, {step}: {failure}"
    if failure := bench.run(["-e", f"{text} steps={steps}"], folder).expect([1], "E1003"):
        return f"{text}: step {epoch}, {step} alone: {failure}"
    return None


def scenario(bench):
    line = Line("diverged: step, batch, gradient and cause named, `why`; the step before is finite")
    for _ in range(max(5, bench.trials // 2)):
        line.trial(trial(bench))
    return [line]
