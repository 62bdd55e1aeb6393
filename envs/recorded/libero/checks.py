"""What is taken from a file of recorded episodes: plain arrays, of the expected shape, inside the file."""
import h5py
import numpy as np

UNREADABLE = (OSError, RuntimeError, KeyError)      # what h5py raises where a file is damaged
_LARGEST = float(np.finfo(np.float32).max)          # numbers become float32


class BadDataError(ValueError):
    """Something in a file cannot be used; the text names the key, what was expected and what came."""


def member(group, name, told, kind):
    """The group or dataset `name` of an open HDF5 group; links out of the file are not followed.

    Args:
        group: open `h5py.Group`.
        name: of its member; a path goes through groups.
        told: how an error names `group`.
        kind: `h5py.Group` or `h5py.Dataset`.

    Raises:
        BadDataError: there is no such member, it cannot be read, or is of another kind or in another file.
    """
    parts = [part for part in name.split('/') if part]
    if not parts:
        raise BadDataError(f'{told}: expected the name of an array, got {name!r}')
    for depth, part in enumerate(parts):
        where = '/'.join([told, *parts[:depth + 1]])
        if not isinstance(group, h5py.Group):
            raise BadDataError(f'{where} is missing: {told} is an array')
        link = group.get(part, getlink=True) if part in group.keys() else None
        if link is None:
            found = ', '.join(list(group.keys())[:8]) or 'nothing'
            raise BadDataError(f'{where} is missing; found {found}')
        if not isinstance(link, h5py.HardLink):
            raise BadDataError(f'{where} is a link; expected data in the file itself')
        group = _read(where, group.__getitem__, part)
    if not isinstance(group, kind):
        raise BadDataError(f'{where}: expected {"a group" if kind is h5py.Group else "an array"}')
    if kind is h5py.Dataset and (group.external or group.is_virtual):
        raise BadDataError(f'{where} keeps its data in another file; expected them in this one')
    return group


def frames(demo, name, told, length):
    """The dataset of frames [T, H, W, 3] uint8 of a demo, unread.

    Raises:
        BadDataError: it is missing, or not of that shape and type.
    """
    dataset = member(demo, name, told, h5py.Dataset)
    dtype, shape = _facts(dataset, f'{told}/{name}')
    if dtype != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape[1:3]:
        raise BadDataError(f'{told}/{name}: expected uint8 frames of shape [T, height, width, 3], got '
                           f'{dtype} {shape}')
    _check_length(dataset, f'{told}/{name}', length)
    return dataset


def numbers(demo, name, told, length=None, width=None):
    """[T, width] float64 of a demo, or [T] where `width` is 0; any width from 1 where it is None.

    Raises:
        BadDataError: it is missing, unreadable, not of that shape, or not all numbers that float32 can hold.
    """
    dataset = member(demo, name, told, h5py.Dataset)
    dtype, shape = _facts(dataset, f'{told}/{name}')
    is_shaped = len(shape) == 1 if width == 0 else (
        len(shape) == 2 and shape[1] > 0 and width in (None, shape[1]))
    if dtype.kind not in 'fiub' or not is_shaped:
        expected = '[T]' if width == 0 else f'[T, {width or "D"}]'
        raise BadDataError(f'{told}/{name}: expected numbers of shape {expected}, got {dtype} {shape}')
    _check_length(dataset, f'{told}/{name}', length)
    values = _read(f'{told}/{name}', dataset.__getitem__, ()).astype(np.float64)
    if not (np.abs(values) <= _LARGEST).all():
        raise BadDataError(f'{told}/{name}: expected finite numbers, got NaN, infinity or more than '
                           f'{_LARGEST:.2g}')
    return values


def _facts(dataset, where):
    """(dtype, shape as a list) of a dataset; one that is null has the shape []."""
    try:
        return dataset.dtype, list(dataset.shape or ())
    except TypeError as error:
        raise BadDataError(f'{where}: expected numbers ({error})') from error


def _read(where, read, key):
    """`read(key)`, told as an error of the data where the file is damaged."""
    try:
        return read(key)
    except (*UNREADABLE, MemoryError) as error:     # the last: a shape that somebody made up
        raise BadDataError(f'{where} cannot be read: {error}') from error


def _check_length(dataset, told, length):
    if length is not None and len(dataset) != length:
        raise BadDataError(f'{told}: expected {length} steps, as actions have, got {len(dataset)}')
