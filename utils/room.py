"""Room on the disk for what HDF5 writes: the library cannot recover from a disk that fills up."""
from pathlib import Path

from utils.whole_files import CHUNK

_MARGIN = 2 ** 20       # bytes that stay free, for metadata that are written when the file is closed


def reserve(file, count):
    """Appends `count` zeros to an open binary file; HDF5 overwrites them and cuts off the rest.

    Raises:
        OSError: there is not as much room.
    """
    zeros = bytes(min(count, CHUNK))
    for first in range(0, count, CHUNK):
        file.write(zeros[:count - first])
    file.flush()


def check_room(path, count):
    """Makes sure that a new file can grow: writes a file of that size beside it, and removes it.

    Args:
        path: of the file.
        count: bytes that will be added to it.

    Raises:
        OSError: there is not as much room.
    """
    path = Path(f'{path}.room')
    try:
        with open(path, 'wb') as file:
            reserve(file, count + _MARGIN)
    finally:
        path.unlink(missing_ok=True)
