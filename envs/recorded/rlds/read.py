"""Reads a data set in RLDS: its episodes at once, their frames when they are asked for."""
import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.recorded.images import check_image, decode
from envs.recorded.raw import RawFile
from envs.recorded.rlds.checks import BadDataError, part
from envs.recorded.rlds.episode import frames_of, read_episode
from envs.recorded.rlds.example import parse
from envs.recorded.rlds.features import ACTION, check_fields, columns_of, read_fields
from envs.recorded.rlds.info import NAME as INFO
from envs.recorded.rlds.info import check_shards, read_info
from envs.recorded.rlds.tfrecord import Place, places, read_data
from utils.errors import UserError
from utils.foreign.files import opened
from utils.text import one_line

CHUNK = 4       # frames decoded at a time: so few that memory is reused, not mapped anew


class Record(NamedTuple):
    """Where an episode is stored.

    Attributes:
        path: of the shard.
        place: of the data in it.
        label: name of shard and record in an error.
        length: T, steps.
    """

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
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising. A shard that is
            missing, truncated, or of another length than declared raises all the same.

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
    except BadDataError as error:
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
        for record, data in _records(shard):
            name = f'{shard.split} episode {counts[shard.split]}'
            counts[shard.split] += 1
            try:
                episode = read(name, parse(data()))
            except BadDataError as error:
                text = f'{record.label} ({name}): {one_line(str(error))}'
                if not skip_bad:
                    raise BadDataError(text) from error
                skipped[name] = text
                continue
            episodes.append(episode)
            records.append(record._replace(length=len(episode.actions)))
    return episodes, records, skipped


def _records(shard):
    """Yields (`Record`, function that returns its data) of a shard."""
    with opened(shard.path) as file:
        with part(shard.path.name):
            found = places(file)
            if len(found) != shard.length:
                raise BadDataError(f'expected {shard.length} records, as shardLengths in {INFO} has it, got '
                                   f'{len(found)}')
        for index, place in enumerate(found):
            yield (Record(shard.path, place, f'{shard.path.name}: record {index}', 0),
                   functools.partial(read_data, file, place, check=True))


def _frames(folder, columns, records, camera, positions):
    """Yields the frames of some episodes in turn, [n, height, width, 3] uint8, n up to `CHUNK`."""
    for position in positions:
        record = records[position]
        label = f'{folder}: {record.label}'
        try:
            with opened(record.path) as file:       # the checksum was compared before
                features = parse(read_data(file, record.place, check=False))
            encoded = frames_of(features, camera, record.length)
            for first in range(0, len(encoded), CHUNK):
                yield _decoded(encoded[first:first + CHUNK], columns[camera], camera, first)
        except BadDataError as error:
            raise UserError(one_line(f'{label}: {error}')) from error
        except OSError as error:
            raise UserError(f'{label} cannot be read: {error.strerror or error}') from error


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
