"""Opens files that others wrote. An error names the file, the reason, and what to do about it."""
from contextlib import contextmanager

import h5py

from utils.errors import UserError
from utils.text import one_line

UNREADABLE = (OSError, RuntimeError, KeyError)      # raised by h5py if a file is damaged
_POINTER = b'version https://git-lfs.github.com/spec/'
_REMEDIES = {       # part of h5py's text: what to do
    'file signature not found': 'it is not HDF5, or was not copied completely: copy or download it again',
    'truncated file': 'it was not copied completely: copy or download it again',
    'unable to lock file': 'another process may be writing to it: wait for that process, or set '
                           'HDF5_USE_FILE_LOCKING=FALSE if there is none, as on some network file systems',
    'open directory': 'it may be compressed by a filter that is not installed: pip install hdf5plugin, and '
                      'set HDF5_PLUGIN_PATH to the folder hdf5plugin.PLUGIN_PATH, or repack the file by '
                      'h5repack -f GZIP=4',
}
_REMEDIES['required filter'] = _REMEDIES['open directory']


@contextmanager
def hdf5_file(path):
    """The open `h5py.File`, for reading.

    Raises:
        UserError: it cannot be opened, or h5py raises an error in the `with` block.
    """
    try:
        if absent := absent_content(path):
            raise UserError(one_line(f'{path} cannot be read as HDF5: {absent}'))
        with h5py.File(path, 'r') as file:
            yield file
    except UNREADABLE as error:
        raise UserError(one_line(f'{path} cannot be read as HDF5: {reason(error)}')) from error


def reason(error):
    """The text of an error of h5py, with what to do about it if that is known."""
    remedies = [remedy for part, remedy in _REMEDIES.items() if part in str(error)]
    return '; '.join([str(error), *remedies[:1]])


def absent_content(path):
    """Why the content of a file is not there, with what to do about it; '' if it is there.

    Raises:
        OSError: the file cannot be read.
    """
    with open(path, 'rb') as file:
        start = file.read(len(_POINTER))
    if start == _POINTER:
        return 'it is a pointer of Git LFS in place of the data; download them by: git lfs pull'
    return '' if start else 'it is empty; copy or download it again'
