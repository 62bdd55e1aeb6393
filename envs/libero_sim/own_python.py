"""Runs a command of the simulator by the Python of `.venv-libero`, whichever Python it was started by."""
import os
import sys
from pathlib import Path

from envs.libero_sim.packages import missing
from utils.errors import UserError

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / '.venv-libero'
PYTHON = ENVIRONMENT / 'bin' / 'python'


def command(words):
    """(path of the Python, [word] of its command line, its environment) of a command of the simulator.

    Args:
        words: what follows `python -m envs.libero_sim`.

    Raises:
        UserError: `.venv-libero` was not made.
    """
    if not PYTHON.exists():
        raise UserError(f'{PYTHON} does not exist; run `make libero` once in {ROOT}')
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get('PYTHONPATH', '')])])
    return PYTHON, [str(PYTHON), '-m', 'envs.libero_sim', *words], {**os.environ, 'PYTHONPATH': path}


def replace_process(words, execute=os.execve):
    """Starts the command again by `.venv-libero`, in place of this process, if this Python lacks packages.

    Args:
        words: as for `command`.
        execute: replaces the process.

    Raises:
        UserError: `.venv-libero` was not made, or lacks packages itself.
    """
    absent = missing()
    if not absent:
        return
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        raise UserError(f'{absent[0]} is not installed in {ENVIRONMENT}; run `make libero` again')
    execute(*command(words))
