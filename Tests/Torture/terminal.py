"""A shell on a pseudo-terminal, in the foreground of a session of its own, so that stopping it works as under any other shell."""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

# Leads the terminal's session and starts the program as its foreground job, as a shell does; says what becomes of it on descriptor 3.
LEADER = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
pid = os.fork()
if pid:
    # A terminal that is gone tells its leader, who tells the job.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(pid, signal.SIGHUP))
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.close(3)
    os.execv(sys.argv[1], sys.argv[1:])
os.write(3, b"pid %d\\n" % pid)
while True:
    _, status = os.waitpid(pid, os.WUNTRACED | os.WCONTINUED)
    if os.WIFSTOPPED(status): os.write(3, b"stopped\\n")
    elif os.WIFCONTINUED(status): os.write(3, b"continued\\n")
    else:
        code = os.waitstatus_to_exitcode(status)
        os.write(3, b"ended %d\\n" % code)
        break
"""


class Shell:
    def __init__(self, bench, folder, args=("repl",)):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.reports, writing = os.pipe()

        def place():
            os.dup2(writing, 3)

        self.leader = subprocess.Popen(
            [sys.executable, "-c", LEADER, bench.nn, *args], cwd=folder, stdin=slave, stdout=slave, stderr=slave,
            env=bench.environment({"TERM": "xterm", "HOME": str(folder), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None}),
            start_new_session=True, preexec_fn=place, pass_fds=(3, writing))
        os.close(slave)
        os.close(writing)
        self.text = ""
        self.report = ""
        self.seen = 0
        if not self.reported(r"pid (\d+)"):
            raise OSError("the shell did not start")
        self.pid = int(re.search(r"pid (\d+)", self.report)[1])

    def pump(self, seconds):
        """Takes in what is there, or what comes within so long."""
        sources = [fd for fd in (self.master, self.reports) if fd is not None]
        ready, _, _ = select.select(sources, [], [], seconds)
        for fd in ready:
            try:
                data = os.read(fd, 65536)
            except OSError as error:
                if error.errno not in (errno.EIO,):
                    raise
                data = b""
            if fd == self.reports:
                self.report += data.decode()
                if not data:
                    os.close(self.reports)
                    self.reports = None
            else:
                self.text += data.decode(errors="replace")
                if not data:
                    os.close(self.master)
                    self.master = None
        if not sources:
            time.sleep(seconds)

    def reported(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.report):
            if time.monotonic() > end or self.reports is None:
                return False
            self.pump(0.1)
        return True

    def shows(self, pattern, seconds=30):
        """Waits until the terminal shows something behind what was waited for before."""
        end = time.monotonic() + seconds
        while not (found := re.compile(pattern).search(self.text, self.seen)):
            if time.monotonic() > end or self.master is None:
                return False
            self.pump(0.1)
        self.seen = found.end()
        return True

    def rest(self, seconds):
        """Reads on for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)

    def type(self, text):
        if self.master is not None:
            os.write(self.master, text.encode())

    def send(self, number):
        os.kill(self.pid, number)

    def hang_up(self):
        if self.master is not None:
            os.close(self.master)
            self.master = None

    def ended(self, seconds=30):
        """The program's status, negative for the signal that it died of; None: it hangs, and is killed."""
        if not self.reported(r"ended (-?\d+)", seconds):
            self.send(signal.SIGKILL)
            self.reported(r"ended", 10)
            self.close()
            return None
        self.close()
        return int(re.search(r"ended (-?\d+)", self.report)[1])

    def close(self):
        self.hang_up()
        self.leader.wait()
        if self.reports is not None:
            os.close(self.reports)
            self.reports = None
