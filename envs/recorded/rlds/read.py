"""Reads a data set in RLDS: its episodes at once, their frames when they are asked for."""
import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.recorded.images import check_image, decode
from envs.recorded.raw import RawFile
from envs.recorded.rlds.checks import part
from envs.recorded.rlds.episode import frames_of, read_episode
from envs.recorded.rlds.example import parse
from envs.recorded.rlds.features import ACTION, check_fields, columns_of, read_fields
from envs.recorded.rlds.info import NAME as INFO
from envs.recorded.rlds.info import check_shards, read_info
from envs.recorded.rlds.tfrecord import Place, each_place, read_data
from envs.recorded.source import Damaged
from utils.errors import UserError
from utils.foreign.files import ContentError, opened
from utils.text import one_line

CHUNK = 32      # frames decoded at a time
_MOST_LOST = 10 ** 5    # records of a shard that are named one by one; a declared length may be made up


class Record(NamedTuple):
    """Where an episode is stored.

    Attributes:
        name: of the episode, such as 'train episode 3'.
        path: of the shard.
        place: of the data in it.
        label: name of shard and record in an error.
        length: T, steps.
    """

    name: str
    path: Path
    place: Place
    label: str
    length: int


def read_set(folder, columns_wanted=(), skip_bad=False) -> RawFile:
    """Reads all splits of one version of a data set, without decoding frames.

    Each observation is the one before its action. Every checksum is compared, and every frame of a wanted
    camera is checked by its header.

    Args:
        folder: with `features.json`, `dataset_info.json` and shards.
        columns_wanted: cameras and vectors that every episode must have, such as 'observation/image' and
            'observation/state'.
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising, and those that a
            truncated shard lacks. A shard that is missing, or whole and of another length than declared,
            raises all the same.

    Raises:
        UserError: the data set, or an episode, is invalid.
    """
    folder = Path(folder)
    try:
        info, fields = read_info(folder), read_fields(folder)
        check_fields(fields, columns_wanted)
        check_shards(info.shards)
        columns = columns_of(fields)
        encodings = {name: column.encoding for name, column in columns.items() if column.kind == 'camera'}
        read = functools.partial(read_episode, fields=fields, columns_wanted=columns_wanted,
                                 encodings=encodings)
        episodes, records, skipped = _episodes(info.shards, read, skip_bad)
        facts = _facts(info.shards)
    except ContentError as error:
        raise UserError(one_line(f'{folder}: {error}')) from error
    except OSError as error:
        raise UserError(f'{folder} cannot be read: {error.strerror or error}') from error
    columns = {name: column._replace(encoding=encodings.get(name, '')) for name, column in columns.items()}
    return RawFile(folder, f'RLDS {info.version}'.strip(), episodes, columns, ACTION.removeprefix('steps/'),
                   functools.partial(_frames, folder, columns, records), facts, skipped)


def _episodes(shards, read, skip_bad):
    """([`RawEpisode`], [`Record`], {name: reason for leaving it out}) of all shards."""
    episodes, records, skipped, counts = [], [], {}, dict.fromkeys((shard.split for shard in shards), 0)
    for shard in shards:
        for record, data in _records(shard, counts[shard.split], skip_bad):
            try:
                episode = read(record.name, parse(data()))
            except ContentError as error:
                text = f'{record.label} ({record.name}): {one_line(str(error))}'
                if not skip_bad:
                    raise ContentError(text) from error
                skipped[record.name] = text
                continue
            episodes.append(episode)
            records.append(record._replace(length=len(episode.actions)))
        counts[shard.split] += shard.length
    return episodes, records, skipped


def _records(shard, first, skip_bad):
    """Yields (`Record`, function that returns its data) of a shard.

    Args:
        shard: the `Shard`.
        first: number of its first episode in the split.
        skip_bad: whether records after a fault, which cannot be found, have a function that raises it;
            otherwise it is raised at once.
    """
    with opened(shard.path) as file:
        found, fault = _found(file)
        with part(shard.path.name):
            if fault is not None and not (skip_bad and len(found) < shard.length <= _MOST_LOST):
                raise fault
            if fault is None and len(found) != shard.length:
                raise ContentError(f'expected {shard.length} records, as shardLengths in {INFO} has it, got '
                                   f'{len(found)}')
        for index in range(shard.length):
            place = found[index] if index < len(found) else None
            yield (Record(f'{shard.split} episode {first + index}', shard.path, place,
                          f'{shard.path.name}: record {index}', 0),
                   functools.partial(_data, file, place, fault))


def _found(file):
    """([`Place`] of the records before a fault, the `ContentError` or None)."""
    found = []
    try:
        for place in each_place(file):
            found.append(place)
    except ContentError as error:
        return found, error
    return found, None


def _data(file, place, fault):
    """The data of a record; it raises `fault` if the record was not found because of it."""
    if place is None:
        raise ContentError(f'cannot be found: {fault}')
    return read_data(file, place, check=True)


def _frames(folder, columns, records, camera, positions):
    """Yields the frames of some episodes in turn, [n, height, width, 3] uint8, n up to `CHUNK`.

    `Damaged` follows those of an episode that can be read, if some cannot.

    Raises:
        UserError: a shard cannot be opened.
    """
    for position in positions:
        record = records[position]
        try:
            file = opened(record.path)
        except OSError as error:
            raise UserError(f'{folder}: {record.label} cannot be read: {error.strerror or error}') from error
        with file:
            yield from _frames_of(file, record, columns[camera], camera)


def _frames_of(file, record, column, camera):
    """As `_frames`, of one record of an open shard."""
    done = 0
    try:
        features = parse(read_data(file, record.place, check=False))    # the checksum was compared before
        encoded = frames_of(features, camera, record.length)
        while done < record.length:
            frames = _decoded(encoded[done:done + CHUNK], column, camera, done)
            done += len(frames)
            yield frames
    except ContentError as error:
        yield Damaged(record.name, record.length - done, one_line(f'{record.label}: {error}'))
    except OSError as error:
        yield Damaged(record.name, record.length - done,
                      f'{record.label} cannot be read: {error.strerror or error}')


def _decoded(encoded, column, camera, first):
    """[n, height, width, 3] uint8 of n encoded frames, of which the first is that of step `first`."""
    frames = np.empty((len(encoded), *column.shape), np.uint8)
    for index, data in enumerate(encoded):
        with part(f'steps/{camera}: step {first + index}'):
            check_image(data, column.shape, column.encoding)
            decode(data, frames[index])
    return frames


def _facts(shards):
    """[name, bytes, time of the last change in ns] of every shard."""
    stats = [(shard.path.name, shard.path.stat()) for shard in shards]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]
