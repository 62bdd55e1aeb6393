"""CRC-32C against the definition, bit by bit."""
import numpy as np
import pytest

from envs.recorded.rlds.crc import crc32c, crc_of_parts, masked_crc


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


def test_one_changed_bit_changes_the_checksum():
    data = bytearray(5000)
    before = masked_crc(data)
    data[2500] ^= 1
    assert masked_crc(data) != before


@pytest.mark.parametrize('sizes', [(), (0,), (9, 0, 1), (700, 3, 70_001, 4096)])
def test_the_checksum_of_parts_is_that_of_the_whole(sizes):
    rng = np.random.default_rng(0)
    parts = [rng.integers(256, size=size, dtype=np.uint8).tobytes() for size in sizes]
    assert crc_of_parts([(crc32c(each), len(each)) for each in parts]) == crc32c(b''.join(parts))
