"""Syncs in the background, with a fake disk."""
import errno
import os
import threading

import numpy as np
import pytest

from utils import early_sync
from utils.early_sync import EarlySync


@pytest.fixture
def disk(monkeypatch):
    """Bytes that the file had at each sync."""
    synced = []
    monkeypatch.setattr(early_sync, 'PIECE', 10)
    monkeypatch.setattr(os, 'fsync', lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    return synced


def test_a_file_has_what_was_written(tmp_path, disk):
    with open(tmp_path / 'x', 'wb') as file, EarlySync(file) as early:
        early.write(b'abc')
        early.write(np.arange(20, dtype=np.uint8))
    assert (tmp_path / 'x').read_bytes() == b'abc' + bytes(range(20))


def test_it_is_synced_as_soon_as_there_is_a_piece(tmp_path, disk):
    with open(tmp_path / 'x', 'wb') as file:
        with EarlySync(file) as early:
            for _ in range(3):
                early.write(bytes(4))
        assert disk == [12]


def test_writing_does_not_wait_for_a_sync(tmp_path, disk, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(os, 'fsync', lambda descriptor: disk.append(go_on.wait(10)))
    with open(tmp_path / 'x', 'wb') as file, EarlySync(file) as early:
        for _ in range(5):
            early.write(bytes(20))
        assert disk == []
        go_on.set()
    assert disk == [True]


@pytest.mark.parametrize('writes', [1, 9])
def test_a_full_disk_is_an_error(tmp_path, disk, monkeypatch, writes):
    def fsync(descriptor):
        raise OSError(errno.ENOSPC, 'No space left on device')
    monkeypatch.setattr(os, 'fsync', fsync)
    with open(tmp_path / 'x', 'wb') as file, pytest.raises(OSError, match='No space left'):  # noqa: SIM117
        with EarlySync(file) as early:
            for _ in range(writes):
                early.write(bytes(20))
