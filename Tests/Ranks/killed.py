"""kill -9 of a random rank at a random moment: the job ends with an error, and started again, by as many ranks or others, goes on from
`backup` to the same weights."""

import time

from .digests import rows
from .job import TABLES, events, kill_one

HELD = f"""
data {TABLES}/cars.csv target=mpg | split val=20% seed=1 | scale standard
model < dense 32 relu; batchnorm; dropout 0.2; dense 16 relu; output > | compile lr=0.01 metrics=[mae]
fit epochs=60 seed=1 shards=4 callbacks=[
  reduce_lr_on_plateau(factor=0.5, patience=10), early_stopping(patience=40), csv_logger(log.csv), backup(state/)]
save m.safetensors
"""

STREAMED = """
data rows.csv target=y stream=true memory=1M | scale standard | impute mean
model < dense 16 relu; dropout 0.2; output > | compile opt=adam
fit epochs=6 batch=256 seed=7 shards=4 callbacks=[backup(state/, save_freq=20)]
save m.safetensors
"""


def digest(out):
    stops = [event for event in events(out) if event.get("event") == "stop"]
    return stops[-1]["digest"] if stops else None


def scenario(bench, kills):
    for name, script, share in [("a fit", HELD, 0.75), ("a streamed fit", STREAMED, 0.25)]:
        def folder():
            made = bench.folder()
            if "rows.csv" in script:
                rows(made, 6000)
            return made

        begun = time.monotonic()
        status, out, err = bench.run(2, script, folder())
        took = time.monotonic() - begun
        expected = digest(out)
        if not bench.check(f"{name}, undisturbed", status == 0 and expected, err):
            continue
        done = 0
        while done < kills * share:
            place = folder()
            # Up to three times in a row, so that what has gone on from a backup is killed, too.
            for _ in range(bench.rng.randint(1, 3)):
                ranks = bench.rng.choice([2, 4])
                process = bench.start(ranks, script, place)
                killed = kill_one(process, bench.rng, took)
                status, out, err = bench.finish(process)
                if not killed:
                    continue
                done += 1
                # A rank that dies as the last thing it does may leave a job that was done.
                bench.check(f"{name}, killed: the job ends with an error", status != 0 or digest(out) == expected, f"status {status}")
            (place / "m.safetensors").unlink(missing_ok=True)
            ranks = bench.rng.choice([0, 1, 2, 4])
            status, out, err = bench.run(ranks, script, place)
            bench.check(
                f"{name}, started again by {ranks or 'no'} ranks", status == 0 and digest(out) == expected,
                f"status {status}, {digest(out)} instead of {expected}: {err}")
        print(f"  {name}: {done} kills of a random rank", flush=True)
