"""Full and forbidden: every way a machine says no. A clear error with its status, the weights kept, no trap, no hang."""

import os
import resource
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

from ..harness import TABLES, Line, half_written, unfinished

FIT = f"data {TABLES}/iris.csv target=species | model < dense 64 relu; dense 64 relu; output > | fit epochs=2 seed=1 | "
PLAIN = "data t.csv target=y | model < dense 4 relu; output > | fit epochs=2 seed=1"
NOBODY = 65534


def table(rows=2000):
    return "x,y\n" + "".join(f"{i % 17},{i % 17 * 2}\n" for i in range(rows))


@contextmanager
def small_disk(folder, size):
    """A full disk of so many bytes, or None where nothing may be mounted."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if done.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def scenario(bench):
    repeats = max(1, bench.trials // 40)
    return [
        make(bench, repeats)
        for make in (full_disk, file_size, forbidden, files_that_change, pipes, network, surroundings, limits)
    ]


def full_disk(bench, repeats):
    """The disk fills up while a model, predictions, a log, a backup, a picture or a sweep's runs are written."""
    line = Line("disk full")
    works = {
        "save": FIT + "save full/m.safetensors",
        "onnx": FIT + "save full/m.onnx",
        "predict": FIT + "predict to=full/p.csv",
        "checkpoint": FIT.replace("seed=1", "seed=1 callbacks=[checkpoint(full/c.safetensors)]") + "save m.safetensors",
        "backup": FIT.replace("seed=1", "seed=1 callbacks=[backup(full/state)]") + "save m.safetensors",
        "log": FIT.replace("epochs=2 seed=1", "epochs=2000 seed=1 callbacks=[csv_logger(full/l.csv)]") + "save m.safetensors",
        "checkpoint alone": FIT.replace("seed=1 | ", "seed=1 callbacks=[checkpoint(full/c.safetensors)]"),
        "backup alone": FIT.replace("seed=1 | ", "seed=1 callbacks=[backup(full/state)]"),
        "log alone": FIT.replace("epochs=2 seed=1 | ", "epochs=2000 seed=1 callbacks=[csv_logger(full/l.csv)]"),
        "sweep": f"data {TABLES}/iris.csv | sweep lr=[0.1, 0.01] save=full/runs {{ model < output > | compile lr=$lr | fit epochs=2 seed=1 }}",
    }
    for _ in range(repeats):
        for name, script in works.items():
            folder = bench.folder()
            (folder / "full").mkdir()
            with small_disk(folder / "full", "1m") as disk:
                if disk is None:
                    line.notes = ["no tmpfs may be mounted here: see the line of RLIMIT_FSIZE"]
                    return line
                # Of 1 MB there are left: nothing, or a little.
                room = bench.rng.choice([0, 0, 1024, 4096])
                with open(disk / "filler", "wb", buffering=0) as filler:
                    try:
                        while True:
                            filler.write(b"x" * 4096)
                    except OSError:
                        pass
                    if room:
                        filler.truncate(os.fstat(filler.fileno()).st_size - room)
                result = bench.run(["-e", script], folder, env={"HOME": str(folder)})
                # What is small may find the room that there is.
                fits = room and name in ("predict", "sweep", "log", "log alone") and result.status == 0
                failure = result.expect([0] if fits else [1], "" if fits else "space|E10")
                failure = failure or half_written(folder)
                if not failure and result.status == 1 and name != "sweep":
                    # What was trained is in the `save` behind, or in a file that the error names.
                    kept = "m.safetensors" if "| save m" in script or "save m." in script else "rescue-*.safetensors"
                    if not list(folder.glob(kept)):
                        failure = f"no {kept}"
                line.trial(failure and f"{name}: {failure}")
    return line


def file_size(bench, repeats):
    line = Line("file size limit (RLIMIT_FSIZE, the same error without a mount)")
    for _ in range(repeats):
        for size in (0, 1, 100, 4096, 10000):
            folder = bench.folder()
            result = bench.run(
                ["-e", FIT + "save m.safetensors"], folder, limits=[(resource.RLIMIT_FSIZE, size)],
                stdout=open(os.devnull, "wb"), env={"HOME": str(folder)})
            failure = result.expect([1], "cannot write|E1005") or half_written(folder)
            if not failure and unfinished(folder):
                failure = "a temporary file is left"
            line.trial(failure)
    return line


def forbidden(bench, repeats):
    """As nobody: root may do everything."""
    line = Line("read-only folder, unreadable file")
    user = NOBODY if os.geteuid() == 0 else None
    if user is not None:
        line.notes.append("as the user nobody, since root may do everything")
    for _ in range(repeats):
        for work in ("save", "predict", "backup", "unreadable", "model", "script", "folder as data", "sweep"):
            folder = bench.folder()
            (folder / "t.csv").write_text(table())
            home = folder / "home"
            home.mkdir()
            os.chmod(home, 0o777)
            secret = folder / "secret.csv"
            secret.write_text(table())
            os.chmod(secret, 0o000)
            (folder / "locked").mkdir()
            os.chmod(folder / "locked", 0o555)
            os.chmod(folder, 0o555)
            script, statuses = {
                "save": (PLAIN + " | save locked/m.safetensors", [1]),
                "predict": (PLAIN + " | predict to=locked/p.csv", [1]),
                "backup": (PLAIN + " callbacks=[backup(locked/state)]", [1]),
                "unreadable": (PLAIN.replace("t.csv", "secret.csv"), [2]),
                "model": ("data t.csv target=y | model secret.csv | evaluate", [2]),
                "script": (None, [2]),
                "folder as data": (PLAIN.replace("t.csv", "locked"), [2]),
                "sweep": ("data t.csv target=y | sweep lr=[0.1, 0.2] save=locked/runs { model < output > | compile lr=$lr | fit epochs=1 seed=1 }", [1]),
            }[work]
            args = ["-e", script] if script else ["run", "secret.csv"]
            result = bench.run(args, folder, user=user, env={"HOME": str(home), "TMPDIR": str(home)})
            failure = result.expect(statuses, "error")
            if not failure and work == "save" and not list(home.glob("rescue-*.safetensors")):
                failure = "no rescue-*.safetensors"
            os.chmod(folder, 0o755)
            line.trial(failure and f"{work}: {failure}")
    return line


def files_that_change(bench, repeats):
    line = Line("file that vanishes, is cut, grows or changes while read")
    for _ in range(repeats):
        for work in ("vanish", "cut", "grow", "replace", "touch"):
            for way in ("", " stream memory=1M"):
                folder = bench.folder()
                path = folder / "t.csv"
                path.write_text(table(200_000))
                script = PLAIN.replace("target=y", "target=y" + way).replace("epochs=2", "epochs=3")
                process = bench.start(["-e", script], folder)
                time.sleep(bench.rng.uniform(0, 0.4))
                if work == "vanish":
                    path.unlink()
                elif work == "cut":
                    os.truncate(path, 1000)
                elif work == "grow":
                    with open(path, "a") as file:
                        file.write("1,2\n" * 1000)
                elif work == "replace":
                    (folder / "n.csv").write_text("a,b\nq,r\n")
                    os.rename(folder / "n.csv", path)
                else:
                    os.utime(path)
                # Read before or after, or an error that says so: all but a trap, a hang or nothing said.
                result = bench.finish(process)
                failure = result.expect([0, 1, 2])
                if not failure and result.status and "error" not in result.err:
                    failure = "it failed and says nothing"
                line.trial(failure and f"{work}{way}: {failure}")
    return line


def pipes(bench, repeats):
    line = Line("named pipe, slow standard input, closed standard output or error")
    for _ in range(repeats):
        folder = bench.folder()
        os.mkfifo(folder / "t.csv")

        def feed(path=folder / "t.csv"):
            try:
                with open(path, "w") as file:
                    file.write(table())
            except OSError:
                pass

        threading.Thread(target=feed, daemon=True).start()
        line.trial(bench.run(["-e", PLAIN], folder).expect([0]))

        # Byte by byte, as over a bad line.
        process = bench.start(
            ["-e", PLAIN.replace("t.csv", "-")], bench.folder(), stdin=subprocess.PIPE)
        for piece in table(40):
            process.stdin.write(piece.encode())
            process.stdin.flush()
            time.sleep(0.003)
        line.trial(bench.finish(process).expect([0]))

        # The script itself through a slow pipe.
        process = bench.start(["run", "-"], bench.folder(), stdin=subprocess.PIPE)
        for piece in 'print "hello"\n':
            process.stdin.write(piece.encode())
            process.stdin.flush()
            time.sleep(0.01)
        line.trial(bench.finish(process).expect([0], "hello"))

        # `| head -1`: silently 141, and not a word of a broken pipe.
        folder = bench.folder()
        (folder / "t.csv").write_text(table(200_000))
        for args in (["-e", PLAIN + " | predict"], ["run", "--json", "s.nn"]):
            (folder / "s.nn").write_text(PLAIN.replace("epochs=2", "epochs=3000"))
            process = bench.start(args, folder)
            process.stdout.read(20)
            process.stdout.close()
            process.stdout = None
            result = bench.finish(process)
            line.trial(
                result.trouble() if result.status != -13 and result.trouble() else
                None if result.status in (141, -13) and "rror" not in result.err else f"status {result.status}: {result.err[-200:]}")

        # No standard output, error or input at all.
        for closed in ("1", "2", "0", "012"):
            words = " ".join(f"{number}{'<' if number == '0' else '>'}&-" for number in closed)
            (folder / "q.nn").write_text(PLAIN)
            done = subprocess.run(
                ["timeout", "60", "sh", "-c", f"exec {bench.nn} run q.nn {words}"], cwd=folder, capture_output=True,
                env=bench.environment({}))
            allowed = (0, 1, 141)
            line.trial(None if done.returncode in allowed else f"closed {closed}: status {done.returncode}: {done.stderr[-200:]}")
        # A full device behind standard output.
        with open("/dev/full", "wb") as full:
            line.trial(bench.run(["-e", PLAIN + " | predict"], folder, stdout=full).expect([1, 141]))
    return line


def network(bench, repeats):
    """Standard input that comes over a network: in pieces of any length, with stalls, from a socket or a pipe."""
    line = Line("standard input from a slow network, with stalls; signals while it stalls")
    rows = table(300)
    works = {
        "data": (["-e", PLAIN.replace("t.csv", "-")], rows, r"fit 1|epoch|weights"),
        "streamed predictions": (["-e", "model m.safetensors | predict -"], rows, r"y"),
        "script": (["run", "-"], f'print "a"\n{PLAIN}\n' + "# words\n" * 200 + 'print "the end"\n', "the end"),
    }
    for _ in range(repeats):
        for name, (args, text, says) in works.items():
            for kind in ("socket", "pipe", "interrupted"):
                folder = bench.folder()
                (folder / "t.csv").write_text(table())
                if "m.safetensors" in args[-1]:
                    bench.run(["-e", PLAIN + " | save m.safetensors"], folder)
                if kind == "pipe":
                    reading, writing = os.pipe()
                    write, close = lambda data: os.write(writing, data), lambda: os.close(writing)
                else:
                    near, far = socket.socketpair()
                    reading, write, close = far.detach(), near.sendall, near.close
                process = bench.start(args, folder, stdin=reading)
                os.close(reading)
                data = text.encode()
                place, stalls = 0, 0
                end = len(data) if kind != "interrupted" else len(data) // 2
                try:
                    while place < end:
                        count = bench.rng.choice([1, 2, 7, 64, 500, 1460])
                        write(data[place : min(place + count, end)])
                        place += count
                        if stalls < 4 and bench.rng.random() < 0.1:
                            stalls += 1
                            time.sleep(bench.rng.uniform(0.05, 0.3))
                            # What ends no read but interrupts it.
                            process.send_signal(bench.rng.choice([signal.SIGWINCH, signal.SIGCONT, signal.SIGURG]))
                    if kind == "interrupted":
                        # Nothing more comes, and the other side keeps the line open.
                        time.sleep(0.2)
                        process.send_signal(signal.SIGINT)
                        result = bench.finish(process, timeout=15)
                        # Before the script is there, a signal ends the program as any other.
                        found = None if name == "script" and result.status == -signal.SIGINT else result.expect([130])
                        line.trial(found and f"{name}, {kind}: {found}")
                        close()
                        continue
                    close()
                except OSError as error:
                    line.trial(f"{name}, {kind}: {error}: {bench.finish(process, timeout=5).err[-200:]}")
                    continue
                result = bench.finish(process)
                line.trial((found := result.expect([0], says)) and f"{name}, {kind}: {found}")
    return line


def surroundings(bench, repeats):
    line = Line("no HOME, no terminal, no TMPDIR, odd TERM, locale and working folder gone")
    changes = [
        {"HOME": None}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"TERM": None}, {"TERM": "\x1b[31m"}, {"TERM": "x" * 9000},
        {"TMPDIR": "/nonexistent"}, {"LANG": "xx_YY", "LC_ALL": "nonsense"}, {"PATH": None}, {"COLUMNS": "-1"},
        {"COLUMNS": "99999999999999999999"}, {"LINES": "0", "COLUMNS": "0"}, {"NO_COLOR": "\x1b"}, {"NN_CAIRO": "/etc/passwd"},
    ]
    for _ in range(repeats):
        for change in changes:
            folder = bench.folder()
            (folder / "t.csv").write_text(table())
            line.trial(
                (found := bench.run(["-e", PLAIN + " | save m.safetensors"], folder, env=change).expect([0]))
                and f"{change}: {found}")
        folder = bench.folder()
        gone = folder / "gone"
        gone.mkdir()
        done = subprocess.run(
            ["timeout", "60", "sh", "-c", f"cd {gone} && rmdir {gone} && exec {bench.nn} -e 'print 1'"],
            capture_output=True, env=bench.environment({}))
        line.trial(None if done.returncode == 0 else f"working folder gone: {done.returncode} {done.stderr[-200:]}")
    return line


def limits(bench, repeats):
    # With three descriptors no program of this machine starts: its loader opens the libraries.
    line = Line("descriptors and memory limited (ulimit -n, -v)")
    for _ in range(repeats):
        for limit, values, name in [
            (resource.RLIMIT_NOFILE, (4, 5, 6, 8, 12, 20), "-n"),
            (resource.RLIMIT_AS, (150 << 20, 250 << 20, 400 << 20, 1 << 30), "-v"),
        ]:
            for value in values:
                folder = bench.folder()
                (folder / "t.csv").write_text(table())
                result = bench.run(["-e", PLAIN + " | save m.safetensors"], folder, limits=[(limit, value)])
                failure = result.expect([0, 1, 2])
                if not failure and result.status and "error" not in result.err:
                    failure = f"status {result.status} and nothing said"
                line.trial((failure or half_written(folder)) and f"ulimit {name} {value}: {failure}")
    return line
