"""What the scenarios share: running nn under limits, reading what it left behind, counting trials and losses."""

import json
import os
import re
import resource
import signal
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "scripts"

# What a trap of Swift, a sanitizer or the C library says before the process dies.
TRAPS = re.compile(r"Fatal error|crashed at|Illegal instruction|Segmentation|malloc\(\)|AddressSanitizer|runtime error:")


@dataclass
class Line:
    """A line of the table."""

    name: str
    trials: int = 0
    losses: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def trial(self, failure=None):
        """Counts a trial; `failure` says what was lost, if anything was."""
        self.trials += 1
        if failure:
            self.losses.append(failure)
            print(f"  LOST {self.name}: {failure}", flush=True)


@dataclass
class Result:
    status: int | None  # None: it hung and was killed; negative: the signal that ended it
    out: str
    err: str
    seconds: float

    def trouble(self):
        """A hang, a trap or a death by a signal, whatever the scenario."""
        if self.status is None:
            return f"hung, {self.seconds:.0f} s"
        if TRAPS.search(self.err) or TRAPS.search(self.out):
            return "trap: " + TRAPS.search(self.err + self.out).group()
        if self.status < 0:
            return f"died of {signal.Signals(-self.status).name}"
        return None

    def expect(self, statuses, says=None):
        """What differs from one of the statuses and from an error that says something."""
        if found := self.trouble():
            return found
        if self.status not in statuses:
            return f"status {self.status} instead of {statuses}: {self.err.strip()[-200:]}"
        if says and not re.search(says, self.err + self.out):
            return f"nothing says `{says}`: {self.err.strip()[-200:]}"
        return None


class Bench:
    """The binary, how many trials are wanted, and a folder for each trial."""

    def __init__(self, nn, trials, rng, short):
        self.nn = str(Path(nn).resolve())
        self.trials = trials
        self.rng = rng
        self.short = short
        self.base = tempfile.TemporaryDirectory(prefix="torture-")
        os.chmod(self.base.name, 0o755)
        self.count = 0

    def folder(self):
        self.count += 1
        path = Path(self.base.name) / str(self.count)
        path.mkdir()
        return path

    def environment(self, changes):
        env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
        # A backtrace takes seconds and would be taken for a hang.
        env["SWIFT_BACKTRACE"] = "enable=no"
        env.update(changes or {})
        return {k: v for k, v in env.items() if v is not None}

    def start(self, args, folder, env=None, limits=(), user=None, stdin=subprocess.DEVNULL, stdout=None, stderr=None):
        """nn with the arguments in a folder. `limits`: pairs of RLIMIT_… and a value."""

        def prepare():
            # Python ignores SIGPIPE and SIGXFSZ; a shell's child does not.
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for limit, value in limits:
                resource.setrlimit(limit, (value, value))
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)

        return subprocess.Popen(
            [self.nn, *args], cwd=folder, env=self.environment(env), stdin=stdin,
            stdout=stdout if stdout is not None else subprocess.PIPE,
            stderr=stderr if stderr is not None else subprocess.PIPE,
            preexec_fn=prepare, start_new_session=True)

    def finish(self, process, input=None, timeout=60):
        begun = time.monotonic()
        try:
            out, err = process.communicate(input, timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = None
        return Result(
            status, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"), time.monotonic() - begun)

    def run(self, args, folder, input=None, timeout=60, **options):
        if input is not None:
            options["stdin"] = subprocess.PIPE
        return self.finish(self.start(args, folder, **options), input, timeout)


def events(text):
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            pass
    return found


def digest(text):
    """The last fit's digest, of what `--json` printed."""
    stops = [e for e in events(text) if e.get("event") == "stop"]
    return stops[-1]["digest"] if stops else None


def half_written(folder):
    """A file under its final name that is not whole, or None."""
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file() or path.is_symlink() or path.name.startswith(".nn-"):
            continue
        data = path.read_bytes()
        if path.suffix == ".safetensors":
            try:
                (size,) = struct.unpack("<Q", data[:8])
                header = json.loads(data[8 : 8 + size])
                end = max([v["data_offsets"][1] for k, v in header.items() if k != "__metadata__"] or [0])
                if len(data) != 8 + size + end:
                    return f"{path.name} has {len(data)} bytes instead of {8 + size + end}"
            except (ValueError, struct.error, KeyError) as error:
                return f"{path.name}: {error}"
        elif path.suffix == ".csv":
            if data and not data.endswith(b"\n"):
                return f"{path.name} ends within a line"
        elif path.suffix in (".json", ".nns"):
            try:
                for line in data.decode().splitlines():
                    json.loads(line)
            except ValueError as error:
                if path.suffix == ".json":
                    return f"{path.name}: {error}"
    return None


def command(args, timeout=7200):
    """A command of the repository: its status and all that it said."""
    done = subprocess.run(args, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    return done.returncode, done.stdout.decode(errors="replace")


def tests(line, args):
    """The cases that a run of tests has counted."""
    status, text = command(args)
    for count, cases, end in re.findall(r"^. Test (?!run )(?:.*?)(?: with (\d+) test cases)?( passed| failed) after ()", text, re.M):
        line.trials += int(count or 1)
        if cases == " failed":
            line.losses.append("a test failed")
    runs = re.findall(r"Test run with (\d+) tests? in (\d+) suites? (passed|failed)", text)
    line.notes += [f"{number} tests in {suites} suites" for number, suites, _ in runs]
    if status != 0 or not runs:
        line.losses.append(f"status {status}: {text[-400:]}")
    return line


def unfinished(folder):
    """Temporary files that a cut-off writing left."""
    return [p for p in Path(folder).rglob(".nn-*.tmp")]
