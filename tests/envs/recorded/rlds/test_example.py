"""Records against protobuf's own `tf.train.Example`."""
import struct

import numpy as np
import pytest
import tensorflow as tf

from envs.recorded.rlds.example import (
    Feature,
    encoded,
    floats,
    integers,
    of_floats,
    of_integers,
    of_strings,
    parse,
    strings,
)
from utils.foreign.files import ContentError

FLOATS, INTEGERS = np.float32([0.1, -2, 3e38]), np.int64([0, 1, -1, 300, 2 ** 63 - 1, -2 ** 63])
STRINGS = [b'', b'abc', bytes(300)]


def example():
    feature = {'f': tf.train.Feature(float_list=tf.train.FloatList(value=FLOATS)),
               'i': tf.train.Feature(int64_list=tf.train.Int64List(value=INTEGERS)),
               's': tf.train.Feature(bytes_list=tf.train.BytesList(value=STRINGS)),
               'nothing': tf.train.Feature()}
    return tf.train.Example(features=tf.train.Features(feature=feature))


def test_a_record_of_tensorflow_is_parsed():
    features = parse(example().SerializeToString())
    assert features.keys() == {'f', 'i', 's', 'nothing'} and features['nothing'].kind == ''
    np.testing.assert_array_equal(floats(features['f']), FLOATS)
    np.testing.assert_array_equal(integers(features['i']), INTEGERS)
    assert strings(features['s']) == STRINGS


def test_tensorflow_parses_what_is_encoded():
    data = encoded({'f': of_floats(FLOATS), 'i': of_integers(INTEGERS), 's': of_strings(STRINGS),
                    'nothing': Feature('', b'')})
    assert tf.train.Example.FromString(data) == example()


def test_an_array_is_written_row_after_row():
    assert floats(of_floats(np.arange(6).reshape(2, 3).T)).tolist() == [0, 3, 1, 4, 2, 5]


def test_numbers_that_are_not_packed_are_parsed():
    data = b''.join(b'\x0d' + struct.pack('<f', value) for value in FLOATS)
    np.testing.assert_array_equal(floats(Feature('floats', data)), FLOATS)
    assert integers(Feature('integers', b'\x08\x05\x08\xac\x02')).tolist() == [5, 300]


def test_replacing_one_feature_leaves_the_bytes_of_the_others():
    before = parse(example().SerializeToString())
    data = encoded({**before, 'f': of_floats([7]), 'old': before['f']})
    after = parse(data)
    assert {key: bytes(after[key].data) for key in ('i', 's')} == {
        key: bytes(before[key].data) for key in ('i', 's')}
    assert floats(after['f']).tolist() == [7] and bytes(after['old'].data) == bytes(before['f'].data)


@pytest.mark.parametrize('data, expected', [
    (b'\x0a\x7f', 'expected a field of 127 bytes, got 0'), (b'\x0a', 'a number without an end'),
    (b'\x0a' + b'\xff' * 11, 'a number without an end'), (b'\x0b', 'the unknown wire type 3'),
    (b'\x08\x01', 'got other data'),
    (b'\x0a\x02\x08\x01', 'got other data'), (b'\x0a\x04\x0a\x02\x10\x01', 'got other data'),
    (b'\x0a\x05\x0a\x03\x0a\x01\xff', 'a key that is no UTF-8')])
def test_other_data_are_refused(data, expected):
    with pytest.raises(ContentError, match=expected):
        parse(data)


@pytest.mark.parametrize('read, data', [(floats, b'\x0a\x03abc'), (floats, b'\x08\x01'),
                                        (integers, b'\x0d\x00\x00\x00\x00'), (strings, b'\x08\x01')])
def test_values_of_another_type_are_refused(read, data):
    with pytest.raises(ContentError, match='got other data'):
        read(Feature('', data))
