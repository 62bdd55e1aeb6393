"""Nested dictionaries of arrays and plain values on disk: state.json and arrays.npz, no pickle."""
import json
from pathlib import Path

import numpy as np

ARRAY = 'array in arrays.npz'       # key that replaces an array in state.json; its value is the name there


def write_state(directory, state):
    """Writes `state`, dictionaries whose leaves are arrays or JSON values, into `directory`."""
    arrays = {}
    plain = _without_arrays(state, 'state', arrays)
    np.savez(Path(directory) / 'arrays.npz', **arrays)
    (Path(directory) / 'state.json').write_text(json.dumps(plain, indent=1) + '\n', encoding='utf-8')


def read_state(directory):
    """Reads what `write_state` wrote."""
    plain = json.loads((Path(directory) / 'state.json').read_text(encoding='utf-8'))
    with np.load(Path(directory) / 'arrays.npz', allow_pickle=False) as arrays:
        return _with_arrays(plain, arrays)


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
