"""Long: many fits in one process, many rows through one fit; memory and descriptors stay flat, the loss stays steady."""

import math
import os
import threading
import time

from ..harness import TABLES, Line, events

FITS = 100_000
ROWS = 1_000_000


class Watch(threading.Thread):
    """Memory (KB) and descriptors of a process, five times a second."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process = process
        self.samples = []

    def run(self):
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/statm") as file:
                    pages = int(file.read().split()[1])
                self.samples.append((pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(os.listdir(f"/proc/{self.process.pid}/fd"))))
            except OSError:
                return
            time.sleep(0.2)

    def growth(self):
        """Memory at a fifth of the time and at its end, and the most descriptors at once in each half; KB."""
        whole = [s for s in self.samples if s[0] > 0]
        if len(whole) < 10:
            return None
        late = whole[len(whole) // 5 :]
        half = len(late) // 2
        return late[0][0], max(s[0] for s in late[half:]), max(s[1] for s in late[:half]), max(s[1] for s in late[half:])


def scenario(bench):
    return [fits(bench), rows(bench)]


def fits(bench):
    count = 2000 if bench.short else int(os.environ.get("FITS", FITS))
    line = Line(f"{count:,} fits in a process")
    # One after the other, each on the experiment of the one before: nothing of them has to be kept but the last.
    text = f"data {TABLES}/data.csv\nmodel < dense 2 > compile loss=mae opt=sgd\n" + "model < dense 2 > compile loss=mae opt=sgd; fit epochs=1 seed=1\n" * count
    folder = bench.folder()
    (folder / "s.nn").write_text(text)
    begun = time.monotonic()
    # Its lines would fill a pipe's memory here.
    with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
        process = bench.start(["run", "--quiet", "s.nn"], folder, stdout=out, stderr=err)
        watch = Watch(process)
        watch.start()
        status = bench.finish(process, timeout=3600).status
    line.trial(None if status == 0 else f"status {status}: {(folder / 'err').read_text()[-200:]}")
    report(line, watch, begun, allowance=0.2 * count + 4096)
    return line


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
    report(line, watch, begun, allowance=8192)
    return line


def report(line, watch, begun, allowance):
    """What grew; an allowance in KB over the last four fifths of the time."""
    line.notes.append(f"{time.monotonic() - begun:.0f} s")
    found = watch.growth()
    if found is None:
        line.notes.append("too short to watch its memory")
        return
    first, last, files, files_late = found
    line.notes.append(f"memory {first / 1024:.0f} MB → {last / 1024:.0f} MB, descriptors {files} → {files_late}")
    line.trial(f"memory grew by {last - first} KB" if last - first > allowance else None)
    line.trial("descriptors grew" if files_late > files else None)
