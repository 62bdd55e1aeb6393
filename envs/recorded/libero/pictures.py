"""The frames of a file of recorded episodes in LIBERO's HDF5 layout."""
from collections.abc import Iterator

import h5py
import numpy as np

from envs.recorded.hdf5_checks import BadDataError, frames, member
from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import DemoFile
from envs.recorded.orientation import upright
from envs.recorded.source import Damaged
from utils.errors import UserError
from utils.foreign.files import UnreadableError
from utils.foreign.hdf5 import UNREADABLE, advised, hdf5_file
from utils.text import one_line

CHUNK = 64              # frames read at a time


def read_frames(file: DemoFile, camera: str) -> Iterator[np.ndarray | Damaged]:
    """The frames of all episodes of a file in order, [n, height, width, 3] uint8, upright, n up to `CHUNK`.

    For an episode whose frames cannot be read, `Damaged` follows those that could be.

    Raises:
        UserError: the file cannot be opened.
    """
    try:
        with hdf5_file(file.path) as opened:
            for demo in file.demos:
                yield from _frames_of(opened, demo, CAMERAS[camera], file.orientation)
    except UnreadableError as error:
        raise UserError(f'{file.path} cannot be read as HDF5: {error.cause}') from error


def _frames_of(opened, demo, camera, orientation):
    """As `read_frames`, of one episode."""
    first, name = 0, f'{demo.name}/obs/{camera}'
    try:
        dataset = frames(member(opened, 'data', '', h5py.Group), name, 'data', demo.num_stored)
        while first < demo.num_stored:
            stored = dataset[first:first + CHUNK]
            first += len(stored)
            yield upright(stored, orientation)
    except BadDataError as error:       # the file has changed since it was checked
        yield Damaged(demo.name, demo.num_stored - first, one_line(str(error)))
    except UNREADABLE as error:
        yield Damaged(demo.name, demo.num_stored - first,
                      one_line(f'data/{name} cannot be read: {advised(str(error))}'))
    else:
        if not stored[-1].any():
            yield Damaged(demo.name, 0, f'data/{name}: the last frame is black, as if the array had been '
                                        'filled only in part')
