"""New HDF5 files, whole or not there."""
import os
from contextlib import contextmanager

import h5py

from utils.whole_files import sync


@contextmanager
def new_file(path):
    """Yields an open `h5py.File`, which appears at `path` when the block ends without an exception."""
    unfinished = path.with_name(f'{path.name}.partial')
    with h5py.File(unfinished, 'w') as file:
        yield file
    sync(unfinished)
    os.replace(unfinished, path)
    sync(path.parent)


def add_frames(group, name, frames):
    """Adds [T, height, width, 3] uint8 frames, compressed one by one."""
    group.create_dataset(name, data=frames, compression='gzip', compression_opts=4,
                         chunks=(1, *frames.shape[1:]))
