"""A disk that fills up while HDF5 files are written, and errors in the middle of a conversion."""
import errno
import os

import h5py
import pytest

import convert
from conversions import hdf5_files
from tests.test_convert import made
from tests.test_convert_own import made as made_own
from utils import room
from utils.errors import UserError


def full_after(count):
    """A `check_room` for a disk that is full after so many calls."""
    calls = []

    def check(path, size):
        calls.append(size)
        if len(calls) > count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return check


@pytest.mark.parametrize('make, words', [(made, []), (made_own, ['--env=recorded'])])
def test_a_full_disk_is_found_and_the_same_command_resumes(tmp_path, monkeypatch, make, words):
    make(tmp_path / 'source')
    words = ['--to=hdf5', *words, str(tmp_path / 'source'), str(tmp_path / 'target')]
    with monkeypatch.context() as patch:
        patch.setattr(hdf5_files, 'check_room', full_after(3))
        with pytest.raises(UserError, match=r'target\.partial.*: No space left on device'):
            convert.main(words)
    assert not (tmp_path / 'target').exists()
    convert.main(words)
    assert len(list((tmp_path / 'target').rglob('*.hdf5'))) == 2


def test_the_room_that_is_asked_for_is_that_of_the_numbers_and_frames(tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(hdf5_files, 'check_room', lambda path, size: sizes.append(size))
    made_own(tmp_path / 'source')
    convert.main(['--to=hdf5', '--env=recorded', str(tmp_path / 'source'), str(tmp_path / 'target')])
    with h5py.File(next((tmp_path / 'target').glob('*.hdf5'))) as file:
        frames = [each for each in file['data/demo_0/obs'].values() if each.ndim == 4]
        assert frames and all(each.nbytes in sizes for each in frames)


def test_a_room_that_is_there_leaves_no_file(tmp_path):
    room.check_room(tmp_path / 'x.hdf5', 10)
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_middle_names_the_unfinished_folder(tmp_path, monkeypatch):
    def fails(job):
        job.target.with_name('target.partial').mkdir()
        raise UserError('demo_1 is damaged')

    made(tmp_path / 'source')
    monkeypatch.setitem(convert._WRITERS, 'hdf5', fails)
    with pytest.raises(UserError) as caught:
        convert.main(['--to=hdf5', str(tmp_path / 'source'), str(tmp_path / 'target')])
    assert str(caught.value) == f'demo_1 is damaged ({tmp_path}/target.partial holds what was written before)'
