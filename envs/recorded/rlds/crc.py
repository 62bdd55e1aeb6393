"""CRC-32C, the checksum of TFRecord files, by numpy.

A checksum is linear in its data: those of many pieces are computed at once and joined afterwards.
"""
import functools

import numpy as np

_POLYNOMIAL = 0x82F63B78        # Castagnoli's, its lowest bit first
_SMALL = 512                    # bytes; below it a loop over bytes is faster
_PIECES = 8192                  # computed at once: as many as a processor's cache can hold
_WORDS = 64                     # of 4 bytes in a piece, at least


def masked_crc(data):
    """The checksum of bytes as TFRecord files store it: rotated by 15 bits, plus a constant."""
    return masked(crc32c(data))


def masked(crc):
    """A CRC-32C as TFRecord files store it."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def crc_of_parts(parts):
    """The CRC-32C of consecutive parts of data, from [(CRC-32C, bytes)] of each."""
    whole = 0
    for crc, size in parts:
        shifted = np.array(whole, '<u4')
        for bit in range(size.bit_length()):
            if size >> bit & 1:
                shifted = _after_zeros(shifted, _shift_table(1 << bit))
        whole = int(shifted) ^ crc
    return whole


def crc32c(data):
    """The CRC-32C of bytes, or of anything with their buffer."""
    size = len(data)
    if size < _SMALL:
        return _plain(data)
    words = _WORDS
    while words * 4 * _PIECES < size:
        words *= 2
    pieces = -(-size // (words * 4))
    padded = np.zeros(pieces * words * 4, np.uint8)     # zeros in front leave a checksum of 0 as it is
    padded[-size:] = np.frombuffer(data, np.uint8)
    first = len(padded) - size
    padded[first:first + 4] ^= 0xFF                     # the checksum starts with all bits set
    return int(_joined(_of_pieces(padded.view('<u4').reshape(pieces, words)), words * 4)) ^ 0xFFFFFFFF


def _plain(data):
    """The CRC-32C of bytes, one after another."""
    table, crc = _byte_table().tolist(), 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _of_pieces(words):
    """[n] checksums of the pieces [n, words] uint32, each starting with no bit set."""
    low, high = _word_tables()
    crc = np.zeros(len(words), '<u4')
    for column in words.T:
        crc ^= column
        halves = crc.view('<u2').reshape(-1, 2)
        crc = low.take(halves[:, 0])
        crc ^= high.take(halves[:, 1])
    return crc


def _joined(crc, size):
    """The checksum of consecutive pieces of `size` bytes, a power of two, from theirs [n]."""
    while len(crc) > 1:
        if len(crc) % 2:
            crc = np.concatenate([np.zeros(1, crc.dtype), crc])
        crc = _after_zeros(crc[::2], _shift_table(size)) ^ crc[1::2]
        size *= 2
    return crc[0]


def _after_zeros(crc, table):
    """[n] checksums after as many zero bytes as the [4, 256] `table` stands for."""
    return functools.reduce(np.bitwise_xor, [table[i][crc >> 8 * i & 0xFF] for i in range(4)])


@functools.cache
def _byte_table():
    """[256] uint32 checksums after one byte."""
    table = np.arange(256, dtype='<u4')
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ _POLYNOMIAL, table >> 1).astype('<u4')
    return table


@functools.cache
def _word_tables():
    """Two [65536] uint32: what the lower and the upper half of a checksum add to the one 4 bytes later."""
    halves = np.arange(2 ** 16, dtype='<u4')
    return tuple(_after_zeros(half, _shift_table(4)) for half in (halves, halves << 16))


@functools.cache
def _shift_table(size):
    """[4, 256] uint32: what each value of each byte of a checksum adds to the one `size` zero bytes later."""
    values = np.arange(256, dtype='<u4') << 8 * np.arange(4, dtype='<u4')[:, None]
    if size == 1:
        return values >> 8 ^ _byte_table()[values & 0xFF]
    half = _shift_table(size // 2)
    return _after_zeros(_after_zeros(values, half), half)
