"""SIGINT, SIGTERM, SIGHUP, and SIGTSTP with SIGCONT, at random moments of reading, training, saving and sweeping."""

import os
import pty
import signal
import time

from ..harness import TABLES, Line, events, half_written
from .full import table

WORKS = {
    "load": "data big.csv target=y | model < output > | fit epochs=1 seed=1\nsave m.safetensors",
    "fit": f"data {TABLES}/cars.csv target=mpg | scale standard | model < dense 16 relu; output >\nfit epochs=3000 seed=1\nsave m.safetensors",
    "save": f"data {TABLES}/cars.csv target=mpg | model < dense 512 relu; dense 512 relu; output >\n"
    "fit epochs=30 seed=1 batch=400 callbacks=[checkpoint(c.safetensors)]\nsave m.safetensors",
    "sweep": f"data {TABLES}/iris.csv | split val=20% seed=1\nsweep lr=[0.1, 0.03, 0.01] save=runs/ {{ model < dense 8 relu; output > | compile lr=$lr | fit epochs=150 seed=1 }}",
}
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def scenario(bench):
    # A signal before the program listens ends it as any other: the measure starts behind the start.
    ready = 0.05
    lines = []
    each = max(1, bench.trials // 40)
    big = bench.folder() / "big.csv"
    big.write_text(table(300_000))
    for number, status in STATUS.items():
        line = Line(f"stopped by {number.name}")
        lines.append(line)
        for name, script in WORKS.items():
            for _ in range(each):
                folder = bench.folder()
                os.symlink(big, folder / "big.csv")
                (folder / "s.nn").write_text(script)
                process = bench.start(["run", "--json", "s.nn"], folder)
                time.sleep(ready + bench.rng.uniform(0, 0.5))
                process.send_signal(number)
                result = bench.finish(process, timeout=30)
                failure = None
                if result.status == -number and not result.out:
                    line.notes = ["some came before the program had begun"]
                else:
                    failure = result.expect([0, status]) or half_written(folder)
                # What was trained is saved by the `save` behind.
                trained = [e for e in events(result.out) if e.get("event") == "stop" and e.get("steps", 0) > 0]
                if not failure and name == "fit" and trained and not (folder / "m.safetensors").exists():
                    failure = "what was trained is not saved"
                line.trial(failure and f"{name}: {failure}")
    twice = Line("stopped by SIGINT twice")
    for _ in range(each):
        folder = bench.folder()
        (folder / "s.nn").write_text(WORKS["fit"])
        process = bench.start(["run", "s.nn"], folder)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        twice.trial(bench.finish(process, timeout=30).expect([0, 130]) or half_written(folder))
    return [*lines, twice, paused(bench, each)]


def paused(bench, each):
    """At a terminal: stopped and let go on, the bits are the same."""
    line = Line("SIGTSTP and SIGCONT, at a terminal and without")
    expected = {}
    for name, script in WORKS.items():
        if name == "load":
            continue
        script = script.replace("3000", "300")
        for trial in range(each + 1):
            folder = bench.folder()
            (folder / "s.nn").write_text(script)
            terminal = pty.openpty() if trial % 2 else None
            process = bench.start(["run", "--json", "s.nn"], folder, stderr=terminal[1] if terminal else None)
            if trial:
                for _ in range(3):
                    time.sleep(bench.rng.uniform(0.05, 0.2))
                    process.send_signal(signal.SIGTSTP)
                    time.sleep(bench.rng.uniform(0, 0.1))
                    process.send_signal(signal.SIGCONT)
            result = bench.finish(process)
            if terminal:
                os.close(terminal[0])
                os.close(terminal[1])
            got = [e["digest"] for e in events(result.out) if e.get("event") == "stop"]
            failure = result.expect([0])
            if trial == 0:
                expected[name] = got
            if not failure and sorted(got) != sorted(expected[name]):
                failure = "other digests"
            line.trial(failure and f"{name}: {failure}")
    return line
