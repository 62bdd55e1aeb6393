"""One run of train.py as a process of its own, begun again from its checkpoint when it fails."""
import contextlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

from sweeps.state import never_began
from utils.runs.directory import in_use
from utils.runs.record import NAME

PROGRAM = Path(__file__).absolute().parent.parent / 'train.py'
_BAD_INPUT = 2      # exit status of what no second try can mend
_POLL_S = 0.5       # Ray takes a task back between two waits only


class Outcome(NamedTuple):
    """How a run ended.

    Attributes:
        status: exit status of its last process; None where it was not to be started any more.
        attempts: processes that were started.
        message: the end of what the last of them wrote to standard error.
    """

    status: int | None
    attempts: int
    message: str


class Stopping:
    """Ends processes when it is asked to; each saves a checkpoint first."""

    def __init__(self):
        self._lock, self._running, self.asked = threading.Lock(), set(), False

    def start(self, command, cwd):
        """The process, a `Popen`, or None once the end was asked for."""
        with self._lock:
            if self.asked:
                return None
            # a session of its own: Ctrl-C is for the sweep, which asks each run once
            process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True, errors='replace',
                                       start_new_session=True)
            self._running.add(process)
            return process

    def forget(self, process):
        """It has ended."""
        with self._lock:
            self._running.discard(process)

    def ask(self):
        """Every process is to end, and none to begin."""
        with self._lock:
            self.asked = True
            for process in self._running:
                process.send_signal(signal.SIGTERM)


def run_to_end(words, directory, retries, cwd, stopping):
    """Runs train.py until it is done, or has failed `retries` times more.

    Args:
        words: its flags.
        directory: of the run; it goes on where there is one.
        retries: how often to try again.
        cwd: working directory.
        stopping: a `Stopping`.

    Returns:
        Outcome.
    """
    outcome = Outcome(None, 0, '')
    while outcome.attempts <= retries:
        _wait_for(cwd / directory, stopping)
        resumed = ['--resume=True'] if (cwd / directory / NAME).exists() else []
        process = stopping.start([sys.executable, PROGRAM, *words, f'--run_dir={directory}', *resumed], cwd)
        if process is None:
            break
        try:
            said = _said(process)
        finally:        # Ray takes a task back by an exception
            _end(process)
            stopping.forget(process)
        outcome = Outcome(process.returncode, outcome.attempts + 1, '\n'.join(said.splitlines()[-20:]))
        if outcome.status in (0, _BAD_INPUT):
            break
    return outcome


def _wait_for(directory, stopping):
    """Waits while a process of an earlier sweep, which was killed, is still at this run."""
    while in_use(directory) and not stopping.asked:
        time.sleep(_POLL_S)
    if never_began(directory):
        shutil.rmtree(directory)


def _said(process):
    """What it writes to standard error until it ends."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_POLL_S)[1]


def _end(process):
    """Asks a process that is still there to end, and waits until it has saved itself."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait()
