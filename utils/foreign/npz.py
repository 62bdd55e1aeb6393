"""Foreign .npz files: plain arrays, whose declared sizes are checked before memory is taken."""
import math
import os
import zipfile

import numpy as np

from utils.foreign.files import DamagedError, data_file

MAX_BYTES = 2 ** 31             # of the arrays of a foreign file
MAX_OWN_BYTES = 2 ** 38         # of a file of a checkpoint; it is not compressed, so the file is as large
MAX_EXPANSION = 100             # arrays may be this many times as large as their compressed file ...
FREE_BYTES = 2 ** 26            # ... and this large in any case: zeros compress a thousandfold
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)       # what numpy writes


def read_arrays(path, names=None, limit=MAX_BYTES):
    """{name: array} of an .npz file, without unpickling.

    Args:
        path: of the file.
        names: of the arrays to read, if they are there; None for all.
        limit: bytes that all arrays together may have.

    Raises:
        UnreadableError: the file cannot be read, is not an .npz file, or declares implausible sizes.
    """
    with data_file(path, limit) as file, zipfile.ZipFile(file) as members:
        found = {info.filename.removesuffix('.npy'): info for info in members.infolist()
                 if info.filename.endswith('.npy')}
        chosen = {name: info for name, info in found.items() if names is None or name in names}
        _check_total(path, chosen.values(), os.fstat(file.fileno()).st_size, limit)
        for name, info in chosen.items():
            _check_header(path, members, name, info)
        return {name: _array(members, info) for name, info in chosen.items()}


def _check_total(path, infos, size, limit):
    declared = sum(info.file_size for info in infos)
    stored = min(size, sum(info.compress_size for info in infos))       # parts may overlap
    allowed = min(limit, max(FREE_BYTES, MAX_EXPANSION * stored))
    if declared > allowed:
        raise DamagedError(path, f'it declares arrays of {declared} bytes in {stored}; expected at most '
                                 f'{allowed}')


def _check_header(path, members, name, info):
    """Refuses an array that is larger than its part of the file, or compressed as numpy never does."""
    if info.compress_type not in _METHODS:
        raise DamagedError(path, f'{name} has the compression method {info.compress_type}; expected 0 or 8')
    with members.open(info) as file:
        version = np.lib.format.read_magic(file)
        readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        if version not in readers:
            raise DamagedError(path, f'{name} has the .npy version {version}; expected 1.0 or 2.0')
        shape, _, dtype = readers[version](file)
    size = math.prod(shape) * max(dtype.itemsize, 1)
    if not dtype.hasobject and size > info.file_size:
        raise DamagedError(path, f'{name} declares {dtype} {list(shape)}, {size} bytes; got {info.file_size}')


def _array(members, info):
    with members.open(info) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
