"""A run's directory, used by one process at a time."""
import errno
import fcntl
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.runs.directory import in_use, locked

ROOT = Path(__file__).parents[3]


def test_a_directory_in_use_is_refused(tmp_path):
    with locked(tmp_path), pytest.raises(UserError, match=f'^{tmp_path} is in use by another process;'):
        with locked(tmp_path):
            pytest.fail('it is in use')


def test_a_directory_is_free_after_use_and_after_a_failure(tmp_path):
    with locked(tmp_path):
        pass
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path):
        pass


def test_other_directories_are_free(tmp_path):
    for name in 'ab':
        (tmp_path / name).mkdir()
    with locked(tmp_path / 'a'), locked(tmp_path / 'b'):
        pass


def test_a_directory_is_free_once_the_process_with_the_lock_was_killed(tmp_path):
    code = ('import sys, pathlib; from utils.runs.directory import locked\n'
            'with locked(pathlib.Path(sys.argv[1])):\n'
            '    print("locked", flush=True)\n'
            '    sys.stdin.read()')
    with subprocess.Popen([sys.executable, '-c', code, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b'locked\n'
        with pytest.raises(UserError, match='in use'), locked(tmp_path):
            pytest.fail('the other process holds the lock')
        process.kill()
        process.wait()
    with locked(tmp_path):
        pass


def test_a_directory_is_in_use_until_the_process_with_the_lock_ends(tmp_path):
    used = [in_use(tmp_path / 'missing'), in_use(tmp_path)]
    with locked(tmp_path):
        used.append(in_use(tmp_path))
    assert [*used, in_use(tmp_path)] == [False, False, True, False]


def test_a_lock_in_another_folder_is_another_lock(tmp_path):
    with locked(tmp_path), locked(tmp_path, folder='.sweep'):
        with pytest.raises(UserError, match='in use'), locked(tmp_path, folder='.sweep'):
            pytest.fail('it is in use')


def test_locking_creates_only_the_lock_file(tmp_path):
    with locked(tmp_path):
        pass
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob('*')] == [
        Path('checkpoints'), Path('checkpoints/lock')]


@pytest.mark.parametrize('make', [lambda path: None, Path.touch], ids=['missing', 'file'])
def test_a_directory_that_cannot_be_written_is_reported(tmp_path, make):
    make(tmp_path / 'run')
    with pytest.raises(UserError, match='^cannot write into .*/run: '), locked(tmp_path / 'run'):
        pytest.fail('the lock must not be acquired')


def test_a_file_system_without_locks_causes_only_a_warning(tmp_path, monkeypatch, caplog):
    def flock(file, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
    monkeypatch.setattr(fcntl, 'flock', flock)
    with caplog.at_level(logging.WARNING, 'rrd'), locked(tmp_path):
        assert caplog.messages == [f'warning: {tmp_path} cannot be locked (No locks available)']
