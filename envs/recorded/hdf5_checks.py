"""Checked access to an HDF5 file of episodes: plain arrays, of the expected shape, inside the file."""
import re
from contextlib import contextmanager

import h5py
import numpy as np

from utils.errors import UserError
from utils.foreign.files import ContentError, UnreadableError
from utils.foreign.hdf5 import UNREADABLE, advised, excess, hdf5_file
from utils.text import one_line

_LARGEST = float(np.finfo(np.float32).max)          # numbers become float32


@contextmanager
def checked_file(path):
    """The open HDF5 file; a `ContentError` of the `with` block gets the file's name.

    Raises:
        UserError: the file cannot be opened, or what is read of it is damaged or invalid.
    """
    try:
        with hdf5_file(path) as file:
            yield file
    except ContentError as error:
        raise UserError(one_line(f'{path}: {error}')) from error
    except UnreadableError as error:
        raise UserError(f'{path} cannot be read as HDF5: {error.cause}') from error


def numbered(group, prefix, label):
    """Names of the members `<prefix><number>` of a group, in the order of their numbers.

    Raises:
        ContentError: there are none.
    """
    names = [name for name in map(str, group.keys()) if re.fullmatch(f'{prefix}[0-9]{{1,9}}', name)]
    if not names:
        raise ContentError(f'{label}: expected episodes named {prefix}<number>, got '
                           f'{", ".join(list(group.keys())[:4]) or "nothing"}')
    return sorted(names, key=lambda name: (int(name.removeprefix(prefix)), name))


def usable(names, read, skip_bad):
    """([what `read` returns for each name], {name: why it was left out}).

    Raises:
        ContentError: an episode is invalid, without `skip_bad`; so does what h5py raises for a damaged file.
    """
    episodes, skipped = [], {}
    for name in names:
        try:
            episodes.append(read(name))
        except (ContentError, *UNREADABLE) as error:
            if not skip_bad:
                raise
            skipped[name] = one_line(str(error))
    return episodes, skipped


def check_named(names, found):
    """Raises a ContentError if one of the columns `names` is not among those that were found."""
    missing = [name for name in names if name not in found]
    if missing:
        raise ContentError(f'{missing[0]} is missing; found {", ".join(found)}')


def check_shape(dataset, shape, label):
    """Raises a ContentError if frames [T, H, W, 3] have another size than those of the first episode."""
    if dataset.shape[1:] != shape:
        raise ContentError(f'{label}: expected frames of {list(shape)}, as in the first episode, got '
                           f'{list(dataset.shape[1:])}')


def member(group, name, label, kind):
    """The group or dataset `name` of an open HDF5 group; links out of the file are not followed.

    Args:
        group: open `h5py.Group`.
        name: of its member; may be a path through groups.
        label: name of `group` in an error.
        kind: `h5py.Group` or `h5py.Dataset`.

    Raises:
        ContentError: the member is missing, unreadable, of the wrong kind, or in another file.
    """
    parts = [part for part in name.split('/') if part]
    if not parts:
        raise ContentError(f'{label}: expected the name of an array, got {name!r}')
    for depth, part in enumerate(parts):
        where = '/'.join([label, *parts[:depth + 1]])
        if not isinstance(group, h5py.Group):
            raise ContentError(f'{where} is missing: {label} is an array')
        link = group.get(part, getlink=True) if part in group.keys() else None
        if link is None:
            found = ', '.join(map(str, list(group.keys())[:8])) or 'nothing'
            raise ContentError(f'{where} is missing; found {found}')
        if not isinstance(link, h5py.HardLink):
            raise ContentError(f'{where} is a link; expected data in the file itself')
        group = _read(where, group.__getitem__, part)
    if not isinstance(group, kind):
        raise ContentError(f'{where}: expected {"a group" if kind is h5py.Group else "an array"}')
    if kind is h5py.Dataset and (group.external or group.is_virtual):
        raise ContentError(f'{where} keeps its data in another file; expected them in this one')
    return group


def frames(demo, name, label, length):
    """The dataset of frames [T, H, W, 3] uint8 of a demo, not yet read.

    Raises:
        ContentError: it is missing, or has an invalid shape or type.
    """
    dataset = member(demo, name, label, h5py.Dataset)
    dtype, shape = _facts(dataset, f'{label}/{name}')
    if dtype != np.uint8 or len(shape) != 4 or shape[3] != 3 or 0 in shape[1:3]:
        raise ContentError(f'{label}/{name}: expected uint8 frames of shape [T, height, width, 3], got '
                           f'{dtype} {shape}')
    _check_length(dataset, f'{label}/{name}', length)
    return dataset


def numbers(demo, name, label, length=None, width=None):
    """[T, width] float64 of a demo, or [T] if `width` is 0; any width from 1 if it is None.

    Raises:
        ContentError: it is missing, unreadable, of an invalid shape, or has numbers outside of float32.
    """
    dataset = member(demo, name, label, h5py.Dataset)
    dtype, shape = _facts(dataset, f'{label}/{name}')
    is_shaped = len(shape) == 1 if width == 0 else (
        len(shape) == 2 and shape[1] > 0 and width in (None, shape[1]))
    if dtype.kind not in 'fiub' or not is_shaped:
        expected = '[T]' if width == 0 else f'[T, {width or "D"}]'
        raise ContentError(f'{label}/{name}: expected numbers of shape {expected}, got {dtype} {shape}')
    _check_length(dataset, f'{label}/{name}', length)
    values = _read(f'{label}/{name}', dataset.__getitem__, ()).astype(np.float64)
    if not (np.abs(values) <= _LARGEST).all():
        raise ContentError(f'{label}/{name}: expected finite numbers, got NaN, infinity or more than '
                           f'{_LARGEST:.2g}')
    return values


def _facts(dataset, where):
    """(dtype, shape as a list) of a dataset; [] for a null dataset."""
    try:
        dtype, shape, too_large = dataset.dtype, list(dataset.shape or ()), excess(dataset)
    except TypeError as error:
        raise ContentError(f'{where}: expected numbers ({error})') from error
    if too_large:
        raise ContentError(f'{where} cannot be read: {too_large}')
    return dtype, shape


def _read(where, read, key):
    """`read(key)`; a damaged file raises a `ContentError`."""
    try:
        return read(key)
    except UNREADABLE as error:
        raise ContentError(f'{where} cannot be read: {advised(str(error))}') from error


def _check_length(dataset, label, length):
    if length is not None and len(dataset) != length:
        extra = (': one more, as if the observation after the last action were stored too; expected one for '
                 'each action') if len(dataset) == length + 1 else ''
        raise ContentError(f'{label}: expected {length} steps, as actions have, got {len(dataset)}{extra}')
