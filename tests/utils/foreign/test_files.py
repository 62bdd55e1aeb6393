"""What the door lets in, and how it names what it refuses."""
import os

import pytest

from utils.errors import UserError
from utils.foreign.files import (
    ContentError,
    DamagedError,
    MissingError,
    UnreadableError,
    is_plain_name,
    opened,
    read_bytes,
    reading,
)


def cause(path, limit=100):
    with pytest.raises(UnreadableError) as caught:
        read_bytes(path, limit)
    return caught.value.cause


def test_the_content_of_a_file_is_returned(tmp_path):
    (tmp_path / 'a').write_bytes(b'content')
    assert read_bytes(tmp_path / 'a', 7) == b'content'


def test_a_refusal_names_the_file_and_the_cause(tmp_path):
    with pytest.raises(UserError, match=f'^cannot read {tmp_path}/a: No such file or directory$'):
        read_bytes(tmp_path / 'a', 7)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / 'a')
    assert cause(tmp_path / 'a') == 'it is a pipe, not a regular file'


def test_a_device_without_an_end_is_refused(tmp_path):
    (tmp_path / 'a').symlink_to('/dev/zero')
    assert cause(tmp_path / 'a') == 'it is a device, not a regular file'


def test_a_directory_is_refused(tmp_path):
    assert cause(tmp_path) == 'Is a directory'


def test_a_loop_of_links_is_refused(tmp_path):
    (tmp_path / 'a').symlink_to('b')
    (tmp_path / 'b').symlink_to('a')
    assert cause(tmp_path / 'a') == 'Too many levels of symbolic links'


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, 'Permission denied')
    monkeypatch.setattr(os, 'open', refuse)     # the tests may run as root, who may read everything
    assert cause(tmp_path / 'a') == 'Permission denied'


def test_a_name_with_a_zero_byte_is_refused(tmp_path):
    assert cause(f'{tmp_path}/\0') == 'embedded null byte'


def test_a_larger_file_than_the_limit_is_refused_before_it_is_read(tmp_path):
    with open(tmp_path / 'a', 'wb') as file:
        file.truncate(2 ** 40)
    assert cause(tmp_path / 'a') == 'it has 1099511627776 bytes; expected at most 100'


def test_a_pointer_of_git_lfs_is_named_as_such(tmp_path):
    (tmp_path / 'a').write_text('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n')
    assert cause(tmp_path / 'a') == ('it is a Git LFS pointer, not the data: run git lfs pull, or '
                                     'huggingface-cli download')


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / 'a')
    with pytest.raises(OSError, match='it is a pipe, not a regular file'):
        opened(tmp_path / 'a')


@pytest.mark.parametrize('error, kind, expected', [
    (FileNotFoundError(2, 'No such file'), MissingError, 'No such file'),
    (RecursionError('maximum'), DamagedError, 'it is nested too deeply'),
    (MemoryError(), UnreadableError, 'the memory does not suffice'),
    (OSError('truncated'), DamagedError, 'truncated'),
    (OSError(5, 'Input error'), UnreadableError, 'Input error'),
    (KeyError(), DamagedError, 'KeyError'), (ValueError('a\nb\x1b[31m'), DamagedError, 'a b[31m'),
    (ValueError('x' * 999), DamagedError, 'x' * 300 + '...')])
def test_a_failure_becomes_one_line(error, kind, expected):
    with pytest.raises(UnreadableError) as caught, reading('a'):
        raise error
    assert (type(caught.value), caught.value.cause) == (kind, expected)


@pytest.mark.parametrize('error', [ContentError('x'), UserError('x'), MissingError('b', 'x')])
def test_what_is_already_explained_passes_unchanged(error):
    with pytest.raises(type(error)) as caught, reading('a'):
        raise error
    assert caught.value is error


@pytest.mark.parametrize('name, expected', [
    ('a.npz', True), ('..a', True), ('', False), ('.', False), ('..', False), ('a/b', False),
    ('/dev/zero', False),
    ('a\\b', False), ('a\0', False), (5, False), (['a'], False)])
def test_plain_names_have_no_way_out_of_a_directory(name, expected):
    assert is_plain_name(name) == expected
