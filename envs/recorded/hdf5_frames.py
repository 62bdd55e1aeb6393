"""The frames of one episode of an HDF5 file; damage to them is reported in their place."""
import h5py

from envs.recorded.hdf5_checks import frames, member
from envs.recorded.source import Damaged
from utils.foreign.files import ContentError
from utils.foreign.hdf5 import UNREADABLE, advised
from utils.text import one_line

CHUNK = 64              # frames read at a time


def episode_frames(file, episode, parts):
    """Yields the stored frames of an episode, [n, height, width, 3] uint8, n up to `CHUNK`.

    `Damaged` follows those that can be read, if some cannot.

    Args:
        file: open `h5py.File`.
        episode: name of its group in `data`.
        parts: [(name of an array in the group, its expected length, first of its frames to read)].
    """
    missing = sum(length - first for _, length, first in parts)
    for name, length, first in parts:
        try:
            dataset = frames(member(file, 'data', '', h5py.Group), f'{episode}/{name}', 'data', length)
            for start in range(first, length, CHUNK):
                stored = dataset[start:start + CHUNK]
                missing -= len(stored)
                yield stored
        except ContentError as error:       # the file has changed since it was checked
            yield Damaged(episode, missing, one_line(str(error)))
            return
        except UNREADABLE as error:
            yield Damaged(episode, missing,
                          one_line(f'data/{episode}/{name} cannot be read: {advised(str(error))}'))
            return
