"""What is taken from a file of recorded episodes: plain arrays, of the expected shape, inside the file."""
import h5py
import numpy as np


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
        BadDataError: there is no such member, or it is of another kind or in another file.
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
        group = group[part]
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
    if dataset.dtype != np.uint8 or dataset.ndim != 4 or dataset.shape[3] != 3 or 0 in dataset.shape[1:3]:
        raise BadDataError(f'{told}/{name}: expected uint8 frames of shape [T, height, width, 3], got '
                           f'{dataset.dtype} {list(dataset.shape)}')
    _check_length(dataset, f'{told}/{name}', length)
    return dataset


def numbers(demo, name, told, length=None, width=None):
    """[T, width] float64 of a demo, or [T] where `width` is 0; any width from 1 where it is None.

    Raises:
        BadDataError: it is missing, not of that shape, or not all finite numbers.
    """
    dataset = member(demo, name, told, h5py.Dataset)
    is_shaped = dataset.ndim == 1 if width == 0 else (
        dataset.ndim == 2 and dataset.shape[1] > 0 and width in (None, dataset.shape[1]))
    if dataset.dtype.kind not in 'fiub' or not is_shaped:
        shape = '[T]' if width == 0 else f'[T, {width or "D"}]'
        raise BadDataError(f'{told}/{name}: expected numbers of shape {shape}, got {dataset.dtype} '
                           f'{list(dataset.shape)}')
    _check_length(dataset, f'{told}/{name}', length)
    values = dataset[()].astype(np.float64)
    if not np.isfinite(values).all():
        raise BadDataError(f'{told}/{name}: expected finite numbers, got NaN or infinity')
    return values


def _check_length(dataset, told, length):
    if length is not None and len(dataset) != length:
        raise BadDataError(f'{told}: expected {length} steps, as actions have, got {len(dataset)}')
