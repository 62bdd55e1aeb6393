"""Which format recorded episodes are in; knows formats only by their folders."""
import importlib
import pkgutil

import envs.recorded
from envs.recorded.source import EpisodeSource
from utils.runs.directory import expanded


def open_source(args) -> EpisodeSource:
    """The episodes that the flags name, read by the first format that recognizes `--libero_path`.

    Without a path, and where no format recognizes it, the format reads it that has a default place for
    data: its error says what it looked for.

    Raises:
        UserError: a path is missing, or a file cannot be used.
    """
    path = expanded('libero_path', args.libero_path) if args.libero_path else None
    readers = _readers()
    reader = next((reader for reader in readers if reader.recognizes(path)), None)
    return (reader or next(reader for reader in readers if reader.recognizes(None))).open_source(args)


def _readers():
    """The module `reader` of every format, in the order of their names."""
    folders = sorted(module.name for module in pkgutil.iter_modules(envs.recorded.__path__) if module.ispkg)
    return [importlib.import_module(f'envs.recorded.{name}.reader') for name in folders]
