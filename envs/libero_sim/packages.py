"""The packages of the simulator: where they are, their versions, and the line about one that is missing."""
import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from utils.errors import UserError

# {module: its package}
MODULES = {'libero': 'hf-libero', 'robosuite': 'robosuite', 'mujoco': 'mujoco'}


def missing():
    """Names of the packages of the simulator that this Python lacks; it imports none of them."""
    return [package for module, package in MODULES.items() if importlib.util.find_spec(module) is None]


def check_installed():
    """Checks that this Python has the simulator.

    Raises:
        UserError: a package is missing; names the command that installs it.
    """
    if absent := missing():
        raise UserError(f'{absent[0]} is not installed for {sys.executable}; run `make libero` once, and use '
                        '.venv-libero/bin/python')


def package_folder():
    """The folder `libero/libero` of the installed package; importing it might ask a question.

    Raises:
        UserError: a package is missing.
    """
    check_installed()
    return Path(importlib.util.find_spec('libero').submodule_search_locations[0]) / 'libero'


def versions():
    """{package: its version} of the simulator.

    Raises:
        UserError: a package is missing.
    """
    check_installed()
    return {package: importlib.metadata.version(package) for package in MODULES.values()}
