"""Batches of uniform redistribution: the mean reward of an episode for each of its steps."""
import numpy as np
import pytest

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.uniform import UniformSampler
from tests.algorithm.replay_buffer.episodes import PIXELS, VECTOR, numbered_episode, random_episode
from tests.algorithm.replay_buffer.saved_stores import FakeFiles

RETURNS, LENGTHS = np.array([3.0, -2.0, 250.0, 0.5]), np.array([4, 1, 2, 3])


def make_sampler(numbers=range(4), max_steps=100, batch_size=400):
    """A sampler with numbered episodes of `LENGTHS` and `RETURNS`."""
    sampler = UniformSampler(EpisodeStore(VECTOR, max_steps, np.random.default_rng(0)), batch_size)
    for number in numbers:
        sampler.append(numbered_episode(number, LENGTHS[number], RETURNS[number]))
    return sampler


def drawn_numbers(steps):
    return steps.observation['state'][:, 0].astype(int)


def test_the_reward_of_every_step_is_the_return_of_its_episode_over_its_length():
    steps = make_sampler().sample().transitions
    np.testing.assert_allclose(steps.reward, (RETURNS / LENGTHS)[drawn_numbers(steps)], rtol=1e-6)
    assert steps.reward.dtype == np.float32 and set(drawn_numbers(steps)) == {0, 1, 2, 3}


def test_all_stored_steps_are_equally_likely():
    counts = np.bincount(drawn_numbers(make_sampler(batch_size=10_000).sample_transitions()))
    assert (np.abs(counts - 1000 * LENGTHS) < 5 * np.sqrt(1000 * LENGTHS)).all()


def test_rewards_stay_right_after_episodes_have_left_the_store():
    steps = make_sampler(max_steps=5).sample_transitions()
    assert set(drawn_numbers(steps)) == {2, 3}
    np.testing.assert_allclose(steps.reward, (RETURNS / LENGTHS)[drawn_numbers(steps)], rtol=1e-6)


@pytest.mark.parametrize('spec', [VECTOR, PIXELS], ids=['vectors', 'frames'])
def test_the_drawn_rewards_of_a_whole_episode_sum_to_its_return(spec):
    sampler = UniformSampler(EpisodeStore(spec, 50, np.random.default_rng(0)), 7)
    episode = random_episode(np.random.default_rng(1), spec, 7)
    sampler.append(episode)
    assert sampler.sample_transitions().reward.sum() == pytest.approx(episode.total_reward, rel=1e-5)


def test_it_returns_no_subsequences():
    assert make_sampler().sample().subsequences is None


def test_a_restored_sampler_draws_as_the_saved_one():
    sampler, other, files = make_sampler(), make_sampler([]), FakeFiles()
    other.restore(files.save(sampler), files)
    np.testing.assert_equal(other.sample_transitions()._asdict(), sampler.sample_transitions()._asdict())
