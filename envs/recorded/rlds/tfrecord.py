"""The records of a TFRecord file: a length and its checksum, data and their checksum."""
import os
import struct
from typing import NamedTuple

from envs.recorded.rlds.crc import masked_crc
from utils.foreign.files import ContentError

FRAMING = 16        # bytes of a record that are not its data
DAMAGED = 'the checksum of its data does not match; the record is damaged'
_HEADER = 12


class Place(NamedTuple):
    """Where the data of one record are.

    Attributes:
        offset: of the first byte of data in the file.
        size: bytes of data.
    """

    offset: int
    size: int


def places(file):
    """[`Place`] of every record of an open binary file, found by their lengths alone.

    Raises:
        As of `each_place`.
    """
    return list(each_place(file))


def each_place(file):
    """Yields the `Place` of one record after the other, so that those before a fault are found.

    Raises:
        ContentError: the file ends within a record, or the checksum of a length does not match.
        OSError: it cannot be read.
    """
    total, start, count = os.fstat(file.fileno()).st_size, 0, 0
    while start < total:
        file.seek(start)
        header = file.read(_HEADER)
        if len(header) < _HEADER:
            raise ContentError(f'record {count}: the file ends within the length of the record')
        size, checksum = struct.unpack('<QI', header)
        if masked_crc(header[:8]) != checksum:
            raise ContentError(f'record {count}: the checksum of its length does not match; the file is '
                               'damaged, or it is no TFRecord file')
        if size > total - start - FRAMING:
            raise ContentError(f'record {count}: expected {size} bytes of data and a checksum, but the '
                               f'file ends after {total - start - _HEADER}')
        yield Place(start + _HEADER, size)
        start, count = start + size + FRAMING, count + 1


def read_data(file, place, check):
    """The data of the record at a `Place` of an open binary file.

    Args:
        file: the open file.
        place: as `places` found it.
        check: whether to compare the checksum; it takes about as long as reading.

    Raises:
        ContentError: the record is truncated, or the checksum does not match.
        OSError: it cannot be read.
    """
    data, checksum = read_unchecked(file, place)
    if check and masked_crc(data) != checksum:
        raise ContentError(DAMAGED)
    return data


def read_unchecked(file, place):
    """(data, their checksum as it is stored) of a record; errors as of `read_data`, but the checksum's."""
    file.seek(place.offset)
    content = memoryview(file.read(place.size + 4))
    if len(content) != place.size + 4:
        raise ContentError(f'expected {place.size} bytes of data and a checksum, got {len(content)}')
    return content[:place.size], struct.unpack('<I', content[place.size:])[0]


def write_record(file, data):
    """Appends one record to an open binary file."""
    write_parts(file, [data], masked_crc(data))


def write_parts(file, parts, checksum):
    """Appends one record, whose data are some parts with a known checksum."""
    size = struct.pack('<Q', sum(map(len, parts)))
    file.write(size)
    file.write(struct.pack('<I', masked_crc(size)))
    for part in parts:
        file.write(part)
    file.write(struct.pack('<I', checksum))
