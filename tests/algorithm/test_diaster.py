"""Whole episodes as the training batches of Diaster."""
import numpy as np
import pytest

from algorithm.diaster import DiasterSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from utils.types import Episode, Field, Spec

SPEC = Spec({'state': Field((1,))}, Field((1,)))
LENGTHS = (2, 5)


def numbered(episode, length):
    """An episode whose state at step t is 10 * episode + t, with a reward of 1 at each step."""
    states = (10 * episode + np.arange(length + 1, dtype=np.float32))[:, None]
    return Episode({'state': states}, -states[:-1], np.ones(length, np.float32), np.zeros(length, bool))


@pytest.fixture
def sampler():
    store = EpisodeStore(SPEC, 100, np.random.default_rng(0))
    ours = DiasterSampler(store, 3, 40, np.random.default_rng(1))
    for number, length in enumerate(LENGTHS, 1):
        ours.append(numbered(number, length))
    return ours


def test_each_row_is_a_whole_episode_in_order_with_its_last_step_as_padding(sampler):
    drawn = sampler.sample().subsequences
    assert set(drawn.length) == {2, 5}
    for i, length in enumerate(drawn.length):
        t = np.minimum(np.arange(5), length - 1) + 10 * (1 + LENGTHS.index(length))
        np.testing.assert_array_equal(drawn.observation['state'][i, :, 0], t)
        np.testing.assert_array_equal(drawn.action[i, :, 0], -t)
        np.testing.assert_array_equal(drawn.next_observation['state'][i, :, 0], t + 1)


def test_a_cut_leaves_a_first_part_and_may_leave_no_second(sampler):
    drawn = sampler.sample().subsequences
    assert set(drawn.cut[drawn.length == 2]) == {1, 2}
    assert set(drawn.cut[drawn.length == 5]) == {1, 2, 3, 4, 5}


def test_episodes_are_drawn_in_proportion_to_their_steps(sampler):
    lengths = np.concatenate([sampler.sample().subsequences.length for _ in range(50)])
    assert np.mean(lengths == 5) == pytest.approx(5 / 7, abs=0.04)


def test_the_mean_reward_is_return_over_length(sampler):
    np.testing.assert_array_equal(sampler.sample().subsequences.mean_reward, np.ones(40, np.float32))


def test_only_what_is_requested_is_drawn(sampler):
    assert sampler.sample(transitions=False).transitions is None
    steps = sampler.sample(subsequences=False)
    assert steps.subsequences is None and steps.transitions.action.shape == (3, 1)
