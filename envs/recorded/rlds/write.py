"""Writes a data set in RLDS that tensorflow-datasets reads; shard by shard, so that it can be resumed."""
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from envs.recorded.rlds import features, info
from envs.recorded.rlds.new_episode import NewEpisode, encoded_episode
from envs.recorded.rlds.schema import OPENVLA, Schema, features_json, info_json
from envs.recorded.rlds.tfrecord import FRAMING, places, write_record
from utils.errors import UserError
from utils.foreign.files import ContentError, opened
from utils.unfinished import staged
from utils.whole_files import write_whole

_LONGEST = 200      # characters of a name; a file system takes 255, with the ending of a shard


def write_set(folder, name, version, episodes: list[Callable[[], NewEpisode]], schema: Schema = OPENVLA,
              per_shard=32, facts: Any = None, description=''):
    """Writes one version of a data set, with all episodes in the split 'train'.

    It is written beside `folder` and moved there when it is whole. A second call with the same arguments
    keeps the shards that an interrupted call finished.

    Args:
        folder: of the version, such as `rlds/libero_goal_no_noops/1.0.0`; it must not exist.
        name: of the data set; shards are named after it.
        version: three numbers with dots.
        episodes: functions without arguments that make an episode; called once, in order.
        schema: what a step holds.
        per_shard: episodes of a shard, at most.
        facts: JSON value that identifies the sources; an unfinished data set of others is not resumed.
        description: text in `dataset_info.json`.

    Raises:
        UserError: a name cannot be used, or an episode does not fit the schema; or as of `staged`.
    """
    folder = Path(folder)
    _check_names(folder, name, version, episodes)
    lengths = _lengths(len(episodes), per_shard)
    plan = {'format': 'rlds', 'name': name, 'version': version, 'schema': schema._asdict(),
            'lengths': lengths, 'facts': facts}
    with staged(folder, plan) as partial:
        num_bytes = _write_shards(partial, name, episodes, lengths, schema)
        _write_json(partial / features.NAME, features_json(schema))
        _write_json(partial / info.NAME, info_json(name, version, 'train', num_bytes, lengths, description))


def _write_shards(partial, name, episodes, lengths, schema):
    """Writes the shards that are not there yet; the bytes of the records of all."""
    num_bytes, first = 0, 0
    for index, length in enumerate(lengths):
        path = partial / f'{name}-train.tfrecord-{index:05d}-of-{len(lengths):05d}'
        if not path.exists():
            _write_shard(path, episodes, range(first, first + length), schema)
        num_bytes += _record_bytes(path, length)
        first += length
    return num_bytes


def check_name(name):
    """Refuses what cannot be the name of a data set.

    Raises:
        UserError: it has other characters than letters, digits and underscores, or too many.
    """
    if not re.fullmatch(f'[a-zA-Z][a-zA-Z0-9_]{{0,{_LONGEST - 1}}}', name):
        raise UserError(f'expected at most {_LONGEST} letters, digits and underscores, a letter first, as '
                        f'the name of a data set, got {name!r}')


def _check_names(folder, name, version, episodes):
    check_name(name)
    if not re.fullmatch(r'[0-9]+\.[0-9]+\.[0-9]+', version):
        raise UserError(f'expected a version such as 1.0.0, got {version!r}')
    if not episodes:
        raise UserError(f'{folder}: expected episodes to write, got none')


def _lengths(count, per_shard):
    """Episodes of each shard, as even as possible."""
    shards = -(-count // per_shard)
    return [count // shards + (index < count % shards) for index in range(shards)]


def _write_shard(path, episodes, numbers, schema):
    def write(file):
        for number in numbers:
            try:
                write_record(file, encoded_episode(episodes[number](), schema))
            except ContentError as error:
                raise UserError(f'cannot write {path.name}: episode {number}: {error}') from error
    write_whole(path, write)


def _record_bytes(path, length):
    """Bytes of the records of a shard, without framing; the shard must have `length` records."""
    try:
        with opened(path) as file:
            found = places(file)
            size = os.fstat(file.fileno()).st_size
    except ContentError as error:
        raise UserError(f'{path}: {error}; remove it') from error
    if len(found) != length:
        raise UserError(f'{path}: expected {length} records, got {len(found)}; remove it')
    return size - FRAMING * length


def _write_json(path, values):
    text = json.dumps(values, indent=2, sort_keys=True)
    write_whole(path, lambda file: file.write(text.encode()))
