"""Foreign HDF5 files, and the sizes that their arrays declare."""
import math
from contextlib import contextmanager

from utils.foreign.files import UnreadableError, data_file, reading

# raised by h5py where a file is damaged; a name that is not UTF-8 causes TypeError or UnicodeError
UNREADABLE = (OSError, RuntimeError, LookupError, TypeError, ValueError, ArithmeticError, MemoryError)
MAX_FILE_BYTES = 2 ** 42        # frames are read in parts, so the size of a file takes no memory
MAX_ARRAY_BYTES = 2 ** 37       # of one array
MAX_ROW_BYTES = 2 ** 25         # of one row, such as a frame
MAX_EXPANSION = 300             # an array may be this many times as large as what is stored of it ...
FREE_BYTES = 2 ** 28            # ... and this large in any case: zeros compress a thousandfold
_FILTER = ('if it is compressed by a filter that is missing: pip install hdf5plugin, and set '
           'HDF5_PLUGIN_PATH to its PLUGIN_PATH')
_REMEDIES = {                   # part of h5py's text: what to do
    'file signature not found': 'it is not HDF5, or not complete: copy or download it again',
    'truncated file': 'it is not complete: copy or download it again',
    'unable to lock file': 'wait for the process that writes it, or set HDF5_USE_FILE_LOCKING=FALSE if '
                           'there is none',
    'open directory': _FILTER, 'required filter': _FILTER,
}


@contextmanager
def hdf5_file(path):
    """The open `h5py.File`, for reading.

    Raises:
        UnreadableError: it cannot be opened, or h5py fails in the `with` block.
    """
    import h5py
    with data_file(path, MAX_FILE_BYTES):
        pass        # it is a regular file of data
    try:
        with reading(path, UNREADABLE), h5py.File(path, 'r') as file:
            yield file
    except UnreadableError as error:
        raise type(error)(path, advised(error.cause)) from error


def advised(cause):
    """The text of an error of h5py, with what to do about it if that is known."""
    remedies = [remedy for part, remedy in _REMEDIES.items() if part in cause]
    return '; '.join([cause, *remedies[:1]])


def excess(dataset):
    """Why the declared size of an open `h5py.Dataset` is implausible; '' if it is not."""
    shape, item = list(dataset.shape or ()), max(dataset.dtype.itemsize, 1)
    size, row, stored = math.prod(shape) * item, math.prod(shape[1:]) * item, dataset.id.get_storage_size()
    allowed = min(MAX_ARRAY_BYTES, max(FREE_BYTES, MAX_EXPANSION * stored))
    if size > allowed:
        return (f'Unable to allocate {size} bytes for the declared {dataset.dtype} {shape}; expected at most '
                f'{allowed}, as the file holds {stored}')
    if row > MAX_ROW_BYTES:
        return (f'Unable to allocate rows of {row} bytes for the declared {dataset.dtype} {shape}; '
                f'expected at most {MAX_ROW_BYTES}')
    return ''
