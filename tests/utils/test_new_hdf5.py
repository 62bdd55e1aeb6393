"""New HDF5 files: whole, or not there."""
import resource
from contextlib import contextmanager

import h5py
import numpy as np
import pytest

from utils.errors import UserError
from utils.new_hdf5 import new_file

NOISE = np.random.default_rng(0).integers(0, 255, 200_000, np.uint8)


@contextmanager
def largest_file(size):
    """No file grows beyond a size in bytes: stands for a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize('compression', [None, 'gzip'])
@pytest.mark.parametrize('size', [0, 3_000, 100_000])
def test_a_write_that_fails_is_one_line_and_leaves_no_file(tmp_path, size, compression):
    path = tmp_path / 'new.hdf5'
    with pytest.raises(UserError, match=rf'^cannot write {path}: File too large$'), largest_file(size):
        with new_file(path) as file:
            file.create_dataset('noise', data=NOISE, compression=compression)
            file.attrs['text'] = 'a text'
            file['noise'][10] = 3       # HDF5 may read what it believes to be written
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_there_when_it_is_whole(tmp_path):
    with new_file(tmp_path / 'new.hdf5') as file:
        file['noise'] = NOISE
        assert not (tmp_path / 'new.hdf5').exists()
    with h5py.File(tmp_path / 'new.hdf5') as file:
        np.testing.assert_array_equal(file['noise'], NOISE)
    assert [path.name for path in tmp_path.iterdir()] == ['new.hdf5']


def test_an_exception_of_the_block_leaves_no_file(tmp_path):
    with pytest.raises(KeyError), new_file(tmp_path / 'new.hdf5') as file:
        file['noise'] = NOISE
        raise KeyError('bug')
    assert list(tmp_path.iterdir()) == []
