"""What a run promises at its end, and whether it is there."""
import json
from pathlib import Path

from utils.errors import UserError, file_errors
from utils.foreign.files import UnreadableError, read_bytes
from utils.foreign.json_files import read_json
from utils.foreign.tables import MAX_BYTES
from utils.whole_files import write_whole

MARKER = Path('checkpoints', 'concluded.json')      # written last; without it, the report is made again


def mark_concluded(directory, checkpoint, files):
    """Records that the run has reported on its checkpoint.

    Args:
        directory: of the run.
        checkpoint: name of the newest checkpoint.
        files: names of the files that the conclusion wrote into the directory.

    Raises:
        UserError: the record cannot be written.
    """
    text = json.dumps({'checkpoint': checkpoint, 'files': list(files)}) + '\n'
    with file_errors(f'cannot write {directory / MARKER}'):
        write_whole(directory / MARKER, lambda file: file.write(text.encode()))


def is_concluded(directory, checkpoint):
    """Whether the run has reported on `checkpoint`, and the files of that report are still there."""
    try:
        record = read_json(directory / MARKER)
        return record['checkpoint'] == checkpoint and all((directory / name).is_file()
                                                         for name in record['files'])
    except (UnreadableError, OSError, KeyError, TypeError):     # missing, or not by `mark_concluded`
        return False


def check_results(directory, num_rows, has_returns):
    """Checks the files that only training could write again.

    Args:
        directory: of the run.
        num_rows: rows of progress.csv at the last checkpoint.
        has_returns: whether the run writes rews.npz.

    Raises:
        UserError: a file is missing, or progress.csv has fewer rows.
    """
    path = directory / 'progress.csv'
    try:
        count = read_bytes(path, MAX_BYTES).count(b'\n') - 1
    except UnreadableError as error:
        raise UserError(f'cannot read {path}, a result of this finished run: {error.cause}') from error
    if count < num_rows:
        raise UserError(f'{path} has {max(count, 0)} rows; expected the {num_rows} of this finished run')
    if has_returns and not (directory / 'rews.npz').is_file():
        raise UserError(f'{directory / "rews.npz"} is missing, a result of this finished run')
