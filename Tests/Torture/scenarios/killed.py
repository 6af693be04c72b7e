"""kill -9 at random moments: what is started again ends with the same bits, and no file is half-written."""

import json
import os
import signal
import struct
import time

from ..harness import TABLES, Line, digest, events, half_written, unfinished

TRAINING = f"""
data {TABLES}/cars.csv target=mpg | split val=20% seed=1 | scale standard
model < dense 32 relu; dropout 0.2; dense 16 relu; output > | compile lr=0.01 metrics=[mae]
fit epochs=150 seed=1 callbacks=[
  reduce_lr_on_plateau(factor=0.5, patience=10), early_stopping(patience=60), csv_logger(log.csv), backup(state/)]
save m.safetensors
"""

# Nearly all of its time goes into writing: 1.3 MB an epoch, twice.
SAVING = f"""
data {TABLES}/cars.csv target=mpg | scale standard
model < dense 256 relu; dense 256 relu; output > | compile lr=0.001
fit epochs=25 seed=1 batch=400 callbacks=[checkpoint(m.safetensors), csv_logger(log.csv), backup(state/)]
save m.safetensors
"""

SWEEPING = f"""
data {TABLES}/iris.csv target=species | scale standard | split val=25% seed=1
sweep lr=[0.1, 0.03, 0.01, 0.003] width=[4, 8, 16] save=runs/ {{
  model < dense $width relu; output > | compile lr=$lr | fit epochs=40 seed=1
}}
best
save m.safetensors
"""


def model(path):
    """A model file's tensors, optimizer included, and its description; not how long the epochs took."""
    if not path.exists():
        return None
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    description = json.loads(header.get("__metadata__", {}).get("nn", "null"))
    return header.keys(), untimed(description), data[8 + size :]


def untimed(value):
    if isinstance(value, dict):
        return {k: untimed(v) for k, v in value.items() if k != "seconds"}
    return [untimed(v) for v in value] if isinstance(value, list) else value


def answer(folder, result):
    """What must be the same however often the program was killed."""
    runs = [e for e in events(result.out) if e.get("event") == "runs"]
    rows = [
        (r.get("settings"), r.get("digest"), r.get("metrics")) for e in runs for r in e["runs"]
    ]
    log = folder / "log.csv"
    return {
        "digest": digest(result.out) if not rows else None,
        "rows": rows,
        "log": log.read_bytes() if log.exists() else None,
        "model": model(folder / "m.safetensors"),
    }


def scenario(bench):
    lines = []
    for name, script in [("training", TRAINING), ("saving", SAVING), ("sweeping", SWEEPING)]:
        line = Line(f"killed (kill -9) while {name}")
        lines.append(line)
        begun = time.monotonic()
        folder = bench.folder()
        (folder / "s.nn").write_text(script)
        reference = bench.run(["run", "--json", "s.nn"], folder)
        took = time.monotonic() - begun
        if failure := reference.expect([0]):
            line.trial(f"the uninterrupted run: {failure}")
            continue
        expected = answer(folder, reference)
        while line.trials < -(-bench.trials // 3):
            folder = bench.folder()
            (folder / "s.nn").write_text(script)
            # Up to four times in a row, so that what has gone on from a backup is killed, too.
            for _ in range(bench.rng.randint(1, 4)):
                if line.trials >= -(-bench.trials // 3):
                    break
                process = bench.start(["run", "--json", "s.nn"], folder)
                time.sleep(bench.rng.uniform(0, took))
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                bench.finish(process)
                if process.returncode != -signal.SIGKILL:
                    # Too late: it was done. The next start trains anew.
                    (folder / "m.safetensors").unlink(missing_ok=True)
                    continue
                line.trial(half_written(folder))
            last = bench.run(["run", "--json", "s.nn"], folder)
            if failure := last.expect([0]):
                line.losses.append(failure)
            elif (got := answer(folder, last)) != expected:
                differs = [k for k in expected if got[k] != expected[k]]
                line.losses.append(f"other {differs} after being started again")
                print("  LOST", line.losses[-1], folder, flush=True)
            elif found := half_written(folder):
                line.losses.append(found)
            if found := swept(bench, folder):
                line.losses.append(found)
        line.notes.append("started again: the same weights, optimizer, history and log, bit for bit")
    return lines


def swept(bench, folder):
    """What kills left under names of their own goes with a later start that writes there, when it is old enough."""
    left = unfinished(folder)
    if not left:
        return None
    for path in left:
        os.utime(path, (time.time() - 3600,) * 2)
    for place in {path.parent for path in left}:
        script = f"data {TABLES}/iris.csv | model < output > | fit epochs=1 seed=1 | save {place}/last.safetensors"
        if failure := bench.run(["-e", script], folder).expect([0]):
            return failure
    return f"{len(unfinished(folder))} temporary files stay" if unfinished(folder) else None
