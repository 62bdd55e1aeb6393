"""Decodes, resizes and writes the frames of a file of the cache, at the same time."""
import contextlib
import functools
import io

import numpy as np

from envs.recorded.checksum import EMPTY, extended, write_checksum
from envs.recorded.resizing import resized
from envs.recorded.source import Damaged
from utils.early_sync import EarlySync
from utils.errors import UserError
from utils.host import cores
from utils.in_order import in_order
from utils.whole_files import write_whole

MAX_THREADS = 4     # that resize; from HDF5, these resize about as fast as one thread reads and writes


def num_threads():
    """Number of threads that resize."""
    return min(MAX_THREADS, cores())


def fill(path, stored, shape, progress, strict):
    """Writes a file of frames and its checksum atomically, over the partial file of a killed process.

    This thread decodes and writes, and others resize. Memory is required for a few blocks of frames.

    Args:
        path: of the file.
        stored: the `StoredFrames`.
        shape: (N, size, size, 3) of all frames.
        progress: function of the number of frames to a context manager with `update(n)`; None shows nothing.
        strict: raise for an episode whose frames cannot be read; otherwise its rows are black.

    Raises:
        UserError: the frames cannot be read.
        OSError: the file cannot be written.
    """
    checksum, damaged = EMPTY, {}

    def put(out, content):
        nonlocal checksum
        out.write(content)
        checksum = extended(checksum, content)

    def write(file):
        resize = functools.partial(resized, size=shape[1])
        frames = in_order(resize, _decoded(stored, shape[1], strict, damaged), num_threads())
        with EarlySync(file) as out, contextlib.closing(frames):
            put(out, _header(shape))
            for block in frames:
                put(out, block.reshape(-1))     # its length is that in bytes
                if bar is not None:
                    bar.update(len(block))

    with progress(shape[0]) if progress else contextlib.nullcontext() as bar:
        write_whole(path, write)
    write_checksum(path, checksum, damaged)


def _decoded(stored, size, strict, damaged):
    """Yields blocks of frames, black ones for unreadable frames, whose {episode: reason} become `damaged`."""
    for frames in stored.read():
        if isinstance(frames, Damaged):
            if strict:
                raise UserError(f'{stored.path}: {frames.reason}')
            damaged[frames.episode] = frames.reason
            frames = np.zeros((frames.count, size, size, 3), np.uint8)
        yield frames


def _header(shape):
    """The first bytes of an .npy file of uint8 in C order."""
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {'descr': '|u1', 'fortran_order': False, 'shape': shape})
    return out.getvalue()
