"""Atomic file writes, and fingerprints that detect damage."""
import hashlib
import os
from pathlib import Path

from utils.foreign.files import opened

CHUNK = 2 ** 20     # bytes read at a time


def write_whole(path, write):
    """Writes a file atomically: an existing file stays until the new one is on disk.

    Args:
        path: path of the file.
        write: function that writes into a binary file.

    Raises:
        OSError: the file could not be written; nothing has changed.
    """
    path = Path(path)
    partial = path.with_name(f'{path.name}.partial')
    try:
        with open(partial, 'wb') as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path):
    """Waits until the contents of the file, or the entries of the directory, `path` are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fingerprint(path):
    """{'bytes': size, 'sha256': checksum} of a file."""
    digest, size = hashlib.sha256(), 0
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {'bytes': size, 'sha256': digest.hexdigest()}


def damage(path, expected):
    """Describes how a file differs from its fingerprint `expected`; '' if it does not."""
    try:
        with opened(path) as file:      # before the size: a pipe or a device has none
            size = os.fstat(file.fileno()).st_size
        if size != expected['bytes']:
            return f'{path} has {size} bytes, expected {expected["bytes"]}'
        if fingerprint(path) != expected:
            return f'{path} has another checksum than when it was written'
    except OSError as error:
        return f'{path}: {error.strerror}'
    return ''
