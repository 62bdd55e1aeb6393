"""New HDF5 files, whole or not there, also on a disk that becomes full."""
import io
import os
from contextlib import contextmanager

import h5py

from utils.errors import file_errors
from utils.whole_files import sync


@contextmanager
def new_file(path):
    """Yields an open `h5py.File`, which appears at `path` when the block ends without an exception.

    Raises:
        UserError: the disk is full, or the file cannot be written.
    """
    unfinished = path.with_name(f'{path.name}.partial')
    try:
        with file_errors(f'cannot write {path}'):
            with CheckedFile(unfinished, 'w+') as checked:
                try:
                    with h5py.File(checked, 'w') as file:
                        yield file
                finally:        # an exception of HDF5 may follow from the error
                    if checked.error is not None:
                        raise checked.error
            sync(unfinished)
            os.replace(unfinished, path)
            sync(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


class CheckedFile(io.FileIO):
    """A file that keeps its first error of writing: HDF5 would end the process where it cannot write."""

    error = None

    def write(self, content):
        """Writes all of `content`; nothing once there was an error."""
        left = memoryview(content).cast('B')
        try:
            while self.error is None and len(left):
                left = left[self.append(left):]
        except OSError as error:
            self.error = error
        return len(content)

    def append(self, content):
        """Writes a part of `content`; returns its number of bytes."""
        return super().write(content)

    def truncate(self, size=None):
        """Sets the size, unless that fails."""
        try:
            return super().truncate(size)
        except OSError as error:
            self.error = self.error or error
            return size
