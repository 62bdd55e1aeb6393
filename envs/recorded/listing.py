"""Lists recorded episodes of any format: `python -m envs.recorded DIR`."""
import os
import sys

from envs.recorded.opening import readers
from utils.errors import UserError, run
from utils.flags.command_line import parse
from utils.logs.console import plain_logger
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Reports the episodes of a path; `argv` is the command line, None for this process's.

    Raises:
        UserError: the path is of no known format, or cannot be read.
    """
    path = parse_words(sys.argv[1:] if argv is None else argv)
    if not os.path.exists(path):        # False, too, where the name is too long
        raise UserError(f'{path}: expected recorded episodes; it does not exist')
    reader = next((reader for reader in readers() if reader.recognizes(path)), None)
    if reader is None:
        raise UserError(f'{path}: expected a data set in RLDS (features.json and dataset_info.json), of '
                        'LeRobot (meta/info.json) or of Minari (data/main_data.hdf5), or HDF5 files of '
                        'LIBERO or in the layout of robomimic')
    for text in reader.describe(path):
        plain_logger().info('%s\n', text)


def parse_words(words):
    """The path of a command line.

    Raises:
        UserError: it is missing, or something follows it.
    """
    has_path = bool(words) and not words[0].startswith('-')
    parse({}, (), words[has_path:], None, description=__doc__, usage='python -m envs.recorded DIR')
    if not has_path:
        raise UserError('expected a folder or a file first: python -m envs.recorded DIR')
    return expanded('DIR', words[0])
