"""The arrays of an episode of Minari: vectors, and frames that are stored raw or as JPEG."""
import h5py
import numpy as np

from envs.recorded.hdf5_checks import check_shape, frames, member, numbers
from envs.recorded.images import check_image, decode, image_size
from envs.recorded.raw import Column
from utils.foreign.files import ContentError
from utils.foreign.hdf5 import excess

OBSERVATIONS = 'observations'
CHUNK = 64              # frames read at a time
_JPEG = b'\xff\xd8\xff'
_DEPTH = 5              # of groups of a nested space


def columns_of(episode, label, name=OBSERVATIONS, depth=0):
    """{name, such as 'observations/camera': `Column`} of an episode; other arrays are left out.

    Args:
        episode: open group of the episode.
        label: its name.
        name: of an array or a group below `episode`.
        depth: number of groups between them.

    Raises:
        ContentError: groups are nested too deeply, or the first frame of a camera is invalid.
    """
    link = episode.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink):
        return {}
    inner = episode[name]
    if isinstance(inner, h5py.Group):
        if depth == _DEPTH:
            raise ContentError(f'{label}/{name}: expected at most {_DEPTH} groups in each other')
        return {key: column for each in map(str, inner.keys())
                for key, column in columns_of(episode, label, f'{name}/{each}', depth + 1).items()}
    column = _column(member(episode, name, label, h5py.Dataset), f'{label}/{name}')
    return {name: column} if column else {}


def _column(dataset, label):
    """The `Column` of an array, or None if it has neither frames in color nor vectors."""
    if not dataset.shape or 0 in dataset.shape[1:]:
        return None
    if dataset.dtype == np.uint8 and dataset.ndim == 4 and dataset.shape[3] == 3:
        return Column('camera', dataset.shape[1:], 'raw')
    if _is_bytes(dataset) and len(dataset):
        first = _encoded(dataset, slice(0, 1), label)[0]
        if first[:3] == _JPEG:
            size = _named(f'{label}: frame 0', image_size, first)
            return Column('camera', size, 'jpeg') if size[2] == 3 else None
    return Column('vector', dataset.shape[1:]) if dataset.dtype.kind in 'fiu' and dataset.ndim == 2 else None


def check_frames(episode, name, label, length, column):
    """Raises a ContentError unless an array holds `length` frames of a camera; none is decoded."""
    if column.encoding == 'raw':
        check_shape(frames(episode, name, label, length), column.shape, f'{label}/{name}')
        return
    dataset = _jpegs(episode, name, label, length)
    for first in range(0, length, CHUNK):
        for step, data in enumerate(_encoded(dataset, slice(first, first + CHUNK), f'{label}/{name}'), first):
            _named(f'{label}/{name}: frame {step}', check_image, data, column.shape, column.encoding)


def read_frames(episode, name, label, length, column):
    """Yields the frames of an episode, [n, height, width, 3] uint8, n up to `CHUNK`.

    Raises:
        ContentError: they cannot be read.
    """
    is_raw = column.encoding == 'raw'
    dataset = (frames if is_raw else _jpegs)(episode, name, label, length)
    for first in range(0, length, CHUNK):
        part = slice(first, first + CHUNK)
        yield dataset[part] if is_raw else _decoded(dataset, part, column, f'{label}/{name}')


def vector(episode, name, label, length, width):
    """[length, width] float32 of an episode.

    Raises:
        ContentError: it is missing or invalid.
    """
    found = member(episode, name, label, h5py.Dataset)
    if found.shape and len(found) == length - 1:
        raise ContentError(f'{label}/{name}: expected {length} observations, one more than actions, got '
                           f'{length - 1}')
    return numbers(episode, name, label, length, width).astype(np.float32)


def _decoded(dataset, part, column, label):
    """[n, height, width, 3] uint8 of the pictures in the rows `part`."""
    encoded = _encoded(dataset, part, label)
    decoded = np.empty((len(encoded), *column.shape), np.uint8)
    for step, (data, out) in enumerate(zip(encoded, decoded, strict=True), part.start):
        _named(f'{label}: frame {step}', check_image, data, column.shape, column.encoding)
        _named(f'{label}: frame {step}', decode, data, out)
    return decoded


def _named(label, function, *args):
    """The value of `function`; a `ContentError` of it gets `label`."""
    try:
        return function(*args)
    except ContentError as error:
        raise ContentError(f'{label}: {error}') from error


def _jpegs(episode, name, label, length):
    """The dataset of `length` encoded frames."""
    dataset = member(episode, name, label, h5py.Dataset)
    if not dataset.shape or not _is_bytes(dataset):
        raise ContentError(f'{label}/{name}: expected JPEGs, as in the first episode, got {dataset.dtype} '
                           f'{list(dataset.shape or ())}')
    if len(dataset) != length:
        raise ContentError(f'{label}/{name}: expected {length} observations, one more than actions, got '
                           f'{len(dataset)}')
    return dataset


def _is_bytes(dataset):
    """Whether a dataset has the bytes of a picture in each row: of several lengths, or all of one."""
    is_single = dataset.dtype == np.uint8 and dataset.ndim == 2
    return is_single or (dataset.ndim == 1 and h5py.check_vlen_dtype(dataset.dtype) == np.uint8)


def _encoded(dataset, part, label):
    """[bytes] of the pictures in some rows."""
    if too_large := excess(dataset):
        raise ContentError(f'{label} cannot be read: {too_large}')
    return [np.asarray(row, np.uint8).tobytes() for row in dataset[part]]
