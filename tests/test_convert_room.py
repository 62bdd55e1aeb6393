"""A disk that fills up while HDF5 files are written, and errors in the middle of a conversion."""
import errno
import os
from contextlib import contextmanager

import pytest

import convert
from tests.test_convert import made
from tests.test_convert_own import made as made_own
from utils import new_hdf5
from utils.errors import UserError


@contextmanager
def full_disk(monkeypatch, size):
    """No HDF5 file grows beyond a size in bytes."""
    def write(self, content):
        if self.tell() + len(content) > size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return plain(self, content)

    plain = new_hdf5.CheckedFile.append
    with monkeypatch.context() as patch:
        patch.setattr(new_hdf5.CheckedFile, 'append', write)
        yield


@pytest.mark.parametrize('make, words', [(made, []), (made_own, ['--env=recorded'])])
def test_a_full_disk_is_found_and_the_same_command_resumes(tmp_path, monkeypatch, make, words):
    make(tmp_path / 'source')
    words = ['--to=hdf5', *words, str(tmp_path / 'source'), str(tmp_path / 'target')]
    with full_disk(monkeypatch, 3_000), pytest.raises(UserError, match=r'target\.partial.*: No space left'):
        convert.main(words)
    assert not (tmp_path / 'target').exists()
    convert.main(words)
    assert len(list((tmp_path / 'target').rglob('*.hdf5'))) == 2


def test_an_error_in_the_middle_names_the_unfinished_folder(tmp_path, monkeypatch):
    def fails(job):
        job.target.with_name('target.partial').mkdir()
        raise UserError('demo_1 is damaged')

    made(tmp_path / 'source')
    monkeypatch.setitem(convert._WRITERS, 'hdf5', fails)
    with pytest.raises(UserError) as caught:
        convert.main(['--to=hdf5', str(tmp_path / 'source'), str(tmp_path / 'target')])
    assert str(caught.value) == f'demo_1 is damaged ({tmp_path}/target.partial holds what was written before)'
