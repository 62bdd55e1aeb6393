"""One HDF5 file in robomimic's layout as a `RawFile`; no code in it is run, and `mask` is ignored."""
import json
from pathlib import Path

import h5py
import numpy as np

from envs.recorded.hdf5_checks import (
    check_named,
    check_shape,
    checked_file,
    frames,
    member,
    numbered,
    numbers,
    usable,
)
from envs.recorded.hdf5_frames import episode_frames
from envs.recorded.raw import Column, RawEpisode, RawFile
from utils.foreign.files import ContentError
from utils.foreign.hdf5 import UNREADABLE


def columns(path):
    """{name, such as 'obs/robot0_eef_pos': `Column`} of the observations of the first episode.

    Raises:
        UserError: the file is invalid.
    """
    with checked_file(path) as file:
        data = member(file, 'data', '', h5py.Group)
        return _columns(data, _names(data)[0])


def read_file(path, wanted_columns, skip_bad=False) -> RawFile:
    """Reads a file without its frames.

    Args:
        path: of the file.
        wanted_columns: names of cameras and vectors that every episode must have.
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising.

    Raises:
        UserError: the file, or an episode, is invalid.
    """
    path = Path(path)

    with checked_file(path) as file:
        data = member(file, 'data', '', h5py.Group)
        found, task = _columns(data, _names(data)[0]), _task(data)
        check_named(wanted_columns, found)
        episodes, skipped = usable(_names(data), lambda name: _episode(
            member(data, name, 'data', h5py.Group), name, task, found, wanted_columns), skip_bad)
        stat = path.stat()
    return RawFile(path, 'robomimic HDF5', episodes, found, 'actions', _FrameReader(path, episodes),
                   [stat.st_size, stat.st_mtime_ns], skipped)


class _FrameReader:
    """The function `read` of a `RawFile`."""

    def __init__(self, path, episodes):
        self._path, self._episodes = path, episodes

    def __call__(self, camera, positions):
        """Yields the frames of the episodes at `positions`, as `episode_frames`.

        Raises:
            UserError: the file cannot be opened.
        """
        with checked_file(self._path) as file:
            for position in positions:
                episode = self._episodes[position]
                length = len(episode.actions)
                last = [(_after(camera), length, length - 1)] if episode.final_vectors is not None else []
                yield from episode_frames(file, episode.name, [(camera, length, 0), *last])


def _names(data):
    """Names of the episodes, in the order of their numbers."""
    return numbered(data, 'demo_', 'data')


def _columns(data, name):
    """{name: `Column`} of one episode; arrays that are neither frames nor vectors are left out."""
    found, group = {}, member(data, f'{name}/obs', 'data', h5py.Group)
    for key in map(str, group.keys()):
        dataset = group[key] if isinstance(group.get(key, getlink=True), h5py.HardLink) else None
        if not isinstance(dataset, h5py.Dataset) or not dataset.shape or 0 in dataset.shape[1:]:
            continue        # such as vectors of no numbers
        if dataset.dtype == np.uint8 and dataset.ndim == 4 and dataset.shape[3] == 3:
            found[f'obs/{key}'] = Column('camera', dataset.shape[1:], 'raw')
        elif dataset.dtype.kind in 'fi' and dataset.ndim == 2:
            found[f'obs/{key}'] = Column('vector', dataset.shape[1:])
    return found


def _episode(group, name, task, found, wanted):
    label = f'data/{name}'
    actions = numbers(group, 'actions', label)
    length, vectors, final = len(actions), {}, {}
    if not length:
        raise ContentError(f'{label}/actions: expected at least one step, got none')
    has_final = all(_after(column) in group for column in wanted) if wanted else False
    for column in wanted:
        shape = found[column].shape
        for each in (column, _after(column)) if has_final else (column,):
            if found[column].kind == 'camera':
                check_shape(frames(group, each, label, length), shape, f'{label}/{each}')
            else:
                values = numbers(group, each, label, length, shape[0]).astype(np.float32)
                vectors, final = ((vectors | {column: values}, final) if each == column else
                                  (vectors, final | {column: values[-1]}))
    rewards = None
    if 'rewards' in group:
        rewards = numbers(group, 'rewards', label, length, width=0).astype(np.float32)
    return RawEpisode(name, task, '', actions.astype(np.float32), vectors, rewards, None,
                      final if has_final else None)


def _after(column):
    """The name in `next_obs` of a column in `obs`."""
    return f'next_{column}'


def _task(data):
    """The name of the task in the attributes of a file: LIBERO's sentence, or the environment; else ''."""
    for attribute, key in (('problem_info', 'language_instruction'), ('env_args', 'env_name')):
        try:
            value = json.loads(data.attrs[attribute])[key]
        except (*UNREADABLE, ValueError, TypeError):
            continue
        text = ''.join(value) if isinstance(value, list) else value
        if isinstance(text, str) and text.strip():
            return plain_task(text)
    return ''


def plain_task(text):
    """A task without quotation marks, which LIBERO's files put around it, and with single blanks."""
    return ' '.join(text.replace('"', '').split())
