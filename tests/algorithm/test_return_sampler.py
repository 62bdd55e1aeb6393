"""Batches for IRCR on Atari: whole returns in place of rewards."""
import numpy as np
import pytest

from algorithm.ircr import ReturnSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from tests.algorithm.replay_buffer.episodes import PIXELS, VECTOR, numbered_episode, random_episode
from tests.algorithm.replay_buffer.saved_stores import FakeFiles

RETURNS = np.array([3.0, -2.0, 250.0, 0.5])


def make_sampler(lengths=(4, 1, 2, 3), max_steps=100, batch_size=400):
    """A sampler with numbered episodes of these lengths, and of `RETURNS`."""
    sampler = ReturnSampler(EpisodeStore(VECTOR, max_steps, np.random.default_rng(0)), batch_size)
    for number, length in enumerate(lengths):
        sampler.append(numbered_episode(number, length, RETURNS[number]))
    return sampler


def drawn_numbers(steps):
    return steps.observation['state'][:, 0].astype(int)


def test_the_reward_of_every_step_is_the_return_of_its_episode_as_it_is():
    steps = make_sampler().sample().transitions
    np.testing.assert_array_equal(steps.reward, RETURNS[drawn_numbers(steps)])
    assert steps.reward.dtype == np.float32 and set(drawn_numbers(steps)) == {0, 1, 2, 3}


def test_all_stored_steps_are_equally_likely_and_no_best_episodes_more():
    counts = np.bincount(drawn_numbers(make_sampler(batch_size=10_000).sample_transitions()))
    expected = np.array([4000, 1000, 2000, 3000])
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_the_best_episode_is_dropped_in_order():
    sampler = make_sampler(max_steps=4)                     # 2 and 3 do not fit together
    assert set(drawn_numbers(sampler.sample_transitions())) == {3}


def test_everything_but_the_reward_is_as_it_was_appended():
    store = EpisodeStore(PIXELS, 50, np.random.default_rng(0))
    sampler, episode = ReturnSampler(store, 64), random_episode(np.random.default_rng(1), PIXELS, 9)
    sampler.append(episode)
    known = {episode.observations['frame'][t + 3].tobytes(): t for t in range(9)}
    steps = sampler.sample_transitions()
    t = np.array([known[frame[..., -1].tobytes()] for frame in steps.observation['frame']])
    np.testing.assert_array_equal(steps.action, episode.actions[t])
    np.testing.assert_array_equal(steps.terminal, episode.terminals[t])
    np.testing.assert_array_equal(steps.next_observation['frame'][..., -1],
                                  episode.observations['frame'][t + 4])
    np.testing.assert_array_equal(steps.reward, np.float32([episode.total_reward] * 64))


def test_it_returns_no_subsequences():
    batch = make_sampler(batch_size=3).sample()
    assert batch.subsequences is None and batch.transitions.reward.shape == (3,)


def test_sampling_before_the_first_episode_is_refused():
    with pytest.raises(ValueError, match='the store is empty'):
        make_sampler(lengths=()).sample()


def test_a_restored_sampler_draws_as_the_saved_one():
    sampler, other, files = make_sampler(), make_sampler(lengths=()), FakeFiles()
    other.restore(files.save(sampler), files)
    np.testing.assert_equal(other.sample_transitions()._asdict(), sampler.sample_transitions()._asdict())
