"""Chunk sums, and weights from them, against the formulas of RA-BC written as loops."""
import numpy as np
import pytest

from utils.labels.chunks import chunk_statistics, chunk_sums


def progress(length, seed=0):
    return np.cumsum(np.random.default_rng(seed).normal(0.02, 0.1, length)) / 3


def test_a_chunk_sum_is_progress_gained_until_the_chunk_or_the_last_step():
    assert chunk_sums(np.array([0.0, 1, 3, 6]), 2).tolist() == [3, 5, 3, 0]


def test_statistics_are_those_of_the_sums_of_all_episodes():
    episodes = [progress(30), progress(50, 1)]
    sums = np.concatenate([chunk_sums(each, 10) for each in episodes])
    found = chunk_statistics(iter(episodes), 10)
    assert found.mean == pytest.approx(max(sums.mean(), 0)) and found.std == pytest.approx(sums.std())
    assert found.kappa == found.mean + found.std


def test_a_weight_is_0_below_0_and_1_above_kappa_and_soft_between():
    each = progress(60)
    found = chunk_statistics([each], 8)
    expected = []
    for t in range(60):
        gain = each[min(t + 8, 59)] - each[t]
        soft = (gain - found.mean + 2 * found.std) / (4 * found.std + 1e-6)
        expected.append(1 if gain > found.kappa else 0 if gain < 0 else min(max(soft, 0), 1))
    np.testing.assert_allclose(found.weights(each), expected, rtol=1e-6)
    assert {0.0, 1.0} < set(expected)


def test_equal_sums_have_a_weight():
    each = np.zeros(5)
    assert np.isfinite(chunk_statistics([each], 2).weights(each)).all()
