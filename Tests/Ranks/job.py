"""Starting nn-mpi under mpirun, and reading what it says. The standard library and an MPI are all that is needed."""

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "scripts"


def is_open_mpi(mpirun):
    return "open" in subprocess.run([mpirun, "--version"], capture_output=True, text=True).stdout.lower()


class Bench:
    """The program, mpirun, and a folder for each job."""

    def __init__(self, nn, mpirun, rng):
        self.nn = str(Path(nn).resolve())
        self.mpirun = mpirun
        self.rng = rng
        self.base = tempfile.TemporaryDirectory(prefix="ranks-")
        self.count = 0
        # More ranks than cores are wanted here; and Open MPI asks before root may start it, as a build machine's container does.
        self.options = ["--oversubscribe", "--allow-run-as-root"] if is_open_mpi(mpirun) else []
        self.losses = []
        self.trials = 0

    def folder(self):
        self.count += 1
        path = Path(self.base.name) / str(self.count)
        path.mkdir()
        return path

    def start(self, ranks, script, folder, arguments=(), threads=1, options=()):
        """A job in a process group of its own; without ranks the program alone."""
        (folder / "s.nn").write_text(script)
        program = [self.nn, "run", "s.nn", "--json", "--threads", str(threads), *arguments]
        launch = [self.mpirun, *self.options, *options, "-n", str(ranks)] if ranks else []
        # Files, for nobody reads while a job waits to be killed, and a full pipe would hold it up.
        with open(folder / "out.log", "wb") as out, open(folder / "err.log", "wb") as err:
            process = subprocess.Popen(
                launch + program, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=os.environ | {"SWIFT_BACKTRACE": "enable=no"}, start_new_session=True)
        process.folder = folder
        return process

    def finish(self, process, timeout=120):
        """Status (None: it hung), output, errors."""
        try:
            status = process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            for pid in ranks_of(process).values():
                os.kill(pid, signal.SIGKILL)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = None
        return (status, *((process.folder / name).read_text(errors="replace") for name in ("out.log", "err.log")))

    def run(self, ranks, script, folder=None, timeout=120, **options):
        return self.finish(self.start(ranks, script, folder or self.folder(), **options), timeout)

    def check(self, what, condition, text=""):
        """Counts a trial, and a loss where the condition does not hold."""
        self.trials += 1
        if not condition:
            self.losses.append(f"{what}: {text[-600:]}")
            print(f"  LOST {self.losses[-1]}", flush=True)
        return condition


def events(out):
    found = []
    for line in out.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            pass
    return found


def answer(out):
    """What must not depend on the number of ranks: digests, histories and leaderboards."""
    found = []
    # Of many runs the leaderboard: what a run tells on its way, the rank that makes it keeps to itself.
    is_of_many = any(event.get("event") == "runs" for event in events(out))
    for event in events(out):
        if event.get("event") == "runs":
            found += [{name: value for name, value in run.items() if name != "seconds"} for run in event["runs"]]
        elif event.get("event") == "output":
            found.append(event)
        elif not is_of_many and event.get("event") in ("epoch", "stop"):
            found.append({name: value for name, value in event.items() if name not in ("seconds", "ranks", "waited")})
    return found


def ranks_of(process):
    """The processes that mpirun has started, by the rank in their environment."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            if status[0] == "Z" or b"nn-mpi" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]:
                continue
            variables = dict(
                part.split(b"=", 1) for part in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") if b"=" in part)
            rank = variables.get(b"OMPI_COMM_WORLD_RANK") or variables.get(b"PMI_RANK")
            if rank is not None and descends(int(pid), process.pid):
                found[int(rank)] = int(pid)
        except (OSError, ValueError, IndexError):
            pass
    return found


def descends(pid, ancestor):
    while pid > 1:
        if pid == ancestor:
            return True
        pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return False


def kill_one(process, rng, within):
    """kill -9 for a random rank at a random moment. - Returns: whether there was one to kill."""
    time.sleep(rng.uniform(0, within))
    ranks = ranks_of(process)
    if process.poll() is not None or not ranks:
        return False
    try:
        os.kill(ranks[rng.choice(sorted(ranks))], signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False
