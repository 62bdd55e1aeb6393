"""TFRecord files against TensorFlow's own."""
import struct

import numpy as np
import pytest
import tensorflow as tf

from envs.recorded.rlds.crc import masked_crc
from envs.recorded.rlds.tfrecord import places, read_data
from tests.envs.recorded.rlds.sets import records_of, write_records
from utils.foreign.files import ContentError

RECORDS = [b'one', b'', bytes(range(256)) * 9]


def test_records_of_tensorflow_are_read(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / 'x')) as writer:
        for data in RECORDS:
            writer.write(data)
    assert records_of(tmp_path / 'x') == RECORDS


def test_tensorflow_reads_what_is_written(tmp_path):
    large = np.random.default_rng(0).bytes(2 ** 22 + 5)     # the pieces of its checksum are longer
    write_records(tmp_path / 'x', [*RECORDS, large])
    found = tf.data.TFRecordDataset(str(tmp_path / 'x')).as_numpy_iterator()
    assert list(found) == [*RECORDS, large]


def damaged(path, change):
    write_records(path, RECORDS)
    content = bytearray(path.read_bytes())
    path.write_bytes(change(content))
    return records_of(path)


@pytest.mark.parametrize('change, expected', [
    (lambda content: content[:-1], 'record 2: expected 2304 bytes of data and a checksum, but the file ends '
                                   'after 2307'),
    (lambda content: content[:42], 'record 2: the file ends within the length of the record'),
    (lambda content: content[:19] + b'\xff' + content[20:], 'record 1: the checksum of its length'),
    (lambda content: content[:-9] + b'\xff' + content[-8:], 'the checksum of its data does not match'),
    (lambda content: content[:-1] + bytes([content[-1] ^ 1]), 'the checksum of its data does not match')])
def test_damage_is_found(tmp_path, change, expected):
    with pytest.raises(ContentError, match=f'^{expected}'):
        damaged(tmp_path / 'x', change)


def test_a_length_beyond_the_file_is_refused_before_memory_is_taken(tmp_path):
    length = struct.pack('<Q', 2 ** 62)
    (tmp_path / 'x').write_bytes(length + struct.pack('<I', masked_crc(length)) + bytes(20))
    with pytest.raises(ContentError, match=f'expected {2 ** 62} bytes of data'):
        records_of(tmp_path / 'x')


def test_a_file_that_became_shorter_is_refused(tmp_path):
    write_records(tmp_path / 'x', RECORDS)
    with open(tmp_path / 'x', 'r+b') as file:
        last = places(file)[-1]
        file.truncate(100)
        with pytest.raises(ContentError, match='expected 2304 bytes of data and a checksum, got 53'):
            read_data(file, last, check=False)
