"""Labelled copies of data sets of LeRobot, v2.1 and v3.0."""
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from envs.recorded.lerobot.faults import one_line
from envs.recorded.lerobot.info import INFO, REWARD, read_info
from envs.recorded.lerobot.json_files import read_json
from envs.recorded.lerobot.listing import ListedEpisode, read_listing
from envs.recorded.lerobot.rewrite import rewrite_table
from envs.recorded.lerobot.tables import whole_numbers
from labels.copies import lerobot_meta as meta
from labels.copies.files import copy_file, files_below, link_file, stats_of
from labels.copies.options import check_options
from labels.copies.table import LabelTable
from labels.copies.target import KEY, PROVENANCE, SPLITS, new_copy, shortened, write_json
from utils.errors import UserError, file_errors
from utils.foreign.files import ContentError
from utils.whole_files import write_whole

_PLACE = Path('meta') / PROVENANCE
_LINES, _STATISTICS = 'meta/episodes_stats.jsonl', 'meta/stats.json'
_MEDIA = ('.mp4', '.mkv', '.webm', '.avi', '.mov', '.png', '.jpg', '.jpeg')
_FEATURE = {'dtype': 'float32', 'shape': [1], 'names': None}


class _Set(NamedTuple):
    """A data set that is copied.

    Attributes:
        folder: its path.
        info: value of `meta/info.json`.
        data: {relative path of a data file: [`ListedEpisode`]}.
        rewards: {number of an episode: [S] float32}.
        keep: whether recorded rewards are in the column of the reward, from where they are moved.
    """

    folder: Path
    info: Any
    data: dict[Path, list[ListedEpisode]]
    rewards: dict[int, np.ndarray]
    keep: bool


def write_copy(source, target, labels, provenance, options):
    """Writes a copy; videos and pictures that are files are linked.

    Args:
        source: path of the data set.
        target: path of the new one.
        labels: {(path of the data set, name of the episode): `EpisodeLabels`}.
        provenance: {name: JSON value}.
        options: the `CopyOptions`.

    Raises:
        UserError: the labels or the options do not fit, or the copy cannot be written.
    """
    source, table = Path(source), LabelTable(labels)
    try:
        own, names = _opened(source, table, options), files_below(source)
        provenance = {**provenance, SPLITS: table.splits(source)}
        with new_copy(Path(target), 'LeRobot', table, provenance, options, stats_of(source, names),
                      _PLACE) as (partial, noted):
            for name in names:
                _write(own, name, partial, noted, options)
            write_json(partial / INFO, {**own.info, 'features': meta.with_recorded(
                own.info['features'], _FEATURE, own.keep)})
    except ContentError as error:
        raise UserError(one_line(error)) from error


def check_source(source, labels, options):
    """Makes sure that a copy can be written, whatever the rewards are; arguments as of `write_copy`.

    Raises:
        UserError: it cannot.
    """
    try:
        _opened(Path(source), LabelTable(labels), options)
        files_below(Path(source))
    except ContentError as error:
        raise UserError(one_line(error)) from error


def _opened(folder, table, options):
    """The `_Set` in a folder."""
    check_options(options, 'LeRobot')
    others = [path for path in table.paths if path.resolve() != folder.resolve()]
    if others:
        raise UserError(f'{others[0]} has labels, but it is not {folder}')
    info, contents = read_info(folder), read_json(folder / INFO)
    before = meta.RECORDED in contents['features'] or (folder / _PLACE).exists()
    listed, data = read_listing(info, [])[0], {}
    table.check_known(folder, {episode.name for episode in listed})
    for episode in listed:
        data.setdefault(episode.data.relative_to(folder), []).append(episode)
    rewards = {each.index: table.steps(folder, each.name, each.length)[0] for each in listed}
    return _Set(folder, contents, data, rewards, not before)


def _write(own, name, partial, provenance, options):
    """Writes the copy of one file, unless it is there already or is written in the end."""
    source, target, text = own.folder / name, partial / name, name.as_posix()
    if name in own.data:
        _write_whole(target, lambda file: _write_data(own, name, file, provenance))
        for _ in own.data[name]:
            options.report()
    elif text == _LINES:
        _write_whole(target, lambda file: meta.write_lines(source, file, own.rewards, own.keep))
    elif text.startswith('meta/episodes/') and name.suffix == '.parquet':
        _write_whole(target, lambda file: meta.write_episodes(source, file, own.rewards, own.keep))
    elif text == _STATISTICS:
        found = meta.statistics_of_all(own.rewards)
        write_json(target, meta.with_statistics(read_json(source), found, own.keep, str(source)))
    elif name.suffix in _MEDIA:
        link_file(source, target)
    elif text != INFO:
        copy_file(source, target)


def _write_whole(path, write):
    """Writes a file unless it exists."""
    if not path.exists():
        with file_errors(f'cannot write {path}'):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, write)


def _write_data(own, name, file, provenance):
    """Writes a data file with other rewards into an open file."""
    path = own.folder / name

    def columns(table):
        return meta.with_recorded({each: table.column(each) for each in table.schema.names if each == REWARD},
                                  _rewards(own, table, path), own.keep)

    def describe(features):
        return meta.with_recorded(features, meta.VALUE, own.keep)

    notes = {KEY: shortened(provenance, _PLACE.as_posix())}
    rewrite_table(path, file, columns, describe, notes)


def _rewards(own, table, path):
    """The `pyarrow.Array` of the rewards of the rows of a table; 0 of an episode that is not listed."""
    import pyarrow as pa
    missing = [name for name in ('episode_index', 'frame_index') if name not in table.schema.names]
    if missing:
        raise ContentError(f'{path}: column {missing[0]} is missing')
    episodes, steps = (whole_numbers(table.column(name), f'{path}: {name}')
                       for name in ('episode_index', 'frame_index'))
    rewards = np.zeros(len(table), np.float32)
    for index in np.unique(episodes):
        rows, values = episodes == index, own.rewards.get(int(index))
        if values is None:
            continue
        if not ((0 <= steps[rows]) & (steps[rows] < len(values))).all():
            raise ContentError(f'{path}: episode {index}: expected frame_index below {len(values)}, the '
                               f'length of the episode, got {steps[rows].max()}')
        rewards[rows] = values[steps[rows]]
    return pa.array(rewards)
