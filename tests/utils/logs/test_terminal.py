"""Programs whose standard output is closed early, as by `... | head -2`."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLAYS = """
from types import SimpleNamespace
from tester.__main__ import open_logger
logger = open_logger(SimpleNamespace(damaged={}, path='checkpoint'))
logger.info('a table')
"""
TRAINS = """
from utils.logs.console import Console
console = Console('/dev/null')
console.logger.info('a line')
console.logger.info('another')
console.close()
"""
PROGRAMS = {'lists': ['-m', 'envs.libero', 'data/libero_sample'], 'plays': ['-c', PLAYS],
            'trains': ['-c', TRAINS]}


def start(words, stdout):
    # buffered, as is Python's default: the rest of the buffer is written at exit
    env = {name: value for name, value in os.environ.items() if name != 'PYTHONUNBUFFERED'}
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=env, stdout=stdout, stderr=subprocess.PIPE,
                          text=True, timeout=120)


@pytest.mark.parametrize('program', PROGRAMS)
def test_a_program_with_a_closed_pipe_ends_normally_without_a_message(program):
    reader, writer = os.pipe()
    os.close(reader)
    done = start(PROGRAMS[program], writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, '')


def test_a_program_started_without_standard_output_ends_normally_without_a_message():
    closing = f'import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, "-c", {PLAYS!r}])'
    done = start(['-c', closing], subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (0, '')
