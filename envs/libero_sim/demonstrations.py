"""Demonstrations to replay, from LIBERO's own HDF5 files."""
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from envs.libero_sim.fixtures import is_whole
from envs.libero_sim.recorded import FAILURES, MUJOCO
from envs.recorded.hdf5_checks import checked_file, member, numbered, numbers
from envs.recorded.libero.paths import files_below, is_data
from utils.errors import UserError, file_errors
from utils.flags.suites import ENDING, SUITES, task_of
from utils.foreign.files import ContentError
from utils.runs.directory import expanded

ATTRIBUTES = ('bddl_file_name', 'bddl_file_content', 'env_name', 'env_args', 'problem_info', 'tag')


class Demonstration(NamedTuple):
    """One demonstration.

    Attributes:
        name: `demo_3`.
        actions: [T, 7] float64.
        state: [S] float64 simulator state before the first action.
        model_file: text of the XML model; '' if it is not whole.
        stored_model: the same as stored.
    """

    name: str
    actions: np.ndarray
    state: np.ndarray
    model_file: str
    stored_model: str


class Source(NamedTuple):
    """A file of demonstrations.

    Attributes:
        path: of the file.
        suite: name of the suite that has its task.
        task: its name.
        attributes: {name: text} of the file that a copy should have, too.
        demonstrations: in the order of their numbers.
        mujoco: version of MuJoCo that recorded it; '' where it is not stored.
    """

    path: Path
    suite: str
    task: str
    attributes: dict
    demonstrations: list[Demonstration]
    mujoco: str = ''


def read_sources(text):
    """[`Source`] of all files at a path: a file, the folder of a suite, or a root with such folders.

    Below a root, folders of failures are left out.

    Args:
        text: value of --libero_path.

    Raises:
        UserError: there are no files, or one cannot be replayed.
    """
    if not text:
        raise UserError("--libero_path: expected a folder of demonstrations in LIBERO's layout")
    paths = _files(expanded('libero_path', text))
    if not paths:
        raise UserError(f'--libero_path={text}: expected <task>{ENDING} files, or folders of them')
    sources = [_read(path) for path in paths]
    names = [(source.suite, source.task) for source in sources]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise UserError(f'--libero_path={text}: expected one file of each task, got '
                            f'{sources[names.index(name)].path} and {sources[place].path}')
    return sources


def _files(path):
    if path.is_file():
        return [path] if is_data(path) else []
    if not path.is_dir():
        raise UserError(f'--libero_path={path}: expected a folder or an .hdf5 file; it does not exist')
    with file_errors(f'cannot read {path}'):
        inner = sorted(each for each in path.iterdir() if each.is_dir() and not each.name.startswith('.')
                       and not each.name.endswith(FAILURES))
    return files_below(path) or [file for folder in inner for file in files_below(folder)]


def _read(path):
    suites = [suite for suite in SUITES if task_of(path) in SUITES[suite]]
    if not suites:
        raise UserError(f'{path}: expected the name of a task of LIBERO before {ENDING}')
    with checked_file(path) as file:
        data = member(file, 'data', '', h5py.Group)
        kept = {name: data.attrs[name] for name in ATTRIBUTES if isinstance(data.attrs.get(name), str)}
        version = data.attrs.get(MUJOCO, '')
        found = [_demonstration(name, member(data, name, 'data', h5py.Group))
                 for name in numbered(data, 'demo_', 'data')]
    return Source(path, suites[0], task_of(path), kept, found, version if isinstance(version, str) else '')


def _demonstration(name, group):
    label = f'data/{name}'
    actions = numbers(group, 'actions', label, width=7)
    if len(actions) < 2:
        raise ContentError(f'{label}/actions: expected at least 2 steps, got {len(actions)}')
    rewards = numbers(group, 'rewards', label, len(actions), width=0)
    if not rewards.any():
        raise ContentError(f'{label}/rewards: expected a demonstration that succeeds, got rewards of 0')
    model = group.attrs.get('model_file', '')
    stored = model if isinstance(model, str) else ''
    whole = stored if is_whole(stored) else ''
    return Demonstration(name, actions, numbers(group, 'states', label, len(actions))[0], whole,
                         stored)
