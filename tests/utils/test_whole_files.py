"""Atomic file writes, and the reports on damaged files."""
import hashlib
import os

import pytest

from utils import whole_files
from utils.whole_files import damage, fingerprint, write_whole


def torn(error):
    """Writes half a file."""
    def write(file):
        file.write(b'half')
        raise error
    return write


def test_a_file_holds_what_was_written(tmp_path):
    write_whole(tmp_path / 'a', lambda file: file.write(b'new'))
    assert (tmp_path / 'a').read_bytes() == b'new'


def test_a_file_that_was_there_is_replaced_and_no_other_file_remains(tmp_path):
    (tmp_path / 'a').write_bytes(b'old and longer')
    write_whole(tmp_path / 'a', lambda file: file.write(b'new'))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {'a': b'new'}


def test_the_old_file_exists_until_the_new_one_is_whole(tmp_path):
    (tmp_path / 'a').write_bytes(b'old')

    def write(file):
        file.write(b'new')
        file.flush()
        assert (tmp_path / 'a').read_bytes() == b'old'
    write_whole(tmp_path / 'a', write)
    assert (tmp_path / 'a').read_bytes() == b'new'


@pytest.mark.parametrize('error', [OSError('full'), ValueError('no array'), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file_unchanged(tmp_path, error):
    (tmp_path / 'a').write_bytes(b'old')
    with pytest.raises(type(error)):
        write_whole(tmp_path / 'a', torn(error))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {'a': b'old'}


@pytest.mark.parametrize('function', ['fsync', 'replace'])
def test_a_system_that_fails_leaves_the_old_file_unchanged(tmp_path, monkeypatch, function):
    def fail(*arguments):
        raise OSError('full')
    (tmp_path / 'a').write_bytes(b'old')
    monkeypatch.setattr(os, function, fail)
    with pytest.raises(OSError, match='full'):
        write_whole(tmp_path / 'a', lambda file: file.write(b'new'))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {'a': b'old'}


def test_a_first_write_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(OSError):
        write_whole(tmp_path / 'a', torn(OSError('full')))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_not_created(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / 'missing' / 'a', lambda file: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('size', [0, 1, 3, 4, 5, 9])
def test_a_fingerprint_is_of_all_bytes(tmp_path, monkeypatch, size):
    monkeypatch.setattr(whole_files, 'CHUNK', 4)
    (tmp_path / 'a').write_bytes(bytes(range(size)))
    assert fingerprint(tmp_path / 'a') == {'bytes': size,
                                           'sha256': hashlib.sha256(bytes(range(size))).hexdigest()}


@pytest.mark.parametrize('present, text', [
    (b'right', ''),
    (b'righ', '{} has 4 bytes, expected 5'),
    (b'right ', '{} has 6 bytes, expected 5'),
    (b'wrong', '{} has another checksum than when it was written'),
    (None, '{}: No such file or directory')])
def test_damage_reports_how_a_file_differs_from_its_fingerprint(tmp_path, present, text):
    path = tmp_path / 'a'
    path.write_bytes(b'right')
    expected = fingerprint(path)
    path.unlink()
    if present is not None:
        path.write_bytes(present)
    assert damage(path, expected) == text.format(path)


def test_a_directory_in_place_of_the_file_is_damage(tmp_path):
    expected = {'bytes': tmp_path.stat().st_size, 'sha256': ''}
    assert damage(tmp_path, expected) == f'{tmp_path}: Is a directory'
