"""The numbers of episodes, from the parquet files that hold one or many of them."""
from typing import NamedTuple

import numpy as np

from envs.recorded.lerobot.info import REWARD, SUCCESS
from envs.recorded.lerobot.tables import batches, check_type, open_table, vectors, whole_numbers
from utils.foreign.files import ContentError


class Numbers(NamedTuple):
    """The numbers of one episode.

    Attributes:
        first_row: in the parquet file.
        actions: [T, A] float32.
        vectors: {column: [T, D] float32}.
        rewards: [T] float32, or None.
        success: of the last row, or None.
        task: index of the task.
    """

    first_row: int
    actions: np.ndarray
    vectors: dict[str, np.ndarray]
    rewards: np.ndarray | None
    success: bool | None
    task: int


def read_numbers(path, episodes, info, wanted):
    """{index: `Numbers`, or the `ContentError` that is wrong with the episode} of the episodes in one file.

    Args:
        path: of the parquet file.
        episodes: the `ListedEpisode`s that should be in it.
        info: the `Info` of the data set.
        wanted: names of the requested columns.

    Raises:
        ContentError: the file as a whole is missing, damaged, or has other columns than `info` declares.
        UserError: pyarrow is not installed.
    """
    table, widths = open_table(path), _widths(info, wanted)
    kinds = {'episode_index': 'int', 'frame_index': 'int', 'task_index': 'int', **widths}
    if info.has_success:
        kinds[SUCCESS] = 'bool'
    pictures = [name for name in wanted if info.columns[name].kind == 'camera' and name not in info.videos]
    for name, kind in [*kinds.items(), *((name, 'picture') for name in pictures)]:
        check_type(table, name, kind, path)
    listed, pieces, faults = {episode.index: episode for episode in episodes}, {}, {}
    for row, index, batch in _runs(table, list(kinds), path):
        if index not in listed:
            faults[index] = ContentError(f'{path}: episode {index}, row {row} is in a file where meta does '
                                         'not list it')
            continue
        try:
            own = pieces.setdefault(index, [])
            before = row - own[0][0] if own else 0
            _add(own, row, _piece(batch, widths, f'{path}: episode {index}', before), path, index)
        except ContentError as error:
            faults.setdefault(index, error)
    return faults | {index: _whole(path, episode, pieces.get(index, []), info)
                     for index, episode in listed.items() if index not in faults}


def _widths(info, wanted):
    """{column: length of its lists} of all columns of floats that are read."""
    widths = {info.action: info.num_actions}
    widths |= {name: info.columns[name].shape[0] for name in wanted if info.columns[name].kind == 'vector'}
    return widths | ({REWARD: 1} if info.has_reward else {})


def _runs(table, names, path):
    """Yields (first row, episode_index, batch) of adjacent rows of one episode, which may have several."""
    row = 0
    for batch in batches(table, names, path):
        indices = whole_numbers(batch.column('episode_index'), f'{path}: episode_index')
        edges = [0, *(np.flatnonzero(np.diff(indices)) + 1).tolist(), len(indices)]
        for first, last in zip(edges[:-1], edges[1:], strict=True):
            if last > first:
                yield row + first, int(indices[first]), batch.slice(first, last - first)
        row += batch.num_rows


def _piece(batch, widths, label, before):
    """{column: array} of some rows of one episode, those after its first `before`."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    piece = {name: vectors(columns[name], width, f'{label}: {name}', before)
             for name, width in widths.items()}
    for name in columns.keys() - widths.keys():
        piece[name] = whole_numbers(columns[name], f'{label}: {name}')
    return piece


def _add(pieces, row, piece, path, index):
    if pieces and pieces[-1][0] + len(pieces[-1][1]['frame_index']) != row:
        raise ContentError(f'{path}: episode {index}, row {row} is not beside the other rows of the episode')
    pieces.append((row, piece))


def _whole(path, episode, pieces, info):
    """The `Numbers` of an episode, or what is wrong with it."""
    label = f'{path}: {episode.name}'
    count = sum(len(piece['frame_index']) for _, piece in pieces)
    if count != episode.length:
        return ContentError(f'{label}: expected {episode.length} rows, as meta says, got {count}')
    columns = {name: np.concatenate([piece[name] for _, piece in pieces]) for name in pieces[0][1]}
    gaps = np.flatnonzero(columns['frame_index'] != np.arange(count))
    if len(gaps):
        return ContentError(f'{label}, row {gaps[0]}: expected frame_index {gaps[0]}, got '
                            f'{columns["frame_index"][gaps[0]]}')
    tasks = np.unique(columns['task_index'])
    if len(tasks) != 1:
        return ContentError(f'{label}: expected one task_index, got {tasks.tolist()!s:.60}')
    others = {info.action, REWARD, SUCCESS, 'episode_index', 'frame_index', 'task_index'}
    return Numbers(pieces[0][0], columns[info.action],
                   {name: values for name, values in columns.items() if name not in others},
                   columns[REWARD][:, 0] if info.has_reward else None,
                   bool(columns[SUCCESS][-1]) if info.has_success else None, int(tasks[0]))
