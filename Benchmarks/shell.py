"""How fast the shell answers: a key, with a long history and a wide table; Ctrl-C in a fit of work D.

    make build && python3 Benchmarks/shell.py [PATH OF nn]

Types into the binary on a pseudo-terminal of its own, and takes the time from a key to the last byte that it brought about.
"""

import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

BINARY = sys.argv[1] if sys.argv[1:] else str(Path(__file__).parent.parent / ".build" / "release" / "nn")
LINE = "fit epochs=100 batch=64 seed=1 validation_split=0.2 callbacks=[early_stopping(patience=3)] "


class Shell:
    def __init__(self, folder, columns=80):
        environment = {
            "HOME": folder, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "INPUTRC": "/dev/null",
        }  # fmt: skip
        self.process, self.side = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execve(BINARY, ["nn"], environment)
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.seen = b""
        self.prompt()

    def read(self, seconds):
        ready, _, _ = select.select([self.side], [], [], seconds)
        if not ready:
            return False
        self.seen += os.read(self.side, 1 << 16)
        return True

    def prompt(self, seconds=300):
        """Waits until a prompt has come, and forgets what was before it."""
        end = time.time() + seconds
        while "▸".encode() not in self.seen.rpartition(b"\x1b[?2004h")[2] or b"\x1b[?2004h" not in self.seen:
            if not self.read(1) and time.time() > end:
                raise SystemExit(f"no prompt: {self.seen[-400:]}")
        while self.read(0.05):
            pass
        self.seen = b""

    def enter(self, line):
        os.write(self.side, line.encode() + b"\r")
        self.prompt()

    def key(self, key):
        """Milliseconds from a key to the last byte of its answer."""
        start = time.perf_counter()
        os.write(self.side, key.encode())
        last = None
        while self.read(0.03 if last else 1):
            last = time.perf_counter()
        return (last - start) * 1000 if last else float("nan")

    def quit(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.side)


def report(name, times):
    times = sorted(times)
    print(f"{name}: median {statistics.median(times):.1f} ms, 95 % {times[int(len(times) * 0.95)]:.1f} ms, longest {times[-1]:.1f} ms ({len(times)})")


def keys(folder):
    state = Path(folder, ".local/state/nn")
    state.mkdir(parents=True)
    state.joinpath("history").write_text("".join(f"print {n} {'x' * (n % 60)}\n" for n in range(10_000)))
    names = [f"column_{n}" for n in range(5_000)]
    with open(Path(folder, "wide.csv"), "w") as file:
        file.write(",".join(names) + "\n")
        for _ in range(20):
            file.write(",".join(str(random.randint(0, 99)) for _ in names) + "\n")
    start = time.perf_counter()
    shell = Shell(folder)
    print(f"from the start to the prompt, 10,000 entries of history: {(time.perf_counter() - start) * 1000 - 50:.0f} ms")
    shell.enter("data wide.csv | model < dense 64 relu; output >")
    shell.key("x"), shell.key("\x15")
    report("a key of a line", [shell.key(key) for key in LINE])
    report("a step to the left, back, and a letter in its midst", [shell.key(key) for key in ["\x1b[D"] * 20 + ["\x7f", "a"] * 10])
    shell.key("\x15")
    report("an entry of the history back", [shell.key("\x1b[A") for _ in range(40)])
    shell.key("\x15")
    report("a letter of Ctrl-R", [shell.key(key) for key in "\x12print 77"])
    shell.key("\x07"), shell.key("\x15")
    shell.key("select column_12")
    times = []
    for _ in range(10):
        times.append(shell.key("\t"))
        shell.key("\x0c")
    report("Tab among 5,000 columns", times)
    shell.quit()


def interruptions(folder):
    size = 1024
    random.seed(1)
    with open(Path(folder, "d.csv"), "w") as file:
        file.write(",".join([f"x{n}" for n in range(size)] + [f"y{n}" for n in range(size)]) + "\n")
        for _ in range(1024):
            file.write(",".join(f"{random.random():.3f}" for _ in range(2 * size)) + "\n")
    shell = Shell(folder)
    shell.enter("data d.csv | model < dense 2048 relu; dense 2048 relu; dense 1024 > | compile loss=mse opt=sgd")
    times = []
    for number in range(20):
        os.write(shell.side, b"fit epochs=1000 batch=512" + (b" seed=1" if number == 0 else b"") + b"\r")
        while b" left" not in shell.seen:
            shell.read(1)
        time.sleep(0.3 + random.random() * 0.3)
        while shell.read(0):
            pass
        shell.seen = b""
        start = time.perf_counter()
        os.write(shell.side, b"\x03")
        while b"\x1b[?2004h" not in shell.seen:
            shell.read(1)
        times.append((time.perf_counter() - start) * 1000)
        shell.prompt()
    report("Ctrl-C to the prompt, work D (1024-2048-2048-1024, batch 512)", times)
    shell.quit()


if __name__ == "__main__":
    for measure in [keys, interruptions]:
        with tempfile.TemporaryDirectory() as folder:
            measure(folder)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
