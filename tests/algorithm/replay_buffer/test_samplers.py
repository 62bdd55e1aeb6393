"""Transitions for a plain algorithm."""
import numpy as np

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from tests.algorithm.replay_buffer.episodes import VECTOR, numbered_episode
from tests.algorithm.replay_buffer.saved_stores import FakeFiles


def make_sampler(batch_size):
    store = EpisodeStore(VECTOR, 10, np.random.default_rng(0), drop='steps')
    return TransitionSampler(store, batch_size)


def test_batch_has_transitions_with_their_stored_rewards():
    sampler = make_sampler(64)
    sampler.append(numbered_episode(0, 4, total_reward=2.5))
    steps = sampler.sample().transitions
    np.testing.assert_array_equal(steps.reward, np.where(steps.observation['state'][:, 1] == 3, 2.5, 0.0))
    assert steps.reward.shape == (64,)


def test_parts_that_are_unsupported_or_not_requested_are_none():
    sampler = make_sampler(3)
    sampler.append(numbered_episode(0, 4))
    assert sampler.sample(transitions=True, subsequences=True).subsequences is None
    assert sampler.sample(transitions=False) == (None, None)


def test_added_steps_include_those_that_were_dropped():
    sampler = make_sampler(3)
    for number in range(4):
        sampler.append(numbered_episode(number, 4))
    assert sampler.num_added == 16


def test_a_restored_sampler_draws_as_the_saved_one():
    sampler, files = make_sampler(50), FakeFiles()
    for number in range(4):
        sampler.append(numbered_episode(number, 4))
    other, state = make_sampler(50), files.save(sampler)
    other.restore(state, files)
    assert other.num_added == 16
    np.testing.assert_equal(other.sample_transitions()._asdict(), sampler.sample_transitions()._asdict())
