"""Room on the disk for what HDF5 writes: the library cannot recover from a disk that fills up."""
from utils.whole_files import CHUNK


def reserve(file, count):
    """Appends `count` zeros to an open binary file; HDF5 overwrites them and cuts off the rest.

    Raises:
        OSError: the disk has too little room.
    """
    zeros = bytes(min(count, CHUNK))
    for first in range(0, count, CHUNK):
        file.write(zeros[:count - first])
    file.flush()
