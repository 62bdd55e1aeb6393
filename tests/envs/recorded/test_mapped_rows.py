"""Rows of a file: their values, and how much of the file stays in memory."""
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.mapped_rows import MappedRows

VALUES = np.random.default_rng(0).integers(256, size=(50, 40, 40, 3), dtype=np.uint8)


@pytest.fixture
def path(tmp_path):
    np.save(tmp_path / 'x.npy', VALUES)
    return tmp_path / 'x.npy'


@pytest.fixture
def mapped(path):
    return np.lib.format.open_memmap(path, mode='r')


@pytest.mark.parametrize('numbers', [np.array([3, 49, 3, 0]), np.array([[1], [2]]), np.array([], int), 7])
def test_rows_are_those_of_the_file_in_the_requested_order(mapped, numbers):
    rows = MappedRows(mapped)
    for _ in range(2):      # they can be read again after they were given back
        np.testing.assert_array_equal(rows[numbers], VALUES[numbers])


def test_shape_and_type_are_those_of_the_file(mapped):
    rows = MappedRows(mapped)
    assert rows.shape == VALUES.shape and rows.dtype == np.uint8


def test_rows_are_copies_that_may_be_changed(mapped):
    rows = MappedRows(mapped)
    copied = rows[np.array([0, 1])]
    copied[:] = 0
    assert type(copied) is np.ndarray
    np.testing.assert_array_equal(rows[np.array([0, 1])], VALUES[:2])


def resident_kilobytes(path):
    """Of the pages of a file that count as memory of this process."""
    maps = re.findall(rf'{re.escape(str(path))}\n(?:\w+: .*\n)*?Rss: *(\d+) kB',
                      Path('/proc/self/smaps').read_text())
    return sum(map(int, maps))


@pytest.mark.skipif(sys.platform != 'linux', reason='reads /proc')
def test_no_page_of_the_file_stays_in_memory(path, mapped):
    everything = np.arange(len(VALUES))
    np.testing.assert_array_equal(mapped[everything], VALUES)
    assert resident_kilobytes(path) >= VALUES.nbytes // 1024
    MappedRows(mapped)[everything]
    assert resident_kilobytes(path) == 0
