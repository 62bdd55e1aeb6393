"""Sweeps of one tiny run in separate processes, for tests that kill and stop them."""
import os
import signal
import subprocess
import sys

from sweeps.process import PROGRAM
from sweeps.state import progress
from tests.sweeps.programs import until

ROOT = PROGRAM.parent
FLAGS = ('--alg=sac', '--env=Pendulum-v1', '--seed=4', '--epochs=1', '--cycles=8', '--iterations=10',
         '--warmup=200', '--test_timesteps=100', '--train_batches=10', '--test_rollouts=1', '--batch_size=16')
NAME = 'sac-Pendulum-v1-seed4'


def begin(out, *flags):
    """The process of a sweep in `out`."""
    return subprocess.Popen([sys.executable, 'sweep.py', f'--out={out}', *FLAGS, *flags], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def ended(process):
    """(exit status, first line) of a sweep."""
    output, _ = process.communicate(timeout=300)
    return process.returncode, output.partition('\n')[0]


def train_alone(directory):
    """The same run, without a sweep."""
    subprocess.run([sys.executable, PROGRAM, *FLAGS, '--inter_op_threads=1', '--intra_op_threads=1',
                    f'--run_dir={directory}'], cwd=ROOT, check=True, capture_output=True, timeout=300)


def wait_for_rows(directory, count):
    """Waits for the first cycles of a run."""
    until(lambda: progress(directory).cycles >= count, 120)


def kill_run(directory):
    """Kills the process of a run in its third cycle with SIGKILL."""
    wait_for_rows(directory, 2)
    process, = _processes(directory)
    os.kill(process, signal.SIGKILL)


def is_running(directory):
    """Whether the run has a process."""
    return bool(_processes(directory))


def _processes(directory):
    found = subprocess.run(['pgrep', '-f', '--', f'--run_dir={directory}( |$)'], text=True,
                           capture_output=True)
    return [int(number) for number in found.stdout.split()]
