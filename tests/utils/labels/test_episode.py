"""Rewards of canonical steps at the steps that a file stores."""
from pathlib import Path

import numpy as np
import pytest

from utils.labels.episode import HELD_OUT, episode_labels
from utils.recording import Recording


def recording(stored_steps, num_stored):
    steps = np.array(stored_steps)
    return Recording(Path('a.hdf5'), 'demo_0', 'task', np.zeros(1, np.float32), {},
                     np.arange(len(steps) + 1), {}, np.zeros((len(steps), 7), np.float32), 1.0,
                     stored_steps=steps, num_stored=num_stored)


def test_a_step_without_an_observation_before_or_after_it_is_0_and_invalid():
    labels = episode_labels(recording([1, 2, 3], 4), np.float32([.5, .25, .125]), HELD_OUT, 1.0)
    assert labels.rewards.tolist() == [0, .5, .25, .125]
    assert labels.valid.tolist() == [False, True, True, True]


def test_the_predicted_return_is_the_sum_of_the_rewards_of_all_stored_steps():
    assert episode_labels(recording([0, 2], 4), np.float32([.5, .25]), HELD_OUT, None).predicted_return == .75


def test_a_reward_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match='finite rewards of a.hdf5 demo_0'):
        episode_labels(recording([0], 2), np.float32([np.nan]), HELD_OUT, None)
