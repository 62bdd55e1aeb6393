"""Programs in the environment of requirements-interop.txt, which has neither TensorFlow nor this project."""
import os
import subprocess

import pytest

from tests.pages import ROOT

PYTHON = ROOT / '.venv-interop' / 'bin' / 'python'


def need(*modules):
    """Skips a test where the environment, or a module in it, is missing."""
    if not PYTHON.exists():
        pytest.skip('.venv-interop is missing: make test-interop')
    for module in modules:
        if subprocess.run([PYTHON, '-c', f'import {module}'], capture_output=True).returncode:
            pytest.skip(f'{module} is in requirements-interop.txt')


def printed(code, folder, path=''):
    """[line] that a program prints.

    Args:
        code: text of the program.
        folder: where it runs.
        path: where it finds modules besides its environment.
    """
    environment = {**os.environ, 'PYTHONPATH': str(path), 'OMP_NUM_THREADS': '1'}      # tiny networks
    done = subprocess.run([PYTHON, '-c', code], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
