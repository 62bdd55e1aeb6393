"""Recordings of which something is changed, and whether a check notices it."""
import numpy as np

from tests.golden.case import Case
from tests.golden.recordings import RECORDED


def load(name, directory=RECORDED):
    with np.load(directory / f'{name}.npz', allow_pickle=False) as data:
        return dict(data)


def changed(array):
    """1 % more of every real number and pixel; else another first flag, or another last number or text."""
    if array.dtype.kind == 'f':
        scaled = array * 1.01
        return scaled if np.any(scaled != array) else array + 0.01      # the logarithm of a temperature of 1
    if array.dtype == np.uint8:
        return np.minimum(array, 252) + np.uint8(3)
    if array.dtype.kind == 'b':
        return np.concatenate([~array[:1], array[1:]])
    changed = array.astype(f'<U{array.dtype.itemsize}') if array.dtype.kind == 'U' else array.copy()
    last = tuple(size - 1 for size in array.shape)          # the first of a stream may be forgotten
    changed[last] = f'{array[last]}?' if array.dtype.kind == 'U' else array[last] + 1
    return changed


def ten_tolerances(key, array):
    """One entry of a digest moved by ten of the tolerances that the recordings' README suggests."""
    array, row = array.copy(), np.flatnonzero(~np.isnan(array[:, 0]))[-1]
    largest = np.nanmax(np.abs(array))
    if key.startswith('grad/'):
        tolerance = 1e-3 * largest + 1e-6 * (array.shape[1] == 1)
    elif key.endswith('/sample'):
        tolerance = 3e-7 + 1e-3 * np.abs(array - array[0]).max()
    else:
        tolerance = 5e-5 * largest
    array[row, 0] += 10 * tolerance
    return array


def fails(check, case):
    """Whether the program would report a failure."""
    try:
        check(case)
    except Exception:       # as the program: what cannot be checked has failed
        return True
    return case.failed


def unnoticed(arrays, check, keys=''):
    """Keys of a recording, of those that begin with `keys`, whose change `check` misses."""
    assert not fails(check, Case(RECORDED, arrays))
    missed = set()
    for key, array in arrays.items():
        if key.startswith(keys):
            digest = key.startswith(('digest/', 'grad/'))
            change = ten_tolerances(key, array) if digest else changed(array)
            if not fails(check, Case(RECORDED, {**arrays, key: change})):
                missed.add(key)
    return missed


def not_facts(arrays):
    """Keys that need not be compared: defects and exact random draws of the original."""
    return {key for key in arrays if key.startswith(('quirk/', 'hist/')) or key == 'seeded_batch_seed'}
