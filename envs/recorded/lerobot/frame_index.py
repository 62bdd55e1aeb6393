"""The numbers that a data set of LeRobot gives to its frames."""
from typing import NamedTuple

import numpy as np

from envs.recorded.lerobot.faults import one_line
from envs.recorded.lerobot.info import read_info
from envs.recorded.lerobot.listing import read_listing
from envs.recorded.lerobot.tables import batches, check_type, open_table, whole_numbers
from utils.errors import UserError
from utils.foreign.files import ContentError

_COLUMNS = ('episode_index', 'frame_index', 'index', 'task_index')


class FrameIndex(NamedTuple):
    """The frames of one episode.

    Attributes:
        episode: its number.
        name: its name, as of a `Recording`.
        first: number of its first frame among those of the data set; the others follow.
        length: S, number of its frames.
        sentence: its instruction.
    """

    episode: int
    name: str
    first: int
    length: int
    sentence: str


def frame_indices(folder):
    """[`FrameIndex`] of the episodes of a data set, in the order of their frames.

    Raises:
        UserError: the data set is invalid, or an episode is not one run of frames.
    """
    try:
        listed, tasks = read_listing(read_info(folder), [])
        rows = np.concatenate([_rows(path) for path in dict.fromkeys(each.data for each in listed)])
        found = [_of_episode(folder, each, rows[rows[:, 0] == each.index], tasks) for each in listed]
    except ContentError as error:
        raise UserError(one_line(error)) from error
    return sorted(found, key=lambda each: each.first)


def _rows(path):
    """[N, 4] int64 of `_COLUMNS`."""
    table = open_table(path)
    for name in _COLUMNS:
        check_type(table, name, 'int', path)
    parts = [np.stack([whole_numbers(batch.column(name), f'{path}: {name}') for name in _COLUMNS], axis=1)
             for batch in batches(table, list(_COLUMNS), path)]
    return np.concatenate([np.zeros((0, len(_COLUMNS)), np.int64), *parts])


def _of_episode(folder, listed, rows, tasks):
    steps = np.arange(listed.length)
    if len(rows) != listed.length or (rows[:, 1] != steps).any() or (rows[:, 2] != rows[0, 2] + steps).any():
        raise ContentError(f'{folder}: {listed.name}: expected {listed.length} frames with consecutive '
                           f'frame_index and index, got {len(rows)} others')
    return FrameIndex(listed.index, listed.name, int(rows[0, 2]), listed.length,
                      tasks.get(int(rows[0, 3]), ''))
