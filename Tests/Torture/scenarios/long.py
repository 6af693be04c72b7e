"""Long: many fits in one process, many rows through one fit; memory and descriptors stay flat, the loss stays steady."""

import math
import os
import subprocess
import threading
import time

from ..harness import TABLES, Line, events

FITS = 100_000
ROWS = 1_000_000
# KB that memory may grow by from one half to the other: pages that the allocator has not given back.
ALLOWANCE = 1024


class Watch(threading.Thread):
    """Memory (KB) and descriptors of a process, five times a second, from when it is ready on."""

    def __init__(self, process, ready=lambda: True):
        super().__init__(daemon=True)
        self.process = process
        self.ready = ready
        self.samples = []

    def run(self):
        while self.process.poll() is None and not self.ready():
            time.sleep(0.05)
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/statm") as file:
                    pages = int(file.read().split()[1])
                self.samples.append((pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(os.listdir(f"/proc/{self.process.pid}/fd"))))
            except OSError:
                return
            time.sleep(0.2)

    def growth(self):
        """The most memory (KB) and the fewest descriptors of two halves, behind a first fifth in which caches fill: a file that is written
        down now and then is open for a moment, and one that is left open stays so."""
        whole = [s for s in self.samples if s[0] > 0]
        if len(whole) < 10:
            return None
        late = whole[len(whole) // 5 :]
        halves = late[: len(late) // 2], late[len(late) // 2 :]
        return [of(s[place] for s in half) for place, of in ((0, max), (1, min)) for half in halves]


def scenario(bench):
    return [fits(bench), shell(bench), rows(bench)]


# Each on the experiment of the one before: nothing of it has to be kept but the last.
FIT = "model < dense 2 > compile loss=mae opt=sgd; fit epochs=1 seed=1\n"


def wanted(bench):
    return 2000 if bench.short else int(os.environ.get("FITS", FITS))


def fits(bench):
    """One script; its own text and plan are there before the first fit, and are not counted."""
    count = wanted(bench)
    line = Line(f"{count:,} fits in a script")
    folder = bench.folder()
    (folder / "s.nn").write_text(f"data {TABLES}/data.csv\n" + FIT * count)
    begun = time.monotonic()

    def ready():
        with open(folder / "out", "rb") as file:
            return b'"fit"' in file.read(4096)

    # Its lines would fill a pipe's memory here.
    with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
        process = bench.start(["run", "--json", "s.nn"], folder, stdout=out, stderr=err)
        watch = Watch(process, ready)
        watch.start()
        status = bench.finish(process, timeout=7200).status
    line.trial(None if status == 0 else f"status {status}: {(folder / 'err').read_text()[-200:]}")
    stops = count_lines(folder / "out", b'"event":"stop"')
    line.trial(None if stops == count else f"{stops} fits")
    report(line, watch, begun)
    return line


def shell(bench):
    """A line each, as a program that holds a session types them."""
    count = wanted(bench)
    line = Line(f"{count:,} fits in a shell, a line each")
    folder = bench.folder()
    begun = time.monotonic()
    with open(folder / "out", "wb") as out:
        process = bench.start(
            ["repl"], folder, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
            env={"HOME": str(folder), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None})
        # So many statements are remembered; then each new one takes the place of an old one.
        full = min(count // 5, 12_000)
        typed = 0
        watch = Watch(process, lambda: typed >= full)
        watch.start()
        try:
            process.stdin.write(f"data {TABLES}/data.csv\n".encode())
            for typed in range(count):
                process.stdin.write(FIT.encode())
            process.stdin.close()
        except OSError:
            pass
        process.stdin = None
        status = bench.finish(process, timeout=7200).status
    line.trial(None if status == 0 else f"status {status}")
    stops = count_lines(folder / "out", b"  weights ")
    line.trial(None if stops == count else f"{stops} fits")
    # Before the shell's memory of statements is full, it grows by each.
    report(line, watch, begun, allowance=ALLOWANCE if count > 5 * full else 2 * count)
    return line


def count_lines(path, part):
    with open(path, "rb") as file:
        return sum(part in text for text in file)


def rows(bench):
    epochs = 3 if bench.short else int(os.environ.get("EPOCHS", 1000))
    count = 100_000 if bench.short else ROWS
    line = Line(f"{count * epochs:,} training rows streamed ({count:,} rows, {epochs} epochs)")
    folder = bench.folder()
    with open(folder / "t.csv", "w") as file:
        file.write("a,b,y\n")
        for i in range(count):
            a, b = i * 7919 % 1000 / 1000, i * 104729 % 997 / 997
            file.write(f"{a},{b:.4f},{2 * a - b:.4f}\n")
    begun = time.monotonic()
    process = bench.start(
        ["run", "--json", "-e", f"data t.csv target=y stream memory=16M | model < dense 8 relu; output > | compile lr=0.001 | fit epochs={epochs} batch=256 seed=1"],
        folder)
    watch = Watch(process)
    watch.start()
    result = bench.finish(process, timeout=7200)
    losses = [e["loss"] for e in events(result.out) if e.get("event") == "epoch"]
    failure = result.expect([0])
    if not failure and (len(losses) != epochs or not all(isinstance(l, float) and math.isfinite(l) for l in losses)):
        failure = f"{len(losses)} epochs, not all of a finite loss"
    if not failure and losses[-1] > losses[0]:
        failure = f"the loss went from {losses[0]} to {losses[-1]}"
    line.trial(failure)
    if losses:
        line.notes.append(f"loss {losses[0]:.3g} → {losses[-1]:.3g}")
    # A few seconds do not bring it to where it stays.
    report(line, watch, begun, allowance=4 * ALLOWANCE if bench.short else ALLOWANCE)
    return line


def report(line, watch, begun, allowance=ALLOWANCE):
    """What grew from one half of the time to the other; an allowance in KB."""
    line.notes.append(f"{time.monotonic() - begun:.0f} s")
    found = watch.growth()
    if found is None:
        line.notes.append("too short to watch its memory")
        return
    first, last, files, files_late = found
    line.notes.append(f"memory {first / 1024:.1f} → {last / 1024:.1f} MB, descriptors {files} → {files_late}")
    line.trial(f"memory grew by {last - first} KB" if last - first > allowance else None)
    line.trial("descriptors grew" if files_late > files else None)
