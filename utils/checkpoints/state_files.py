"""Nested dictionaries of arrays and plain values on disk: state.json and arrays.npz, no pickle."""
import json
from pathlib import Path

import numpy as np

from utils.foreign.files import DamagedError
from utils.foreign.json_files import read_json
from utils.foreign.npz import MAX_OWN_BYTES, read_arrays

ARRAY = 'array in arrays.npz'       # key that replaces an array in state.json; its value is the name there


def write_state(directory, state):
    """Writes `state`, dictionaries whose leaves are arrays or JSON values, into `directory`."""
    arrays = {}
    plain = _without_arrays(state, 'state', arrays)
    np.savez(Path(directory) / 'arrays.npz', **arrays)
    (Path(directory) / 'state.json').write_text(json.dumps(plain, indent=1) + '\n', encoding='utf-8')


def read_state(directory):
    """Reads what `write_state` wrote.

    Raises:
        UnreadableError: a file cannot be read, or they are not those of one state.
    """
    path = Path(directory) / 'state.json'
    plain, arrays = read_json(path), read_arrays(path.with_name('arrays.npz'), limit=MAX_OWN_BYTES)
    try:
        return _with_arrays(plain, arrays)
    except (KeyError, TypeError) as error:      # a name that is missing, or is no text
        raise DamagedError(path, f'it names an array that arrays.npz does not have: {error}') from error


def _without_arrays(value, name, arrays):
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError(f'{name} holds Python objects; expected numbers or strings')
        while name in arrays:       # a/b, and b of a
            name += '_'
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, dict):
        return {key: _without_arrays(inner, f'{name}/{key}', arrays) for key, inner in value.items()}
    return value


def _with_arrays(value, arrays):
    if isinstance(value, dict):
        if ARRAY in value:
            return arrays[value[ARRAY]]
        return {key: _with_arrays(inner, arrays) for key, inner in value.items()}
    return value
