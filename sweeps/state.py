"""The progress of a run, read from its directory."""
from typing import NamedTuple

from utils.foreign.files import MissingError
from utils.foreign.tables import read_rows
from utils.runs.conclusion import is_concluded
from utils.runs.record import NAME


class Progress(NamedTuple):
    """The progress of a run.

    Attributes:
        cycles: number of complete cycles.
        last: {column: text} of the last row, empty before the first.
    """

    cycles: int
    last: dict


def progress(directory):
    """The `Progress` of the run in `directory`, which may not exist yet, or end within a row.

    Raises:
        UserError: progress.csv cannot be read, or is not a table.
    """
    try:
        rows = read_rows(directory / 'progress.csv')
    except MissingError:
        return Progress(0, {})
    return Progress(len(rows), rows[-1] if rows else {})


def is_finished(run):
    """Whether a run is complete: it has every row, and the last checkpoint and its report if it keeps any."""
    checkpoints, last = run.directory / 'checkpoints', f'ckpt-{run.num_cycles:06d}'
    if progress(run.directory).cycles < run.num_cycles:
        return False
    if not checkpoints.exists():
        return True
    reports = run.args.env_category == 'recorded'
    return (checkpoints / last).exists() and (not reports or is_concluded(run.directory, last))


def never_began(directory):
    """Whether a process was killed between making this directory and its record, so that it has no result."""
    left = {'checkpoints', 'checkpoints/lock', f'{NAME}.partial'}
    return directory.is_dir() and {str(path.relative_to(directory)) for path in directory.rglob('*')} <= left
