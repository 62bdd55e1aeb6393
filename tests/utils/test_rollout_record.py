"""rews.npz, read back."""
import os

import numpy as np
import pytest

from utils.errors import UserError
from utils.rollout_record import RolloutRecord


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
