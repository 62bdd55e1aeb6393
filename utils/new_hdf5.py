"""New HDF5 files, whole or not there."""
import os
from contextlib import contextmanager

import h5py

from utils.errors import UserError
from utils.room import check_room
from utils.whole_files import sync

_FULL = 'No space left on device'


@contextmanager
def new_file(path):
    """Yields an open `h5py.File`, which appears at `path` when the block ends without an exception.

    Raises:
        UserError: the disk is full, or the file cannot be written.
    """
    unfinished = path.with_name(f'{path.name}.partial')
    try:
        check_room(unfinished, 0)
        with h5py.File(unfinished, 'w') as file:
            yield file
        sync(unfinished)
        os.replace(unfinished, path)
        sync(path.parent)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError | RuntimeError):       # HDF5 puts the cause into a long text
            cause = _FULL if _FULL in str(error) else str(error)
            raise UserError(f'cannot write {path}: {cause}') from error
        raise
