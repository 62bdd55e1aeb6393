"""Puts LIBERO's meshes and textures into this Python's package: `python -m envs.libero_sim assets`."""
import os

from envs.libero_sim.assets import VARIABLE, install
from envs.libero_sim.own_python import ROOT
from envs.libero_sim.packages import package_folder
from utils.flags.command_line import parse
from utils.logs.console import plain_logger

BESIDE = (ROOT.parent / 'shared' / 'libero' / 'assets.tar.zst', ROOT / 'assets.tar.zst')


def main(words):
    """Reports in one line where the assets were found, or how to get them.

    Args:
        words: the command line; there are no flags.

    Raises:
        UserError: as of `install`.
    """
    parse({}, (), words, None, description=__doc__, usage='python -m envs.libero_sim assets')
    plain_logger().info('%s', install(package_folder(), os.environ.get(VARIABLE, ''), BESIDE))
