"""Windows of recorded episodes, whose vectors identify the recording and the observation."""
import numpy as np
import pytest

from algorithm.recorded.augment import Augment
from algorithm.recorded.contrast import Contrast
from algorithm.recorded.windows import WindowSampler, windows
from tests.recordings import recording

RECORDINGS = [recording(30, 'a', 2.0, number=0), recording(20, 'b', 0.0, number=1),
              recording(1, 'a', 1.0, number=2)]


def draws(count=4000, total=5, fitted=True, single=False):
    start, end = windows(np.random.default_rng(0), np.array([total]), count, np.array([fitted]), single)
    return start[0], end[0]


@pytest.fixture
def batch():
    contrast = Contrast(RECORDINGS, {'failure': 0.3, 'swap': 0.2})
    sampler = WindowSampler(RECORDINGS, contrast, Augment(), 60, 4, 0)
    yield sampler.draw(0)
    sampler.close()


def test_every_window_of_a_success_is_equally_likely():
    start, end = draws()
    assert (start < end).all() and start.min() == 0 and end.max() == 5
    counts = np.unique(np.stack([start, end]), axis=1, return_counts=True)[1]
    assert len(counts) == 15 and abs(counts / 4000 - 1 / 15).max() < 0.015


def test_windows_of_an_episode_of_return_0_begin_in_its_first_and_end_in_its_last_tenth():
    start, end = draws(total=40, fitted=False)
    assert set(start) == set(range(5)) and set(end) == set(range(36, 41))


def test_a_window_of_an_episode_of_one_step_is_that_step():
    for fitted in (True, False):
        start, end = draws(10, total=1, fitted=fitted)
        assert (start == 0).all() and (end == 1).all()


def test_windows_of_one_step_start_anywhere():
    start, end = draws(single=True)
    assert (end - start == 1).all() and set(start) == set(range(5))


def test_observations_are_the_first_one_and_the_ends_of_the_windows(batch):
    number, step = batch.observation['proprio'][..., 0].astype(int), batch.observation['proprio'][..., 1]
    assert (number == number[:, :1]).all()
    length = np.array([RECORDINGS[n].length for n in number[:, 0]])[:, None]
    np.testing.assert_array_equal(batch.time, (step / length).astype(np.float32))
    assert (step[:, 0] == 0).all() and (step[:, 1:5] < step[:, 5:]).all()


def test_only_episodes_with_a_return_are_fitted_step_by_step(batch):
    number = batch.observation['proprio'][:, 0, 0].astype(int)
    own = np.array([RECORDINGS[n].total_reward for n in number])
    context = np.array([RECORDINGS[n].context for n in number])
    swapped = (batch.context != context).any(axis=1)
    assert swapped.any() and (batch.total_reward == np.where(swapped, 0, own)).all()
    assert (batch.is_fitted == (batch.total_reward > 0)).all()


def test_a_batch_depends_on_its_number_alone():
    sampler = WindowSampler(RECORDINGS, Contrast(RECORDINGS, {}), Augment(0.1, 0.1, 0.1), 4, 2, 7)
    first = sampler.draw(3)
    sampler.draw(1)
    again = sampler.draw(3)
    sampler.close()
    for one, other in zip(first.observation.values(), again.observation.values(), strict=True):
        np.testing.assert_array_equal(one, other)
