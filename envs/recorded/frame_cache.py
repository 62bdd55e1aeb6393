"""Frames decoded once, stored on disk at the input size of the networks, and mapped into memory."""
import contextlib
import fcntl
import hashlib
import json
import logging
import os
from pathlib import Path

import numpy as np

from envs.recorded.checksum import damage, read_note
from envs.recorded.filling import fill
from utils.errors import UserError, file_errors

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


def cached_frames(stored, size, directory, progress=None, skip=None):
    """All frames of a file by one camera, [N, size, size, 3] uint8, upright; a read-only memory map.

    They are decoded at the first call; a second process that needs them waits for the first. A checksum is
    stored beside them, and verified at every call: a damaged file is decoded again. A complete file in a
    directory that cannot be written is used as it is.

    Args:
        stored: the `StoredFrames`.
        size: height and width, pixels.
        directory: of the cache, created if it is missing.
        progress: function of the number of frames to a context manager with `update(n)`; None shows nothing.
        skip: function of (name of an episode, reason), called if its frames cannot be read, whose rows are
            black; None raises instead.

    Raises:
        UserError: the frames cannot be read, or the directory cannot be written.
    """
    shape = (stored.count, size, size, 3)
    path = Path(directory) / f'{_key(stored, size)}.npy'
    damaged = {}
    try:
        with _only_process(path):
            frames = _mapped(path, shape)
            if frames is None:
                fill(path, stored, shape, progress, skip is None)
                frames = np.lib.format.open_memmap(path, mode='r')
            damaged = read_note(path)
    except OSError as error:
        raise UserError(f'--cache_dir: {path.parent} cannot hold decoded frames ({error.strerror or error}); '
                        f'{np.prod(shape) / 2**20:.0f} MiB are required for {stored.path.name}') from error
    for episode, why in damaged.items():
        if skip is None:
            raise UserError(f'{stored.path}: {why}')
        skip(episode, why)
    return frames


@contextlib.contextmanager
def _only_process(path):
    """Excludes other processes from filling `path`, unless the file is there and its folder is read-only."""
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(open(path.with_suffix('.lock'), 'ab'))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            if not path.exists():
                raise
        yield


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
        wrong = _wrong(frames, shape) or damage(path)
    except FileNotFoundError:
        return None
    except ValueError as error:
        wrong = str(error)
    if not wrong:
        return frames
    LOG.warning('warning: %s is damaged (%s); its frames are decoded again', path, wrong)
    return None


def _wrong(frames, shape):
    """What is wrong with the header of a file; '' if nothing is."""
    if frames.shape != shape or frames.dtype != np.uint8:
        return f'it holds {frames.dtype} {frames.shape}, expected uint8 {shape}'
    # another order of the axes would transpose every frame
    return '' if frames.flags.c_contiguous else 'it is in Fortran order, expected C order'
