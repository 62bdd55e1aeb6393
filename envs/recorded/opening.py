"""Detects the format of recorded episodes; a format is found by its folder."""
import importlib
import os
import pkgutil

import envs.recorded
from envs.recorded.source import EpisodeSource
from utils.errors import UserError
from utils.flags.suites import OWN_DATA
from utils.runs.directory import expanded


def open_source(args) -> EpisodeSource:
    """The episodes that the flags select, read by the `reader_of` their path.

    Raises:
        UserError: a path is missing, or a file is invalid.
    """
    return reader_of(args).open_source(args)


def reader_of(args):
    """The module `reader` of the first format that recognizes the path of the flags.

    The path is --data_path of own data, otherwise --libero_path. Without one, or if no format recognizes it,
    the format with a default location for data is used. Its error names the files that it expected.

    Raises:
        UserError: no format recognizes it.
    """
    flag = 'data_path' if args.env == OWN_DATA else 'libero_path'
    path = expanded(flag, args[flag]) if args[flag] else None
    serving = [reader for reader in readers() if reader.serves(args.env)]
    reader = next((reader for reader in serving if reader.recognizes(path)), None)
    default = next((reader for reader in serving if reader.recognizes(None)), None)
    if reader is None and default is None:
        raise UserError(f'--{flag}={args[flag]}: expected features.json and dataset_info.json (RLDS), '
                        f'meta/info.json (LeRobot), data/main_data.hdf5 (Minari) or .hdf5 files (robomimic), '
                        f'got {_found(path)}')
    return reader or default


def format_of(args):
    """Name of the format of the episodes that the flags select: 'libero', 'rlds', 'lerobot' or 'robomimic'.

    Raises:
        UserError: as of `reader_of`.
    """
    return reader_of(args).__name__.split('.')[-2]


def readers():
    """The module `reader` of every format, in the order of their names."""
    folders = sorted(module.name for module in pkgutil.iter_modules(envs.recorded.__path__) if module.ispkg)
    return [importlib.import_module(f'envs.recorded.{name}.reader') for name in folders]


def _found(path):
    """What is at a path, for an error."""
    try:
        if not path.is_dir():
            return 'a file of another kind' if os.path.exists(path) else 'nothing: it does not exist'
        names = sorted(each.name for each in path.iterdir())
    except OSError as error:
        return error.strerror
    more = f' and {len(names) - 5} more' if len(names) > 5 else ''
    return ', '.join(names[:5]) + more or 'an empty folder'
