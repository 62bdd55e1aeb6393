"""New HDF5 files, whole or not there."""
import os
from contextlib import contextmanager

import h5py

from utils.room import check_room
from utils.whole_files import sync


@contextmanager
def new_file(path):
    """Yields an open `h5py.File`, which appears at `path` when the block ends without an exception.

    Raises:
        OSError: it cannot be written; before h5py does, where it is `check_group` or `add_frames` that fails.
    """
    unfinished = path.with_name(f'{path.name}.partial')
    check_room(unfinished, 0)
    with h5py.File(unfinished, 'w') as file:
        yield file
    sync(unfinished)
    os.replace(unfinished, path)
    sync(path.parent)


def check_group(group, arrays):
    """Makes sure that there is room for arrays in a group of an open file.

    Raises:
        OSError: there is none.
    """
    check_room(group.file.filename, sum(array.nbytes for array in arrays))


def add_frames(group, name, frames):
    """Adds [T, height, width, 3] uint8 frames, compressed one by one.

    Raises:
        OSError: there is no room.
    """
    check_group(group, [frames])
    group.create_dataset(name, data=frames, compression='gzip', compression_opts=4,
                         chunks=(1, *frames.shape[1:]))
