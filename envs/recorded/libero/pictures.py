"""The frames of a file of recorded episodes in LIBERO's HDF5 layout."""
from collections.abc import Iterator

import numpy as np

from envs.recorded.hdf5_frames import episode_frames
from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import DemoFile
from envs.recorded.orientation import upright
from envs.recorded.source import Damaged
from utils.errors import UserError
from utils.foreign.files import UnreadableError
from utils.foreign.hdf5 import hdf5_file


def read_frames(file: DemoFile, camera: str) -> Iterator[np.ndarray | Damaged]:
    """The frames of all episodes of a file in order, [n, height, width, 3] uint8, upright.

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
    name = f'obs/{camera}'
    for stored in episode_frames(opened, demo.name, [(name, demo.num_stored, 0)]):
        if isinstance(stored, Damaged):
            yield stored
            return
        yield upright(stored, orientation)
    if not stored[-1].any():
        yield Damaged(demo.name, 0, f'data/{demo.name}/{name}: the last frame is black, as if the array had '
                                    'been filled only in part')
