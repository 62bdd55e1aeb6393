"""Recorded demonstrations for the simulator: which files there are, and one moment of a file."""
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.libero_sim.fixtures import is_whole
from utils.errors import UserError
from utils.flags.suites import ENDING, task_of
from utils.foreign.files import reading
from utils.foreign.hdf5 import excess, hdf5_file

FAILURES = '_failures'      # ending of the folder of failures of a suite
MUJOCO = 'mujoco_version'   # attribute of files that record it


class Moment(NamedTuple):
    """A recorded state and the pictures of it.

    Attributes:
        state: [S] simulator state, before the second action.
        pictures: {key below `obs`: [H, W, 3] uint8}, as stored; taken after the first action.
        model_file: text of the XML model; '' if it is not whole.
        mujoco: the version that recorded it; '' where it is not stored.
    """

    state: np.ndarray
    pictures: dict[str, np.ndarray]
    model_file: str
    mujoco: str


def files(path):
    """[path] of the recordings in LIBERO's layout that a folder or a file holds, sorted.

    Raises:
        UserError: there are none.
    """
    path = Path(path).expanduser()
    found = sorted(path.rglob(f'*{ENDING}')) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise UserError(f'--libero_path={path}: expected *{ENDING} files of LIBERO, or one of them')
    return found


def suite_and_task(path):
    """(suite, task) of a recording, by its folder and its name."""
    return path.parent.name.removesuffix(FAILURES), task_of(path)


def first_moment(path):
    """The `Moment` after the first action of the first episode of a file.

    Raises:
        UserError: the file is not in LIBERO's layout, or stores no simulator states.
    """
    with hdf5_file(path) as file, reading(path):
        data = file['data']
        demo = data[sorted(data)[0]]
        arrays = {key: demo['obs'][key] for key in demo['obs'] if key.endswith('_rgb')}
        for array in (demo['states'], *arrays.values()):
            if why := excess(array):
                raise UserError(f'{path}: {why}')
        model = demo.attrs.get('model_file', '')
        return Moment(np.asarray(demo['states'][1], np.float64),
                      {key: np.asarray(array[0]) for key, array in arrays.items()},
                      model if is_whole(model) else '', str(data.attrs.get(MUJOCO, '')))


def version_warning(recorded, installed):
    """A line about recordings of another MuJoCo than the installed one; '' if they agree or are silent."""
    if recorded in ('', installed):
        return ''
    return (f'warning: recorded with MuJoCo {recorded}, replayed with {installed}: physics and pictures may '
            'differ')
