"""Frames that are stored as PNG or JPEG files inside parquet files."""
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.recorded.encoded import decoded
from envs.recorded.lerobot.faults import one_line
from envs.recorded.lerobot.tables import batches, open_table
from utils.foreign.files import ContentError

_ROWS = 64          # of pictures read at a time
_PNG, _JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8\xff'
_ENDS = {'png': b'IEND\xaeB`\x82', 'jpeg': b'\xff\xd9'}
_HEADER = 24        # bytes of a PNG file up to its size
_NO_SIZE = (0xC4, 0xC8, 0xCC)       # markers among JPEG's SOF numbers that declare no size


class PictureRows(NamedTuple):
    """Where the pictures of an episode are.

    Attributes:
        path: of the parquet file.
        first_row: of the episode.
        length: T.
        name: of the episode.
    """

    path: Path
    first_row: int
    length: int
    name: str


def encoding_of(path, camera):
    """'png' or 'jpeg', from the first picture of a file.

    Raises:
        ContentError: it is neither, or the file is damaged.
    """
    picture = next(_encoded(open_table(path), path, camera, 0, 1), None)
    return _encoding(picture, f'{path}: {camera}, row 0')


def pictures(parts, camera, column):
    """Yields the frames of episodes in turn, [height, width, 3] uint8, and None after each episode.

    Args:
        parts: a `PictureRows` for each episode.
        camera: name of the column.
        column: its `Column`.

    Raises:
        ContentError: a picture is missing, damaged, or has another size or encoding.
    """
    labels, table, opened = _labels(parts), None, None
    for path, first, length in _adjacent(parts):
        if path != opened:
            table, opened = open_table(path), path
        for picture in _encoded(table, path, camera, first, length):
            part, row = next(labels)
            yield _decoded(picture, column, f'{path}: {part.name}, row {row}: {camera}')
            if row == part.length - 1:
                yield None


def _labels(parts):
    """Yields (part, row in it) of each frame."""
    return ((part, row) for part in parts for row in range(part.length))


def _adjacent(parts):
    """Yields (path, first row, number of rows) that cover `parts` in order, neighbours in a file joined."""
    runs = []
    for part in parts:
        if runs and runs[-1][0] == part.path and sum(runs[-1][1:]) == part.first_row:
            runs[-1][2] += part.length
        else:
            runs.append([part.path, part.first_row, part.length])
    yield from runs


def _encoded(table, path, camera, first, length):
    """Yields the `length` encoded pictures from row `first` on, [bytes] uint8; None for a missing one."""
    start, last = 0, first + length
    if last > table.metadata.num_rows:      # the file has changed since it was checked
        raise ContentError(f'{path}: expected {last} rows or more, got {table.metadata.num_rows}')
    for group in range(table.num_row_groups):
        rows = table.metadata.row_group(group).num_rows
        if start < last and start + rows > first:
            row = start
            for batch in batches(table, [camera], path, _ROWS, [group]):
                inner = slice(max(0, first - row), max(0, last - row))
                kinds = batch.schema.field(camera).type
                stored = batch.column(camera).flatten()[kinds.get_field_index('bytes')]
                yield from _byte_arrays(stored[inner])
                row += batch.num_rows
                if row >= last:
                    return
        start += rows
    raise ContentError(f'{path}: expected {length} rows from {first} on, got fewer')


def _byte_arrays(stored):
    """Yields each value of a pyarrow array of bytes as a view, [bytes] uint8; None for a missing one."""
    if stored.null_count or not len(stored):
        for value in stored:
            yield None if value.as_buffer() is None else np.frombuffer(value.as_buffer(), np.uint8)
        return
    _, offsets, data = stored.buffers()
    kind = np.int32 if stored.type == 'binary' else np.int64
    edges = np.frombuffer(offsets, kind, len(stored) + 1, stored.offset * np.dtype(kind).itemsize).tolist()
    values = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        yield values[start:end]


def _decoded(picture, column, label):
    """The RGB values of a picture, [height, width, 3] uint8."""
    encoding = _encoding(picture, label)
    if encoding != column.encoding:
        raise ContentError(f'{label}: expected {column.encoding}, as in the first row, got {encoding}')
    size = _png_size(picture) if encoding == 'png' else _jpeg_size(picture.data)
    if size != column.shape[:2]:        # before room for the pixels is allocated
        raise ContentError(f'{label}: expected {column.shape[0]} x {column.shape[1]} pixels, as '
                           f'meta/info.json says, got {size[0]} x {size[1]}')
    try:
        return decoded(picture, column.shape)
    except ValueError as error:
        why = f': {one_line(str(error))}' if str(error) else f' as {encoding}'
        raise ContentError(f'{label} cannot be decoded{why}') from error


def _encoding(picture, label):
    if picture is None:
        raise ContentError(f'{label}: expected the bytes of a picture, got none')
    start = picture[:8].tobytes()
    encoding = 'png' if start == _PNG else 'jpeg' if start[:3] == _JPEG else ''
    if not encoding:
        raise ContentError(f'{label}: expected a PNG or JPEG file, got bytes that start with {start!r}')
    end = _ENDS[encoding]
    if len(picture) < _HEADER or picture[-len(end):].tobytes() != end:
        raise ContentError(f'{label}: expected a whole {encoding} file, got one that is cut off')
    return encoding


def _png_size(picture):
    """(height, width) in the header."""
    width, height = struct.unpack('>II', picture[16:24].tobytes())
    return height, width


def _jpeg_size(picture):
    """(height, width) in the header; (0, 0) if it has none."""
    place = 2
    while place + 9 < len(picture) and picture[place] == 0xFF:
        marker = picture[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZE:
            return (int.from_bytes(picture[place + 5:place + 7], 'big'),
                    int.from_bytes(picture[place + 7:place + 9], 'big'))
        place += 2 + int.from_bytes(picture[place + 2:place + 4], 'big')
    return 0, 0
