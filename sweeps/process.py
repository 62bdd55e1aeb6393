"""One run of train.py as a process, restarted from its checkpoint when it fails."""
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
_BAD_INPUT = 2      # exit status of an error that a second attempt cannot fix
_POLL_S = 0.5       # Ray cancels a task only between two waits


class Outcome(NamedTuple):
    """How a run ended.

    Attributes:
        status: exit status of its last process; None if it was not started.
        attempts: number of processes that were started.
        message: the end of the standard error of the last process.
    """

    status: int | None
    attempts: int
    message: str


class Stopping:
    """Ends processes on request; each saves a checkpoint first."""

    def __init__(self):
        self._lock, self._running, self.asked = threading.Lock(), set(), False

    def start(self, command, cwd):
        """The process, a `Popen`, or None once `ask` was called."""
        with self._lock:
            if self.asked:
                return None
            # its own session: Ctrl-C reaches only the sweep, which asks each run once
            process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True, errors='replace',
                                       start_new_session=True)
            self._running.add(process)
            return process

    def forget(self, process):
        """Removes a process that has ended."""
        with self._lock:
            self._running.discard(process)

    def ask(self):
        """Asks every process to end; no further one starts."""
        with self._lock:
            self.asked = True
            for process in self._running:
                process.send_signal(signal.SIGTERM)


def run_to_end(words, directory, retries, cwd, stopping):
    """Runs train.py until it is done, or has failed `retries` + 1 times.

    Args:
        words: its flags.
        directory: of the run; an existing run is resumed.
        retries: how often a failed run is restarted.
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
            written = _stderr_of(process)
        finally:        # Ray cancels a task by an exception
            _end(process)
            stopping.forget(process)
        outcome = Outcome(process.returncode, outcome.attempts + 1, '\n'.join(written.splitlines()[-20:]))
        if outcome.status in (0, _BAD_INPUT):
            break
    return outcome


def _wait_for(directory, stopping):
    """Waits while a process that an earlier, killed sweep left behind still works on this run."""
    while in_use(directory) and not stopping.asked:
        time.sleep(_POLL_S)
    if never_began(directory):
        shutil.rmtree(directory)


def _stderr_of(process):
    """The standard error of a process, once it has ended."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_POLL_S)[1]


def _end(process):
    """Asks a process that still runs to end, and waits until it has saved a checkpoint."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait()
