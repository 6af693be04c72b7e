"""One digest for 1, 2, 4 and 8 ranks, of 1 and 2 threads."""

from .job import TABLES, answer

HELD = f"""
data {TABLES}/iris.csv | split val=20% seed=3 | scale standard
model < dense 32 relu; batchnorm; dropout 0.3; dense 16 relu; batchnorm; output >
compile metrics=accuracy opt=adam lr=0.01 global_clipnorm=0.5
fit epochs=8 batch=32 seed=7 shards=8 patience=4
"""

# The optimizer moves each weight by itself: ranks of one machine have one and the same.
COMMON = f"""
data {TABLES}/iris.csv | split val=20% seed=3 | scale standard
model < dense 300 relu; dense 200 tanh; dropout 0.2; output >
compile metrics=accuracy opt=adam lr=0.003
fit epochs=20 batch=32 seed=7 shards=8 callbacks=[reduce_lr_on_plateau(patience=2)]
fit epochs=3 batch=32 seed=8 shards=16
"""

STREAMED = """
data rows.csv target=y stream=true memory=1M | split val=10% seed=3 | scale standard | impute mean
model < dense 16 relu; batchnorm; dropout 0.2; output >
compile metrics=mae opt=adam
fit epochs=2 batch=256 seed=7 shards=8
"""

SWEEP = f"""
data {TABLES}/iris.csv | split val=20% seed=3 | scale standard
sweep width=[4, 8, 16] lr=[0.1, 0.01, 0.001] {{
  model < dense $width relu; dropout 0.1; output >
  compile opt=adam lr=$lr metrics=accuracy
  fit epochs=6 seed=7 shards=2
}}
best val_loss
save best.safetensors
"""

HALVING = SWEEP.replace("0.001] {", "0.001] halving=3 {")

NESTED = f"""
data {TABLES}/iris.csv | scale standard
sweep width=[4, 8] {{
  folds 3 seed=1 {{ model < dense $width relu; output > | compile lr=0.01 | fit epochs=4 seed=2 }}
}}
"""

# Large by its batch, which the rows do not fill: groups of ranks make a run.
GROUPED = f"""
data {TABLES}/iris.csv | split val=20% seed=3 | scale standard
sweep lr=[0.1, 0.03, 0.01, 0.003, 0.001] save=runs {{
  model < dense 16 relu; dense 16 relu; output >
  compile opt=adam lr=$lr
  fit epochs=12 batch=1048576 seed=7 shards=4
}}
best val_loss
evaluate
"""


def rows(folder, count=20000):
    """A table of several windows, some cells empty."""
    state = 12345
    lines = ["a,b,c,y"]
    for row in range(count):
        cells = []
        for _ in range(3):
            state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
            cells.append((state >> 40) / (1 << 24) - 0.5)
        target = cells[0] * cells[1] + cells[2]
        empty = row % 97 == 5
        lines.append(f"{cells[0]:.6f},{'' if empty else f'{cells[1]:.6f}'},{cells[2]:.6f},{target:.6f}")
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")


SCRIPTS = {
    "a fit with dropout and batchnorm": HELD,
    "a fit and another, by Adam alone": COMMON,
    "a streamed table": STREAMED,
    "a sweep": SWEEP,
    "a sweep by halving": HALVING,
    "folds within a sweep": NESTED,
    "a sweep of large fits": GROUPED,
}


def scenario(bench, counts, threads):
    for name, script in SCRIPTS.items():
        expected = None
        for ranks in [0] + counts:
            for each in threads:
                folder = bench.folder()
                if "rows.csv" in script:
                    rows(folder)
                status, out, err = bench.run(ranks, script, folder, threads=each)
                found = answer(out)
                expected = expected or found
                bench.check(
                    f"{name}, {ranks} ranks of {each} threads", status == 0 and found and found == expected,
                    f"status {status} {err} {[pair for pair in zip(found, expected) if pair[0] != pair[1]][:2]}")
        print(f"  {name}: the same for {[0] + counts} ranks × {threads} threads", flush=True)
