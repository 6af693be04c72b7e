"""SIGINT, SIGTERM, SIGHUP, and SIGTSTP with SIGCONT, at random moments of reading, training, saving and sweeping."""

import os
import pty
import re
import signal
import time

from ..harness import TABLES, TRAPS, Line, events, half_written
from ..terminal import Shell
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
    return [*lines, twice, paused(bench, each), in_shell(bench, each)]


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


# A shell's fits, of which the first never ends by itself. Each prompt ends in this sign.
PROMPT = "▸ "
START = f"data {TABLES}/cars.csv target=mpg | scale standard | model < dense 16 relu; output >"
ENDLESS, SHORT = "fit epochs=100000000 seed=1", "fit epochs=4000 seed=1"
DIGEST = "weights (?:\\x1b\\[1m)?([0-9a-f]{16})"


def in_shell(bench, each):
    """In the shell: SIGINT ends the fit and keeps the weights, SIGTSTP changes no bit, SIGTERM and SIGHUP end the shell."""
    line = Line("in the shell, at a terminal: SIGINT, SIGTERM, SIGHUP, SIGTSTP, a hang-up; in a fit and at the prompt")
    expected = None
    for trial in range(each):
        for work in ("interrupt", "interrupt at prompt", "SIGINT", "SIGTERM", "SIGHUP", "SIGTERM at prompt", "SIGHUP at prompt",
                     "hang up", "pause", "pause at prompt"):
            folder = bench.folder()
            shell = Shell(bench, folder)
            failure, expected = shell_trial(bench, shell, work, expected, folder)
            status = shell.ended(15)
            if not failure:
                wanted = {"SIGTERM": 143, "SIGHUP": 129, "hang up": 129}.get(work.replace(" at prompt", ""), 0)
                if status is None:
                    failure = "it hangs"
                elif status != wanted:
                    failure = f"status {status} instead of {wanted}"
                elif TRAPS.search(shell.text):
                    failure = f"trap: {TRAPS.search(shell.text).group()}"
            failure = failure or half_written(folder)
            line.trial(failure and f"{work}: {failure}: {shell.text[-300:]!r}")
    return line


def shell_trial(bench, shell, work, expected, folder):
    """What went wrong, and the digest that a fit without a pause has."""
    at_prompt = work.endswith("at prompt")
    if not shell.shows(PROMPT):
        return "no prompt", expected
    shell.type(START + "\r")
    if not shell.shows("`fit` trains it") or not shell.shows(PROMPT):
        return "the first line shows nothing", expected
    wait = bench.rng.uniform(0, 0.4)
    if work.startswith("interrupt") or work == "SIGINT":
        shell.type("half a li" if at_prompt else ENDLESS + "\r")
        if not at_prompt and not shell.shows("fit 1"):
            return "the fit does not begin", expected
        shell.rest(wait)
        shell.type("\x03") if work != "SIGINT" else shell.send(signal.SIGINT)
        if not shell.shows(PROMPT, 15):
            return "no prompt behind it", expected
        shell.type("fit epochs=1 | save m.safetensors\r")
        if not shell.shows("saved m.safetensors") or not (folder / "m.safetensors").exists():
            return "what it has trained cannot be saved", expected
        shell.shows(PROMPT)
    elif work.startswith("pause"):
        shell.type("fit epo" if at_prompt else SHORT + "\r")
        if not at_prompt:
            shell.shows("fit 1")
        for _ in range(2):
            shell.rest(wait / 4)
            if re.search(DIGEST, shell.text):
                break
            shell.report = ""
            shell.type("\x1a")
            if not shell.reported("stopped", 10):
                if at_prompt or not re.search(DIGEST, shell.text):
                    return "Ctrl-Z does not stop it", expected
                break
            shell.send(signal.SIGCONT)
            if not shell.reported("continued", 10):
                return "it does not go on", expected
        if at_prompt:
            shell.rest(0.2)
            shell.type(SHORT.removeprefix("fit epo") + "\r")
        if not shell.shows(DIGEST, 60):
            return "the fit does not end", expected
        digest = re.findall(DIGEST, shell.text)[-1]
        if digest != (expected or digest):
            return f"other weights: {digest} instead of {expected}", expected
        expected = digest
        shell.shows(PROMPT)
    else:
        if not at_prompt:
            shell.type(ENDLESS + "\r")
            shell.shows("fit 1")
        shell.rest(wait)
        shell.hang_up() if work == "hang up" else shell.send(getattr(signal, work.split()[0]))
        return None, expected
    shell.type(":quit\r")
    return None, expected
