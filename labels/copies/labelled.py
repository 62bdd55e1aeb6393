"""Recognizes copies with learned rewards, and reads their provenance."""
import json

import h5py

from envs.recorded.lerobot.info import INFO
from envs.recorded.lerobot.tables import open_table
from envs.recorded.rlds import features, relabel
from labels.copies.hdf5_file import RECORDED, VALID
from labels.copies.lerobot_meta import RECORDED as FEATURE
from labels.copies.target import KEY, PROVENANCE
from utils.errors import UserError
from utils.foreign.files import UnreadableError
from utils.foreign.hdf5 import hdf5_file
from utils.foreign.json_files import read_json


def is_labelled(path):
    """Whether the file or folder of a `RecordedFile` has learned rewards.

    Raises:
        UserError: it cannot be read.
    """
    try:
        if path.is_dir():
            return _is_labelled_folder(path)
        return path.is_file() and _is_labelled_file(path)
    except UnreadableError as error:
        raise UserError(f'{path} cannot be read: {error.cause}') from error


def _is_labelled_folder(path):
    if any((path / part / PROVENANCE).exists() for part in ('', 'meta')):
        return True
    if (path / INFO).is_file():
        return FEATURE in read_json(path / INFO).get('features', {})
    return (path / features.NAME).is_file() and relabel.RECORDED in features.read_fields(path)


def _is_labelled_file(path):
    with hdf5_file(path) as file:
        episodes = file['data'].values() if isinstance(file.get('data'), h5py.Group) else ()
        return KEY in file.attrs or any({VALID, RECORDED} & set(episode) for episode in episodes
                                        if isinstance(episode, h5py.Group))


def provenance_of(path):
    """The provenance in a target of `label.py`, {name: JSON value}; {} of anything else.

    Args:
        path: of a .parquet file, an HDF5 file, or the folder of a copy.
    """
    try:
        if path.is_dir():
            found = next((each for depth in ('', 'meta/', '*/', '*/*/')
                          for each in sorted(path.glob(f'{depth}{PROVENANCE}'))), None)
            return read_json(found) if found else {}
        return json.loads(_text(path))
    except (UnreadableError, ValueError):       # a `ContentError` is one
        return {}


def _text(path):
    """The provenance in a file, as text."""
    if path.suffix == '.parquet':
        with open_table(path) as table:
            return (table.schema_arrow.metadata or {}).get(KEY.encode(), b'{}').decode()
    with hdf5_file(path) as file:
        return str(file.attrs.get(KEY, '{}'))
