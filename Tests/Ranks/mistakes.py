"""What ranks do where something is wrong, or is to end: one voice, a clear error, nothing lost, no hang."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from .job import TABLES, events, ranks_of

FIT = f"data {TABLES}/iris.csv | model < dense 8 relu; output > | fit epochs={{epochs}} seed=1 {{more}}\n"


def scenario(bench):
    cases = [
        ("a fit of one shard", FIT.format(epochs=1, more=""), 2, 2, "E0378", "shards=2"),
        ("shards that do not come out even", FIT.format(epochs=1, more="shards=3"), 2, 2, "E0378", "shards=2"),
        ("three ranks", FIT.format(epochs=1, more="shards=4"), 3, 2, "E0378", "power of two"),
        ("a table that is not there", "data nowhere.csv | model < output > | fit shards=2\n", 2, 2, "nowhere.csv", ""),
        ("a folder that is not there", FIT.format(epochs=1, more="shards=2") + "save /proc/m.safetensors\n", 2, 1, "E10", ""),
        ("an `expect` that fails", FIT.format(epochs=1, more="shards=2") + "expect loss < 0\n", 2, 1, "E10", ""),
        ("a log that cannot be written", FIT.format(epochs=1000000, more="shards=2 callbacks=[csv_logger(/dev/full)]"), 2, 1, "full", ""),
        ("standard input", "data - | model < output > | fit shards=2\n", 2, 2, "E0380", "file"),
    ]
    for name, script, ranks, status, says, also in cases:
        begun = time.monotonic()
        got, out, err = bench.run(ranks, script, timeout=60)
        text = out + err
        bench.check(
            f"{name}: status {status}, said once", got == status and says in text and also in text and
            sum(1 for event in events(out) if event.get("event") in ("error", "diagnostic") and event.get("severity", "error") == "error") <= 1,
            f"status {got} after {time.monotonic() - begun:.0f} s: {text}")

    # A file that one rank's machine does not have.
    folder = bench.folder()
    for name in ["first", "second"]:
        (folder / name).mkdir()
        (folder / name / "s.nn").write_text("data iris.csv | model < output > | fit shards=2 epochs=1000000\n")
    shutil.copy(TABLES / "iris.csv", folder / "first")
    program = [bench.nn, "run", "s.nn", "--json", "--threads", "1"]
    begun = time.monotonic()
    process = subprocess.run(
        [bench.mpirun, *bench.options, "-n", "1", "-wdir", folder / "first", *program, ":",
         "-n", "1", "-wdir", folder / "second", *program],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    bench.check(
        "a table that rank 1 alone does not have", process.returncode not in (0, None) and "rank 1: " in process.stderr
        and "iris.csv" in process.stderr and time.monotonic() - begun < 20, f"{process.returncode} {process.stdout} {process.stderr}")

    # Open MPI gives ranks a terminal of their own; a file is to have text alone.
    folder = bench.folder()
    (folder / "s.nn").write_text(FIT.format(epochs=3, more="shards=2"))
    process = subprocess.run(
        [bench.mpirun, *bench.options, "-n", "2", bench.nn, "run", "s.nn"], cwd=folder, capture_output=True, text=True,
        timeout=60, stdin=subprocess.DEVNULL)
    bench.check(
        "text for a file", process.returncode == 0 and "epoch 3" in process.stdout and "\x1b" not in process.stdout,
        repr(process.stdout + process.stderr))

    # The program without MPI, started as mpirun would start it, where nn-mpi is nowhere near.
    alone = bench.folder() / "nn"
    plain = Path(bench.nn).with_name("nn")
    if plain.exists():
        shutil.copy(plain, alone)
        process = subprocess.run(
            [alone, "-e", "print 1"], capture_output=True, text=True, cwd=alone.parent,
            env={"OMPI_COMM_WORLD_SIZE": "2", "PATH": "/usr/bin:/bin"})
        bench.check(
            "nn without nn-mpi", process.returncode == 2 and "E0522" in process.stderr and process.stdout == "",
            process.stdout + process.stderr)

    for number in [signal.SIGINT, signal.SIGTERM]:
        folder = bench.folder()
        script = FIT.format(epochs=1000000, more="shards=2") + "save m.safetensors\n"
        process = bench.start(2, script, folder)
        deadline = time.monotonic() + 20
        while len(ranks_of(process)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1.5)
        os.kill(process.pid, number)
        status, out, err = bench.finish(process, timeout=30)
        # MPICH's mpirun has no status of its own for it; Open MPI's reads nothing any more that ranks say at their end.
        said = [event["status"] for event in events(out) if event.get("event") == "done"]
        bench.check(
            f"{number.name} ends all ranks, with what was trained kept",
            status is not None and (status != 0 or said == [128 + number]) and (folder / "m.safetensors").exists(),
            f"status {status}: {out[-300:]} {err}")
    print("  mistakes and signals", flush=True)
