"""What `dataset_info.json` says: the name of a data set, its version, its shards."""
import re
from pathlib import Path
from typing import Any, NamedTuple

from envs.recorded.rlds.checks import read_json, shortened
from utils.foreign.files import ContentError

NAME = 'dataset_info.json'
TEMPLATE = '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}'


class Shard(NamedTuple):
    """One file of records.

    Attributes:
        path: of the file.
        split: name of its split.
        length: records that it should have.
    """

    path: Path
    split: str
    length: int


class Info(NamedTuple):
    """A data set.

    Attributes:
        name: as it is written in the file, which may differ from the name of the folder.
        version: such as '1.0.0'.
        shards: of all splits, in order.
    """

    name: str
    version: str
    shards: list[Shard]


def read_info(folder):
    """The `Info` of a data set.

    Raises:
        ContentError: the file is missing or invalid, or its records are in an unknown kind of file.
    """
    return info_of(folder, read_json(folder / NAME))


def info_of(folder, values):
    """The `Info` that the dictionary of a `dataset_info.json` in `folder` is; errors as of `read_info`."""
    name, kind = _name(values, 'name'), values.get('fileFormat', 'tfrecord')
    if kind != 'tfrecord':
        raise ContentError(f'{NAME}: expected the fileFormat tfrecord, got {shortened(kind)}')
    splits = values.get('splits')
    if not isinstance(splits, list) or not splits or not all(isinstance(split, dict) for split in splits):
        raise ContentError(f'{NAME}: expected a list of splits, got {shortened(splits)}')
    names = [_name(split, 'name') for split in splits]
    if len(set(names)) < len(names):
        raise ContentError(f'{NAME}: expected splits of different names, got {shortened(names)}')
    shards = [shard for split in splits for shard in _shards(folder, name, split)]
    if not shards:
        raise ContentError(f'{NAME}: expected at least one shard, got none')
    return Info(name, str(values.get('version', '')), shards)


def check_shards(shards):
    """Makes sure that all files are there.

    Raises:
        ContentError: some are not.
    """
    missing = [shard.path.name for shard in shards if not shard.path.is_file()]
    if missing:
        raise ContentError(f'expected the {len(shards)} shards that {NAME} names; {len(missing)} missing, '
                           f'such as {missing[0]}')


def _shards(folder, dataset, split):
    """[`Shard`] of one split."""
    lengths, template = split.get('shardLengths'), split.get('filepathTemplate') or TEMPLATE
    if not isinstance(lengths, list) or not all(re.fullmatch('[0-9]{1,12}', str(length)[:16], re.ASCII)
                                                for length in lengths):
        raise ContentError(f'{NAME}: split {split["name"]}: expected whole numbers as shardLengths, got '
                           f'{shortened(lengths)}')
    return [Shard(folder / _file_name(template, {
        'DATASET': dataset, 'SPLIT': split['name'], 'FILEFORMAT': 'tfrecord', 'SHARD_INDEX': f'{index:05d}',
        'NUM_SHARDS': f'{len(lengths):05d}', 'SHARD_X_OF_Y': f'{index:05d}-of-{len(lengths):05d}'}),
        split['name'], int(length)) for index, length in enumerate(lengths)]


def _file_name(template, values):
    """The name of a shard; it stays in the folder of the data set."""
    if not isinstance(template, str) or not set(re.findall('{([^}]*)}', template)) <= values.keys():
        raise ContentError(f'{NAME}: expected a filepathTemplate such as {TEMPLATE}, got '
                           f'{shortened(template)}')
    name = re.sub('{([^}]*)}', lambda match: values[match[1]], template)
    if not re.fullmatch(r'[\w.=+-][\w.=+ -]{0,240}', name) or name in ('.', '..'):
        raise ContentError(f'{NAME}: expected a filepathTemplate of names in the folder of the data set, got '
                           f'{shortened(template)}')
    return name


def _name(values: dict[str, Any], key):
    name = values.get(key)
    if not isinstance(name, str) or not re.fullmatch(r'[\w.-]{1,100}', name):
        raise ContentError(f'{NAME}: expected a {key} of letters, digits and underscores, got '
                           f'{shortened(name)}')
    return name
