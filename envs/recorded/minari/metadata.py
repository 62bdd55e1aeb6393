"""The metadata of a data set of Minari."""
import json
from typing import NamedTuple

from envs.recorded.minari.find import DATA, METADATA
from utils.errors import UserError
from utils.foreign.files import ContentError, MissingError, UnreadableError
from utils.foreign.hdf5 import UNREADABLE
from utils.foreign.json_files import read_json
from utils.text import one_line

_LARGEST = 2 ** 28      # bytes: a space of images lists a bound for each pixel


class Metadata(NamedTuple):
    """What the metadata say about episodes.

    Attributes:
        task: name of the environment, else of the data set.
        version: of Minari; '' if it is not named.
        num_episodes: as declared, or None.
        action_space: type of the space of actions, such as 'Box'; '' if it is not named.
    """

    task: str
    version: str
    num_episodes: int | None
    action_space: str


def read_metadata(folder):
    """{name: value} of `data/metadata.json` in the folder of a data set; {} before Minari 0.5.

    Raises:
        UserError: the file is damaged, or the episodes are not in HDF5.
    """
    path = folder / DATA / METADATA
    try:
        values = read_json(path, _LARGEST)
    except MissingError:
        return {}
    except UnreadableError as error:
        raise UserError(f'{path} cannot be read as JSON: {error.cause}') from error
    if not isinstance(values, dict):
        raise UserError(f'{path}: expected a JSON dictionary, got a {type(values).__name__}')
    if (found := values.get('data_format', 'hdf5')) != 'hdf5':
        raise UserError(one_line(f'{path}: expected episodes in HDF5, got data_format {found!r:.40}; write '
                                 "the set anew with Minari's data_format='hdf5'"))
    return values


def understood(values, attributes, folder):
    """The `Metadata` in the values of `read_metadata`, or, where these lack one, in a file's attributes.

    Args:
        values: of `read_metadata`.
        attributes: of the HDF5 file; Minari kept the metadata there before version 0.5.
        folder: of the data set.

    Raises:
        ContentError: a value is invalid.
    """
    names = ('env_spec', 'dataset_id', 'minari_version', 'total_episodes', 'action_space')
    found = {name: values[name] if name in values else _attribute(attributes, name) for name in names}
    count = found['total_episodes']
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 0):
        raise ContentError(f'total_episodes: expected a number of episodes, got {count!r:.40}')
    task = _text(_inside(found['env_spec'], 'id')) or _text(found['dataset_id']) or folder.name
    space = _text(_inside(found['action_space'], 'type'))
    return Metadata(task, _text(found['minari_version']), count, space)


def _attribute(attributes, name):
    """The value of an HDF5 attribute as JSON has it, or None if it is missing or unreadable."""
    try:
        value = attributes[name]
        return value if isinstance(value, str) else int(value)
    except UNREADABLE:
        return None


def _inside(text, name):
    """A value of a dictionary that is stored as JSON in a text; None if it is none."""
    try:
        values = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return values.get(name) if isinstance(values, dict) else None


def _text(value):
    """A name on one line; '' for anything but a text."""
    return ' '.join(value.replace('"', '').split()) if isinstance(value, str) else ''
