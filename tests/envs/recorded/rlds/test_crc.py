"""CRC-32C against the definition, bit by bit."""
import numpy as np
import pytest

from envs.recorded.rlds.crc import crc32c, masked_crc


def bit_by_bit(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 * (crc & 1)
    return crc ^ 0xFFFFFFFF


def test_the_check_value_of_the_standard():
    assert crc32c(b'123456789') == 0xE3069283


# across the limit of the plain loop, a piece of 256 bytes and odd numbers of pieces
@pytest.mark.parametrize('size', [0, 1, 4, 511, 512, 513, 768, 1279, 1280, 1281, 70_001])
def test_checksums_of_all_sizes(size):
    data = np.random.default_rng(size).integers(256, size=size, dtype=np.uint8).tobytes()
    assert crc32c(data) == bit_by_bit(data)


def test_pieces_grow_with_the_data():
    data = np.random.default_rng(0).integers(256, size=4 * 64 * 8192 + 5, dtype=np.uint8).tobytes()
    half = len(data) // 2
    ones = bytes(len(data) - half)      # linear: crc(a + b) = crc(a + zeros) ^ crc(zeros + b) ^ crc(zeros)
    parts = [data[:half] + ones, bytes(half) + data[half:], bytes(len(data))]
    assert crc32c(data) == crc32c(parts[0]) ^ crc32c(parts[1]) ^ crc32c(parts[2])
    assert crc32c(memoryview(data)) == crc32c(data)


def test_one_changed_bit_changes_the_checksum():
    data = bytearray(5000)
    before = masked_crc(data)
    data[2500] ^= 1
    assert masked_crc(data) != before
