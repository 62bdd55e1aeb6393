"""Reads a data set of Minari as a `RawFile`: its episodes at once, their frames when they are asked for."""
import h5py
import numpy as np

from envs.recorded.hdf5_checks import check_named, checked_file, member, numbered, numbers, usable
from envs.recorded.minari.arrays import OBSERVATIONS, check_frames, columns_of, read_frames, vector
from envs.recorded.minari.find import DATA, EPISODES
from envs.recorded.minari.metadata import read_metadata, understood
from envs.recorded.raw import RawEpisode, RawFile
from envs.recorded.source import Damaged
from utils.foreign.files import ContentError
from utils.foreign.hdf5 import UNREADABLE
from utils.text import one_line

_MISSION = f'{OBSERVATIONS}/mission'  # the instruction of an episode, in Farama's grid worlds


def columns(folder):
    """{name, such as 'observations/camera': `Column`} of the observations of the first episode.

    Raises:
        UserError: the data set is invalid, or in Arrow.
    """
    read_metadata(folder)
    with checked_file(folder / DATA / EPISODES) as file:
        return _columns(file, _names(file)[0])


def read_set(folder, wanted_columns, skip_bad=False) -> RawFile:
    """Reads a data set without its frames.

    Args:
        folder: of the data set, with `data/main_data.hdf5`.
        wanted_columns: names of cameras and vectors that every episode must have.
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising.

    Raises:
        UserError: the data set, or an episode, is invalid.
    """
    path, values = folder / DATA / EPISODES, read_metadata(folder)
    with checked_file(path) as file:
        names, about = _names(file), understood(values, file.attrs, folder)
        found = _columns(file, names[0])
        _check(about, names)
        check_named(wanted_columns, found)
        wanted = {name: found[name] for name in wanted_columns}
        episodes, skipped = usable(names, lambda name: _episode(file, name, about, wanted), skip_bad)
        stat = path.stat()
    return RawFile(folder, f'Minari {about.version}'.strip(), episodes, found, 'actions',
                   _FrameReader(path, episodes, found), [stat.st_size, stat.st_mtime_ns], skipped)


class _FrameReader:
    """The function `read` of a `RawFile`."""

    def __init__(self, path, episodes, columns):
        self._path, self._episodes, self._columns = path, episodes, columns

    def __call__(self, camera, positions):
        """Yields the frames of the episodes at `positions`, [n, height, width, 3], or `Damaged`.

        Raises:
            UserError: the file cannot be opened.
        """
        with checked_file(self._path) as file:
            for position in positions:
                yield from self._of(file, camera, self._episodes[position])

    def _of(self, file, camera, episode):
        """Yields the frames of one episode, then `Damaged` if some cannot be read."""
        missing = len(episode.actions) + 1
        try:
            group = member(file, episode.name, '', h5py.Group)
            for piece in read_frames(group, camera, episode.name, missing, self._columns[camera]):
                missing -= len(piece)
                yield piece
        except (ContentError, *UNREADABLE) as error:
            yield Damaged(episode.name, missing, one_line(str(error)))


def _names(file):
    return numbered(file, 'episode_', 'data')


def _columns(file, name):
    return columns_of(member(file, name, '', h5py.Group), name)


def _check(about, names):
    """Raises a ContentError if actions are not continuous, or episodes are missing."""
    if about.action_space not in ('', 'Box'):
        raise ContentError(f'action_space: expected continuous actions (Box), got {about.action_space}')
    if about.num_episodes not in (None, len(names)):
        raise ContentError(f'expected {about.num_episodes} episodes, as total_episodes says, got '
                           f'{len(names)}')


def _episode(file, name, about, wanted):
    """The `RawEpisode` of a name, with the observation after its last step."""
    group = member(file, name, '', h5py.Group)
    actions = _actions(group, name, about)
    length, vectors = len(actions), {}
    for column, facts in wanted.items():
        if facts.kind == 'camera':
            check_frames(group, column, name, length + 1, facts)
        else:
            vectors[column] = vector(group, column, name, length + 1, facts.shape[0])
    rewards = numbers(group, 'rewards', name, length, width=0).astype(np.float32)
    return RawEpisode(name, _mission(group, name) or about.task, '', actions,
                      {key: values[:-1] for key, values in vectors.items()}, rewards, None,
                      {key: values[-1] for key, values in vectors.items()})


def _actions(group, name, about):
    """[T, A] float32."""
    stored = member(group, 'actions', name, h5py.Dataset)
    if not about.action_space and stored.dtype.kind in 'iub':
        raise ContentError(f'{name}/actions: expected continuous actions (Box), got {stored.dtype}')
    actions = numbers(group, 'actions', name).astype(np.float32)
    if not len(actions):
        raise ContentError(f'{name}/actions: expected at least one step, got none')
    return actions


def _mission(group, label):
    """The instruction in the first observation of an episode; '' if there is none."""
    try:
        stored = member(group, _MISSION, label, h5py.Dataset)
    except ContentError:        # most sets have none
        return ''
    if h5py.check_string_dtype(stored.dtype) is None or not stored.shape:
        return ''
    return ' '.join(stored.asstr('utf-8', 'replace')[0].replace('"', '').split())
