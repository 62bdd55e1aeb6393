"""Detects the format of recorded episodes; a format is found by its folder."""
import importlib
import pkgutil

import envs.recorded
from envs.recorded.source import EpisodeSource
from utils.runs.directory import expanded


def open_source(args) -> EpisodeSource:
    """The episodes that the flags select, read by the first format that recognizes `--libero_path`.

    Without a path, or if no format recognizes it, the format with a default location for data is used. Its
    error names the files that it expected.

    Raises:
        UserError: a path is missing, or a file is invalid.
    """
    path = expanded('libero_path', args.libero_path) if args.libero_path else None
    readers = _readers()
    reader = next((reader for reader in readers if reader.recognizes(path)), None)
    return (reader or next(reader for reader in readers if reader.recognizes(None))).open_source(args)


def _readers():
    """The module `reader` of every format, in the order of their names."""
    folders = sorted(module.name for module in pkgutil.iter_modules(envs.recorded.__path__) if module.ispkg)
    return [importlib.import_module(f'envs.recorded.{name}.reader') for name in folders]
