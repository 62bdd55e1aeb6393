"""Frames decoded once, stored on disk at the input size of the networks, and mapped into memory."""
import contextlib
import fcntl
import hashlib
import json
import logging
import os
from pathlib import Path

import cv2
import numpy as np

from utils.errors import UserError, file_errors
from utils.whole_files import write_whole

LOG = logging.getLogger('rrd')
FORMAT = 2          # increase it when the same file is decoded differently


def default_directory():
    """The directory of decoded frames if --cache_dir is not given.

    Raises:
        UserError: the user has no home directory.
    """
    home = os.environ.get('XDG_CACHE_HOME') or '~/.cache'
    try:
        return Path(home).expanduser() / 'rrd' / 'libero'
    except RuntimeError as error:
        raise UserError(f'{error}; give --cache_dir, a folder for decoded frames') from error


def cached_frames(stored, size, directory, progress=None):
    """All frames of a file by one camera, [N, size, size, 3] uint8, upright; a read-only memory map.

    They are decoded at the first call; a second process that needs them waits for the first.

    Args:
        stored: the `StoredFrames`.
        size: height and width, pixels.
        directory: of the cache, created if it is missing.
        progress: function of the number of frames to a context manager with `update(n)`; None shows nothing.

    Raises:
        UserError: the frames cannot be read, or the directory cannot be written.
    """
    shape = (stored.count, size, size, 3)
    path = Path(directory) / f'{_key(stored, size)}.npy'
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path.with_suffix('.lock'), 'ab') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            frames = _mapped(path, shape)
            if frames is None:
                _fill(path, stored, shape, progress)
                frames = np.lib.format.open_memmap(path, mode='r')
        return frames
    except OSError as error:
        raise UserError(f'--cache_dir: {path.parent} cannot hold decoded frames ({error.strerror or error}); '
                        f'{np.prod(shape) / 2**20:.0f} MiB are required for {stored.path.name}') from error


def _key(stored, size):
    """What the frames depend on, as a name."""
    with file_errors(f'{stored.path} cannot be read'):
        stat = stored.path.stat()
    facts = [FORMAT, str(stored.path.resolve()), stat.st_size, stat.st_mtime_ns, size, stored.facts]
    return f'{stored.camera}-{size}-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}'


def _mapped(path, shape):
    """The file as a memory map; None if it is missing or damaged."""
    try:
        frames = np.lib.format.open_memmap(path, mode='r')      # `np.load` would try other formats as well
    except FileNotFoundError:
        return None
    except ValueError as error:
        LOG.warning('warning: %s is damaged (%s); its frames are decoded again', path, error)
        return None
    if frames.shape == shape and frames.dtype == np.uint8:
        return frames
    LOG.warning('warning: %s holds %s %s, expected %s; its frames are decoded again', path, frames.dtype,
                frames.shape, shape)
    return None


def _fill(path, stored, shape, progress):
    """Writes the file at `path` atomically; the partial file of a killed process is overwritten."""
    def decode(out):
        header = {'descr': '|u1', 'fortran_order': False, 'shape': shape}
        np.lib.format.write_array_header_1_0(out, header)
        for frames in stored.read():
            for frame in frames:
                out.write(_resized(frame, shape[1]).tobytes())
            if bar is not None:
                bar.update(len(frames))

    with progress(shape[0]) if progress else contextlib.nullcontext() as bar:
        write_whole(path, decode)


def _resized(frame, size):
    """[size, size, 3]: area averages when shrinking, linear interpolation when enlarging."""
    if frame.shape[:2] == (size, size):
        return frame
    shrinks = min(frame.shape[:2]) >= size
    return cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
