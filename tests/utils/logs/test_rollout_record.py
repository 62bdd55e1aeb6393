"""rews.npz, read back and resumed."""
import os
from pathlib import Path

import numpy as np
import pytest

from utils.errors import UserError
from utils.logs.rollout_record import RolloutRecord


def test_every_test_so_far_is_in_the_file_after_each_append(tmp_path):
    path = tmp_path / 'rews.npz'
    record = RolloutRecord(path)
    expected = [(100, [1.5, 1 / 3]), (200, [np.float32(0.1), -2.0]), (2 ** 40, [0.0, 7])]
    for count, (step, returns) in enumerate(expected, start=1):
        record.append(step, returns)
        with np.load(path, allow_pickle=False) as data:
            assert data['steps'].dtype == np.int64 and data['returns'].dtype == np.float64
            np.testing.assert_array_equal(data['steps'], [step for step, _ in expected[:count]])
            np.testing.assert_array_equal(data['returns'], [returns for _, returns in expected[:count]])


def test_record_does_not_follow_an_array_that_the_caller_reuses(tmp_path):
    record, returns = RolloutRecord(tmp_path / 'rews.npz'), np.zeros(2)
    record.append(1, returns)
    returns[:] = 9.0
    record.append(2, returns)
    assert np.load(tmp_path / 'rews.npz')['returns'].tolist() == [[0.0, 0.0], [9.0, 9.0]]


def test_record_that_vanishes_is_whole_again_after_the_next_test(tmp_path):
    record = RolloutRecord(tmp_path / 'rews.npz')
    record.append(1, [1.0])
    (tmp_path / 'rews.npz').unlink()
    record.append(2, [2.0])
    assert np.load(tmp_path / 'rews.npz')['returns'].tolist() == [[1.0], [2.0]]


def test_append_that_fails_half_way_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / 'rews.npz'
    record = RolloutRecord(path)
    record.append(1, [1.0])
    before = path.read_bytes()

    def torn(file, **arrays):
        file.write(b'half')
        raise OSError('no space left on device')

    monkeypatch.setattr(np, 'savez', torn)
    with pytest.raises(UserError, match='cannot write .*rews.npz: no space left on device'):
        record.append(2, [2.0])
    assert path.read_bytes() == before


def test_no_other_file_is_left_beside_it(tmp_path):
    RolloutRecord(tmp_path / 'rews.npz').append(1, [1.0])
    assert os.listdir(tmp_path) == ['rews.npz']


def test_equal_records_are_equal_byte_for_byte(tmp_path, monkeypatch):
    RolloutRecord(tmp_path / 'a.npz').append(1, [1.0])
    monkeypatch.setattr('time.time', lambda: 1e9)       # members of a zip file may carry the hour
    RolloutRecord(tmp_path / 'b.npz').append(1, [1.0])
    assert (tmp_path / 'a.npz').read_bytes() == (tmp_path / 'b.npz').read_bytes()


def record_of(path, count):
    """Writes a file of this many tests; returns its record."""
    record = RolloutRecord(path)
    for test in range(1, count + 1):
        record.append(100 * test, [test / 3, -test])
    return record


def resumed(path, num_tests):
    record = RolloutRecord(path)
    record.resume(num_tests)
    return record


@pytest.mark.parametrize('before, kept', [(2, 2), (3, 2), (5, 1), (1, 1), (3, 0), (0, 0)])
def test_a_resumed_record_equals_that_of_an_uninterrupted_run(tmp_path, before, kept):
    record_of(tmp_path / 'whole.npz', kept + 1)
    record_of(tmp_path / 'cut.npz', before)
    resumed(tmp_path / 'cut.npz', kept).append(100 * (kept + 1), [(kept + 1) / 3, -(kept + 1)])
    assert (tmp_path / 'cut.npz').read_bytes() == (tmp_path / 'whole.npz').read_bytes()


def test_tests_past_the_checkpoint_are_removed_before_the_next_one(tmp_path):
    record_of(tmp_path / 'rews.npz', 3)
    resumed(tmp_path / 'rews.npz', 2)
    assert np.load(tmp_path / 'rews.npz')['steps'].tolist() == [100, 200]


def test_without_a_test_at_the_checkpoint_no_file_stays(tmp_path):
    record_of(tmp_path / 'rews.npz', 2)
    resumed(tmp_path / 'rews.npz', 0)
    assert os.listdir(tmp_path) == []


def test_fewer_tests_than_at_the_checkpoint_are_refused_and_left_unchanged(tmp_path):
    path = tmp_path / 'rews.npz'
    record_of(path, 2)
    before = path.read_bytes()
    with pytest.raises(UserError, match=f'^{path} has 2 tests; expected the 3 that were there at the checkp'):
        resumed(path, 3)
    assert path.read_bytes() == before


def other_arrays(path):
    np.savez(path, steps=np.zeros(2))


def half(path):
    record_of(path, 2)
    path.write_bytes(path.read_bytes()[:-30])


def pickled(path):
    np.savez(path, steps=np.array([{}], object), returns=np.zeros(1))


def single_array(path):
    with open(path, 'wb') as file:
        np.save(file, np.zeros(3))


@pytest.mark.parametrize('make', [
    lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text('text'), half, other_arrays,
    pickled, Path.touch, single_array],
    ids=['missing', 'directory', 'text', 'half', 'other arrays', 'pickled', 'empty', 'single array'])
def test_an_unreadable_file_is_reported(tmp_path, make):
    make(tmp_path / 'rews.npz')
    with pytest.raises(UserError, match='^cannot read .*/rews.npz: '):
        resumed(tmp_path / 'rews.npz', 1)
