"""Detects and removes files of a run that failed or was killed before its first checkpoint."""
import os

from utils.checkpoints.files import CheckpointFiles
from utils.errors import UserError, file_errors
from utils.foreign.files import read_bytes
from utils.foreign.tables import MAX_BYTES
from utils.runs.directory import LOCK
from utils.runs.record import NAME

_EVENTS = 'events.out.tfevents.'
_NAMES = {LOCK.parent.name, NAME, 'log.txt', 'progress.csv'}


def has_only_leftovers(path):
    """Whether `path` contains only files of a run without a checkpoint and without results.

    A new run may use such a directory. The result is False if it contains any other file.
    """
    if not os.path.isfile(path / LOCK):     # the first file that a run creates
        return False
    with file_errors(f'cannot read {path}'):
        names = {entry.name for entry in path.iterdir() if not entry.name.startswith(_EVENTS)}
    return names <= _NAMES and not CheckpointFiles(path / LOCK.parent).names() and not _has_results(path)


def remove_leftovers(path):
    """Clears the directory of a run that never reached its first step; keeps args.json and log.txt.

    Raises:
        UserError: it contains results but no checkpoint.
    """
    if _has_results(path):
        raise UserError(f'--resume=True: {path} has results but no checkpoint; it cannot be resumed')
    (path / 'progress.csv').unlink(missing_ok=True)
    for events in path.glob(f'{_EVENTS}*'):
        events.unlink()


def _has_results(path):
    rows = path / 'progress.csv'
    return (path / 'rews.npz').exists() or (rows.exists() and read_bytes(rows, MAX_BYTES).count(b'\n') > 1)
