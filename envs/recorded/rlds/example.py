"""`tf.train.Example`, the content of a record: named lists of strings, float32 or int64, as they are encoded.

A feature is kept as its encoded bytes. A record can be written again with one feature replaced and every
other byte of it unchanged.
"""
import struct
from typing import NamedTuple

import numpy as np

from utils.foreign.files import ContentError

STRINGS, FLOATS, INTEGERS = 'strings', 'floats', 'integers'
_KINDS = {1: STRINGS, 2: FLOATS, 3: INTEGERS}       # by the number of the field of `tf.train.Feature`
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5    # protobuf's wire types


class Feature(NamedTuple):
    """One list of values, encoded.

    Attributes:
        kind: `STRINGS`, `FLOATS`, `INTEGERS`, or '' if the record does not say.
        data: the encoded `BytesList`, `FloatList` or `Int64List`.
    """

    kind: str
    data: bytes | memoryview


def parse(data):
    """{key: `Feature`} of an encoded `tf.train.Example`.

    Raises:
        ContentError: it is none.
    """
    features = {}
    for entries in _messages(memoryview(data), 1):
        for entry in _messages(entries, 1):
            parts = {number: value for number, _, value in _fields(entry)}
            key, feature = parts.get(1, memoryview(b'')), parts.get(2, memoryview(b''))
            if not isinstance(key, memoryview) or not isinstance(feature, memoryview):
                raise ContentError('expected a tf.train.Example, got other data')
            features[_text(key)] = _feature(feature)
    return features


def encoded(features):
    """The bytes of a `tf.train.Example` of {key: `Feature`}."""
    return b''.join(encoded_parts(features))


def encoded_parts(features):
    """As `encoded`, in parts; the data of each `Feature` are a part, which is not copied."""
    numbers = {kind: number for number, kind in _KINDS.items()}
    entries = []
    for key, feature in features.items():
        value = _message(numbers[feature.kind], [feature.data]) if feature.kind else []
        entries += _message(1, [*_message(1, [key.encode()]), *_message(2, value)])
    return _message(1, entries)


def strings(feature):
    """[`memoryview`] of a feature of strings."""
    return list(_messages(feature.data, 1))


def floats(feature):
    """[n] float32 of a feature of floats."""
    parts = []
    for number, wire, value in _fields(memoryview(feature.data)):
        if number != 1 or wire not in (_BYTES, _FIXED32) or len(value) % 4:
            raise ContentError('expected a list of float32, got other data')
        parts.append(value)
    return np.frombuffer(b''.join(parts), '<f4')


def integers(feature):
    """[n] int64 of a feature of integers."""
    values = []
    for number, wire, value in _fields(memoryview(feature.data)):
        if number != 1 or wire not in (_BYTES, _VARINT):
            raise ContentError('expected a list of int64, got other data')
        values += _varints(value) if wire == _BYTES else [value]
    return np.array(values, np.uint64).astype(np.int64)


def of_strings(values):
    """The `Feature` of strings, each bytes or str."""
    values = [value.encode() if isinstance(value, str) else value for value in values]
    return Feature(STRINGS, b''.join(part for value in values for part in _message(1, [value])))


def of_floats(values):
    """The `Feature` of an array of any shape, as float32, row after row."""
    return Feature(FLOATS, b''.join(_message(1, [np.ascontiguousarray(values, '<f4').tobytes()])))


def of_integers(values):
    """The `Feature` of an array of integers or truth values of any shape, row after row."""
    numbers = np.ascontiguousarray(values, np.int64).ravel().view(np.uint64).tolist()
    return Feature(INTEGERS, b''.join(_message(1, [b''.join(map(_as_varint, numbers))])))


def _feature(data):
    """The `Feature` of an encoded `tf.train.Feature`; of several lists in it, the last."""
    found = Feature('', b'')
    for number, _, value in _fields(data):
        if number in _KINDS and isinstance(value, memoryview):
            found = Feature(_KINDS[number], value)
    return found


def _messages(data, expected):
    """The byte fields with one number; other fields raise."""
    for number, wire, value in _fields(data):
        if number != expected or wire != _BYTES:
            raise ContentError('expected a tf.train.Example, got other data')
        yield value


def _fields(data):
    """(number, wire type, value) of every field of a message; the value is an int or a `memoryview`."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, wire, value
            continue
        if wire == _BYTES:
            size, at = _varint(data, at)
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
        else:
            raise ContentError(f'expected a tf.train.Example, got a field of the unknown wire type {wire}')
        if size > end - at:
            raise ContentError(f'expected a field of {size} bytes, got {end - at}')
        yield number, wire, data[at:at + size]
        at += size


def _varint(data, at):
    """(number, position after it) of the variable-length number at a position."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise ContentError('expected a tf.train.Example, got a number without an end')


def _varints(data):
    values, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _as_varint(value):
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _message(number, parts):
    """[bytes] of a field of bytes; nothing is copied."""
    return [struct.pack('B', number << 3 | _BYTES), _as_varint(sum(map(len, parts))), *parts]


def _text(data):
    try:
        return str(data, 'utf-8')
    except UnicodeDecodeError as error:
        raise ContentError('expected a tf.train.Example, got a key that is no UTF-8') from error
