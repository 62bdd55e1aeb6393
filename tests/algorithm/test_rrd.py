"""Batches for randomized return decomposition."""
import numpy as np
import pytest

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.rrd import RRDSampler
from tests.algorithm.replay_buffer.episodes import VECTOR, numbered_episode


def make_sampler(batch_size=6, num_sequences=2, sample_size=3):
    store = EpisodeStore(VECTOR, 50, np.random.default_rng(0))
    sampler = RRDSampler(store, batch_size, num_sequences, sample_size)
    sampler.append(numbered_episode(0, 8, total_reward=4.0))
    return sampler


def test_batch_holds_transitions_and_subsequences():
    batch = make_sampler().sample()
    assert batch.transitions.observation['state'].shape == (6, 2)
    assert batch.subsequences.observation['state'].shape == (2, 3, 2)
    assert batch.subsequences.mean_reward.tolist() == [0.5, 0.5]
    assert batch.subsequences.variance_weight.tolist() == [0.625, 0.625]


def test_parts_that_are_not_requested_are_none():
    sampler = make_sampler()
    assert sampler.sample(subsequences=False).subsequences is None
    assert sampler.sample(transitions=False).transitions is None


def test_reward_model_alone_gets_no_transitions():
    assert make_sampler(batch_size=None).sample().transitions is None


def test_stored_rewards_are_unchanged():
    steps = make_sampler(batch_size=200).sample_transitions()
    np.testing.assert_array_equal(steps.reward, np.where(steps.observation['state'][:, 1] == 7, 4.0, 0.0))


@pytest.mark.parametrize('num_sequences, sample_size', [(0, 3), (2, 0)])
def test_batch_of_no_subsequences_is_refused(num_sequences, sample_size):
    with pytest.raises(ValueError, match=f'at least one sequence of one step, got {num_sequences} of'):
        make_sampler(num_sequences=num_sequences, sample_size=sample_size)
