"""Verified: drawn fits are sealed and proved at another number of threads, and a seal that was changed is refused."""

import json

from ..harness import TABLES, Line

THREADS = [1, 2, 3, 4, 7]


def script(rng):
    table, target = rng.choice([("cars", "mpg"), ("iris", "species"), ("penguins", "Species")])
    layers = "; ".join(
        rng.choice([
            f"dense {rng.randint(2, 96)} {rng.choice(['relu', 'tanh', 'gelu', 'selu'])}", "dropout 0.2", "batchnorm",
            f"dense {rng.randint(2, 16)}"])
        for _ in range(rng.randint(1, 4)))
    optimizer = rng.choice(["adam", "sgd(momentum=0.9)", "rmsprop", "adamw", "nadam"])
    split = rng.choice([" | split val=20% seed=1", ""])
    stop = rng.choice([" patience=3", ""]) if split else ""
    seed = rng.choice([f" seed={rng.randint(0, 99)}", ""])
    holes = " | impute median" if table == "penguins" else ""
    before = rng.choice(["", "fit epochs=2\n"])
    return (
        f"data {TABLES}/{table}.csv target={target}{holes}{split} | scale standard\n"
        f"model < {layers}; output > | compile opt={optimizer} lr=0.003\n"
        f"{before}fit epochs={rng.randint(2, 12)} batch={rng.choice([8, 32, 100])}{seed}{stop} seal=run.nns\n")


def scenario(bench):
    proved = Line("verified: sealed, and proved at another number of threads")
    changed = Line("verified: a seal of other weights is refused, and the first epoch named")
    while proved.trials < max(5, bench.trials // 2):
        folder = bench.folder()
        text = script(bench.rng)
        (folder / "s.nn").write_text(text)
        first, second = bench.rng.sample(THREADS, 2)
        result = bench.run(["run", "--quiet", "--threads", str(first), "s.nn"], folder)
        # A draw that diverges is for another scenario.
        if "E1003" in result.err:
            continue
        failure = result.expect([0])
        failure = failure or bench.run(["verify", "--json", "--threads", str(second), "run.nns"], folder).expect(
            [0], '"ok":true')
        proved.trial(failure and f"{first} and {second} threads, {text}: {failure}")
        if failure:
            continue
        seal = json.loads((folder / "run.nns").read_text())
        epoch = bench.rng.choice(seal["epochs"])
        digits = epoch["weights"]
        place = bench.rng.randrange(len(digits))
        other = bench.rng.choice([digit for digit in "0123456789abcdef" if digit != digits[place]])
        epoch["weights"] = digits[:place] + other + digits[place + 1 :]
        (folder / "run.nns").write_text(json.dumps(seal))
        result = bench.run(["verify", "run.nns"], folder)
        failure = result.expect([1], rf"epoch {epoch['epoch']}\b")
        changed.trial(failure and f"epoch {epoch['epoch']}, {text}: {failure}")
    return [proved, changed]
