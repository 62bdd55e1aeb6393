"""The distribution of drawn subsequences."""
import numpy as np
import pytest

from algorithm.replay_buffer.episode_store import EpisodeStore
from tests.algorithm.replay_buffer.episodes import PIXELS, make_store, numbered_episode, random_episode


def test_subsequences_hold_distinct_steps_of_one_episode():
    store = make_store(100, [30, 8, 8, 40])
    drawn = store.sample_subsequences(500, 8)
    state, after = drawn.observation['state'], drawn.next_observation['state']            # [500, 8, 2]
    assert (state[..., 0] == state[:, :1, 0]).all()
    assert all(len(set(steps)) == 8 for steps in state[..., 1].tolist())
    np.testing.assert_array_equal(after, state + [0, 1])
    assert drawn.action.shape == (500, 8, 1)


def test_every_subset_of_steps_is_equally_likely():
    store = make_store(4, [4])
    steps = np.sort(store.sample_subsequences(12_000, 2).observation['state'][..., 1], axis=1)
    subsets, counts = np.unique(steps, axis=0, return_counts=True)
    assert len(subsets) == 6
    assert np.abs(counts - 2000).max() < 5 * np.sqrt(2000 * 5 / 6)


def test_short_episode_is_sampled_with_replacement():
    steps = make_store(3, [3]).sample_subsequences(3000, 5).observation['state'][..., 1]
    values, counts = np.unique(steps, return_counts=True)
    assert values.tolist() == [0, 1, 2]
    assert np.abs(counts - 5000).max() < 5 * np.sqrt(5000 * 2 / 3)


def test_subsequences_choose_episodes_in_proportion_to_their_length():
    store = make_store(10, [1, 3, 6])
    episode = store.sample_subsequences(5000, 2).observation['state'][:, 0, 0].astype(int)
    expected = np.array([500, 1500, 3000])
    assert (np.abs(np.bincount(episode) - expected) < 5 * np.sqrt(expected)).all()


@pytest.mark.parametrize('length, k, weight', [
    (1, 1, 0.0), (1, 4, 0.0), (2, 1, 0.5), (4, 3, 0.25), (4, 4, 0.0), (4, 5, 1.0), (10, 4, 0.6)])
def test_variance_weight_follows_length_and_sample_size(length, k, weight):
    assert make_store(length, [length]).sample_subsequences(1, k).variance_weight == np.float32([weight])


def test_mean_reward_is_return_over_length():
    store = make_store(12)
    store.append(numbered_episode(0, 4, total_reward=6.0))
    store.append(numbered_episode(1, 8, total_reward=-2.0))
    drawn = store.sample_subsequences(50, 3)
    expected = np.where(drawn.observation['state'][:, 0, 0] == 0, 1.5, -0.25)
    np.testing.assert_array_equal(drawn.mean_reward, expected)
    assert drawn.mean_reward.dtype == drawn.variance_weight.dtype == np.float32


def test_stacks_in_subsequences_are_those_of_transitions():
    store = EpisodeStore(PIXELS, 40, np.random.default_rng(0))
    episode = random_episode(np.random.default_rng(1), PIXELS, 7)
    store.append(episode)
    drawn = store.sample_subsequences(3, 7).observation['frame']                           # [3, 7, 3, 2, 4]
    stacks = [np.stack(episode.observations['frame'][t:t + 4], axis=-1).tobytes() for t in range(7)]
    assert drawn.shape == (3, 7, 3, 2, 4)
    assert all(sorted(stack.tobytes() for stack in sequence) == sorted(stacks) for sequence in drawn)
