"""A file of the cache beside a plain loop, and what stops it from being filled."""
import os
import threading

import cv2
import numpy as np
import pytest

from envs.recorded import filling
from envs.recorded.checksum import damage, read_note
from envs.recorded.filling import fill
from envs.recorded.source import Damaged, StoredFrames
from tests.envs.recorded.libero.decoded import Progress
from utils.errors import Interrupted, UserError

SIZE = 5


def blocks(lengths=(4, 1, 3, 4, 2, 4)):
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (length, 8, 8, 3), np.uint8)[:, :, ::-1] for length in lengths]


def fill_from(path, items, progress=None, strict=True):
    """Fills a file with blocks; items that are exceptions are raised."""
    def read():
        for item in items:
            if isinstance(item, BaseException):
                raise item
            yield item
    count = sum(item.count if isinstance(item, Damaged) else len(item) for item in items
                if not isinstance(item, BaseException))
    fill(path, StoredFrames(path, 'agentview', count, (8, 8), [], read), (count, SIZE, SIZE, 3), progress,
         strict)


def plainly(frames):
    return np.stack([cv2.resize(np.ascontiguousarray(frame), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
                     for frame in frames])


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'x.npy'


def test_the_bytes_are_those_of_a_plain_loop(path):
    items = blocks()
    np.save(path.with_name('plain.npy'), plainly(np.concatenate(items)))

    fill_from(path, items)

    assert path.read_bytes() == path.with_name('plain.npy').read_bytes()
    assert damage(path) == '' and read_note(path) == {}


def test_unreadable_frames_are_black_and_noted(path):
    items = blocks()
    fill_from(path, [*items[:2], Damaged('demo_1', 2, 'it is torn'), *items[2:]], strict=False)

    expected = plainly(np.concatenate(items))
    np.testing.assert_array_equal(np.load(path), np.insert(expected, [5, 5], 0, axis=0))
    assert damage(path) == '' and read_note(path) == {'demo_1': 'it is torn'}


def test_unreadable_frames_are_reported_before_later_errors(path):
    with pytest.raises(UserError, match='x.npy: it is torn'):
        fill_from(path, [*blocks(), Damaged('demo_1', 2, 'it is torn'), UserError('the file ends')])
    assert not os.listdir(path.parent)


@pytest.mark.parametrize('error', [UserError('the file ends'), MemoryError(), KeyboardInterrupt(),
                                   Interrupted(15)])
def test_an_error_while_reading_is_raised_and_leaves_no_file(path, error):
    with pytest.raises(type(error)):
        fill_from(path, [*blocks(), error])
    assert not os.listdir(path.parent)


@pytest.mark.parametrize('error', [KeyboardInterrupt(), Interrupted(15)])
def test_a_signal_while_writing_leaves_no_file_and_no_thread(path, error):
    def stop():
        raise error
    before = threading.active_count()
    with pytest.raises(type(error)):
        fill_from(path, blocks(), Progress(stop))
    assert not os.listdir(path.parent) and threading.active_count() == before


def test_an_error_while_resizing_is_raised_and_leaves_no_file(path, monkeypatch):
    def fail(frames, size):
        raise cv2.error('no memory')
    monkeypatch.setattr(filling, 'resized', fail)
    with pytest.raises(cv2.error):
        fill_from(path, blocks())
    assert not os.listdir(path.parent)


def test_as_many_blocks_as_threads_and_one_more_are_in_memory_at_once(path, monkeypatch):
    held, written = [], Progress()
    monkeypatch.setattr(filling, 'cores', lambda: 99)

    def read():
        for number, item in enumerate(blocks([2] * 40)):
            held.append(number + 1 - len(written.steps))
            yield item
    stored = StoredFrames(path, 'agentview', 80, (8, 8), [], read)
    fill(path, stored, (80, SIZE, SIZE, 3), written, strict=True)
    assert len(held) == 40 and max(held) == filling.MAX_THREADS + 1
