"""Where the program of the tester writes: its lines, its table, and a new file."""
import os

from utils.errors import UserError
from utils.logs.console import plain_logger
from utils.logs.sinks import TableSink
from utils.runs.directory import expanded


def free_path(text):
    """The path of a new file.

    Raises:
        UserError: it exists, or its folder is not writable.
    """
    path = expanded('out', text)
    if os.path.lexists(path):       # a link to nothing, too
        raise UserError(f'--out={text} exists and is not overwritten')
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UserError(f'--out={text}: {path.parent} is not a writable directory')
    return path


def report(found, row):
    """Reports the numbers as a table."""
    TableSink(open_logger(found)).write(0, row)


def open_logger(found):
    """The logger of the report; its first line names the checkpoint."""
    logger = plain_logger()
    for path, wrong in found.damaged.items():
        logger.warning('warning: %s is damaged: %s', path, wrong)
    logger.info('%s', os.fspath(found.path))
    return logger
