"""A cache that is damaged, full, shared, or left by a process that was killed."""
import errno
import json
import logging
import os
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.frame_cache import cached_frames
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.reader import stored_frames
from tests.envs.recorded.libero.decoded import Progress, decoded, frames_of
from utils.errors import UserError


def only_file(cache):
    file, = cache.glob('*.npy')
    return file


def flip_a_bit(file):
    content = bytearray(file.read_bytes())
    content[-100] ^= 4
    file.write_bytes(content)


def store_in_fortran_order(file):
    """The same numbers, transposed on disk, with a checksum that is right."""
    np.save(file, np.asfortranarray(np.load(file)))
    checksum = {'crc32': zlib.crc32(file.read_bytes()), 'bytes': file.stat().st_size, 'note': {}}
    file.with_suffix('.crc32').write_text(json.dumps(checksum))


def damage(name, content):
    return pytest.param(content, id=name)


@pytest.mark.parametrize('spoil', [
    damage('empty', lambda file: file.write_bytes(b'')),
    damage('text', lambda file: file.write_bytes(b'text' * 100)),
    damage('zip', lambda file: file.write_bytes(b'PK\x03\x04' + bytes(100))),
    damage('short', lambda file: file.write_bytes(file.read_bytes()[:-1])),
    damage('shape', lambda file: np.save(file, np.zeros((8, 8, 8, 3), np.uint8))),
    damage('bit', flip_a_bit), damage('header', lambda file: file.write_bytes(
        file.read_bytes().replace(b"'fortran_order': False", b"'fortran_order': True ", 1))),
    damage('order', store_in_fortran_order),
    damage('no checksum', lambda file: file.with_suffix('.crc32').unlink()),
    damage('text for checksum', lambda file: file.with_suffix('.crc32').write_text('text')),
    damage('list for checksum', lambda file: file.with_suffix('.crc32').write_text('[' * 10 ** 5)),
    damage('type', lambda file: np.save(file, np.zeros((9, 8, 8, 3), np.int8))),
    damage('objects', lambda file: np.save(file, np.full((9, 8, 8, 3), None), allow_pickle=True))])
def test_a_damaged_file_is_made_again(path, cache, caplog, spoil):
    frames_of(path, cache)
    spoil(only_file(cache))
    with caplog.at_level(logging.WARNING, 'rrd'):
        frames = frames_of(path, cache)
    np.testing.assert_array_equal(frames, decoded(path))
    warning, = [record.getMessage() for record in caplog.records]
    assert str(only_file(cache)) in warning and 'its frames are decoded again' in warning


def test_a_killed_process_leaves_nothing_that_is_used_or_stays(path, cache):
    program = ('import os; from tests.envs.recorded.libero.decoded import *; '
               f'frames_of({str(path)!r}, {str(cache)!r}, progress=Progress(lambda: os._exit(9)))')
    done = subprocess.run([sys.executable, '-c', program], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 9
    assert [file.suffix for file in cache.iterdir() if file.suffix != '.lock'] == ['.partial']
    np.testing.assert_array_equal(frames_of(path, cache), decoded(path))
    assert {file.suffix for file in cache.iterdir()} == {'.lock', '.npy', '.crc32'}


def test_a_second_reader_waits_and_then_has_the_frames(path, cache):
    begun, go_on, results = threading.Event(), threading.Event(), []
    first = Progress(lambda: (begun.set(), go_on.wait(10)))
    second = Progress()
    threads = [threading.Thread(target=lambda each=each: results.append(
        frames_of(path, cache, progress=each))) for each in (first, second)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert first.totals == [9] and second.totals == []
    for frames in results:
        np.testing.assert_array_equal(frames, decoded(path))
    assert len(results) == 2


def test_an_error_while_decoding_leaves_no_frames(path, cache):
    def fail():
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        frames_of(path, cache, progress=Progress(fail))
    assert [file.suffix for file in cache.iterdir()] == ['.lock']


def test_a_full_disk_is_one_line(path, cache, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.ENOSPC, 'No space left on device')
    monkeypatch.setattr(os, 'fsync', fsync)
    with pytest.raises(UserError) as error:
        frames_of(path, cache, size=512)
    assert str(error.value) == (f'--cache_dir: {cache} cannot hold decoded frames (No space left on device); '
                                '7 MiB are required for x.hdf5')
    assert [file.suffix for file in cache.iterdir()] == ['.lock']


def test_a_directory_that_cannot_be_created_is_an_error(path):
    with pytest.raises(UserError, match=f'^--cache_dir: {path}/cache cannot hold decoded frames .Not a '):
        frames_of(path, path / 'cache')


def test_damaged_frames_are_stored_with_a_checksum_again(path, cache):
    frames_of(path, cache)
    flip_a_bit(only_file(cache))
    frames_of(path, cache)
    progress = Progress()
    frames_of(path, cache, progress=progress)
    assert progress.totals == []


def lock_is_a_folder(cache):
    """The lock cannot be opened, whoever asks."""
    lock, = cache.glob('*.lock')
    lock.unlink()
    lock.mkdir()


def test_complete_frames_that_cannot_be_locked_are_used(path, cache):
    frames_of(path, cache)
    lock_is_a_folder(cache)
    progress = Progress()
    np.testing.assert_array_equal(frames_of(path, cache, progress=progress), decoded(path))
    assert progress.totals == []


def test_frames_that_are_missing_and_cannot_be_locked_are_an_error(path, cache):
    frames_of(path, cache)
    lock_is_a_folder(cache)
    only_file(cache).unlink()
    with pytest.raises(UserError, match='^--cache_dir: .* cannot hold decoded frames .Is a directory'):
        frames_of(path, cache)


@pytest.mark.skipif(os.geteuid() == 0, reason='root may write anywhere')
def test_complete_frames_in_a_directory_that_cannot_be_written_are_used(path, cache):
    frames_of(path, cache)
    cache.chmod(0o500)
    cache.joinpath(only_file(cache).with_suffix('.lock')).chmod(0o400)
    progress = Progress()
    np.testing.assert_array_equal(frames_of(path, cache, progress=progress), decoded(path))
    assert progress.totals == []


@pytest.mark.skipif(os.geteuid() == 0, reason='root may write anywhere')
def test_a_directory_that_cannot_be_written_is_an_error(path, cache):
    cache.mkdir(parents=True, mode=0o500)
    with pytest.raises(UserError, match='^--cache_dir: .* cannot hold decoded frames .Permission denied'):
        frames_of(path, cache)


def test_an_error_about_damaged_frames_names_the_file_and_not_the_cache(path, cache):
    file = read_file(path, ())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match=f'^{path}.* cannot be read as HDF5: .*truncated'):
        cached_frames(stored_frames(file, 'agentview'), 8, cache)


def test_a_missing_file_is_an_error(path, cache):
    file = read_file(path, ())
    path.unlink()
    with pytest.raises(UserError, match=f'^{path} cannot be read: No such file or directory$'):
        cached_frames(stored_frames(file, 'agentview'), 8, cache)
