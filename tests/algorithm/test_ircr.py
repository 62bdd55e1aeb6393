"""Batches for iterative relative credit refinement."""
import numpy as np
import pytest

from algorithm.ircr import IRCRSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from tests.algorithm.replay_buffer.episodes import VECTOR, numbered_episode, random_episode
from tests.algorithm.replay_buffer.saved_stores import FakeFiles


def make_sampler(returns, lengths=None, max_steps=6, batch_size=8, **options):
    """A sampler with episodes of these returns, of two steps each if `lengths` is None."""
    store = EpisodeStore(VECTOR, max_steps, np.random.default_rng(0))
    sampler = IRCRSampler(store, batch_size, np.random.default_rng(1), **options)
    for number, total_reward in enumerate(returns):
        sampler.append(numbered_episode(number, lengths[number] if lengths else 2, total_reward))
    return sampler


def elite_numbers(sampler):
    return [int(episode.observations['state'][0, 0]) for episode in sampler.elite]


def drawn(sampler, batches=400):
    """Episode numbers [batches, B], rewards [batches, B]."""
    steps = [sampler.sample_transitions() for _ in range(batches)]
    return (np.stack([step.observation['state'][:, 0] for step in steps]).astype(int),
            np.stack([step.reward for step in steps]))


def test_elite_are_the_ten_best_in_order_of_arrival():
    sampler = make_sampler([5, 1, 9, 2, 8, 3, 7, 4, 6, 0, 10, 11])
    assert elite_numbers(sampler) == [0, 2, 3, 4, 5, 6, 7, 8, 10, 11]


def test_tie_replaces_the_first_of_the_lowest():
    assert elite_numbers(make_sampler([1, 0, 2, 0, *[3] * 6, 0])) == [0, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_worse_episode_does_not_join_a_full_elite():
    assert elite_numbers(make_sampler([*[1] * 10, 0])) == list(range(10))


def test_first_half_is_of_the_store_and_the_rest_of_the_elite():
    sampler = make_sampler([9, 8, 7, 6, *range(6), -1], max_steps=4, batch_size=5)
    number, _ = drawn(sampler)
    assert set(number[:, :2].ravel()) == {9, 10}
    assert set(number[:, 2:].ravel()) == set(range(10))


def test_batch_of_one_is_of_the_elite():
    number, _ = drawn(make_sampler([*[1] * 10, 0], max_steps=2, batch_size=1))
    assert 10 not in number


def test_elite_steps_are_drawn_in_proportion_to_length():
    sampler = make_sampler([3, 2, 1], lengths=[1, 3, 6], max_steps=6)
    number, _ = drawn(sampler, 2000)
    expected = np.array([800, 2400, 4800])
    assert (np.abs(np.bincount(number[:, 4:].ravel()) - expected) < 5 * np.sqrt(expected)).all()


def test_rewards_are_returns_scaled_over_store_and_elite():
    sampler = make_sampler([*range(10, 20), 5, 30], max_steps=4)
    number, reward = drawn(sampler)
    returns = np.array([*range(10, 20), 5, 30])
    assert sampler.credit_range == (5.0, 30.0)
    assert set(number.ravel()) == {*range(1, 10), 10, 11}
    np.testing.assert_allclose(reward, (returns[number] - 5) / 25, rtol=1e-6)
    assert reward.dtype == np.float32


@pytest.mark.parametrize('credit, expected', [('return', [0.0, 1.0, 0.4]), ('mean', [0.0, 0.2, 1.0])])
def test_the_credit_is_the_return_or_the_mean_reward_scaled_to_one(credit, expected):
    """Returns 2, 12 and 6 in 2, 6 and 1 steps: R / T is 1, 2 and 6."""
    number, reward = drawn(make_sampler([2, 12, 6], [2, 6, 1], max_steps=9, credit=credit), 50)
    assert set(number.ravel()) == {0, 1, 2}
    np.testing.assert_allclose(reward, np.array(expected)[number], atol=1e-6)


def test_the_elite_are_the_best_by_return_where_the_credit_is_the_mean():
    sampler = make_sampler([6, 2, 5], [6, 1, 5], max_steps=6, num_elite=2, credit='mean')
    assert elite_numbers(sampler) == [0, 2]


def test_credits_are_equal_up_to_the_scale_where_all_episodes_are_of_one_length():
    one, other = (make_sampler([5, 1, 9, 2], credit=credit) for credit in ('return', 'mean'))
    np.testing.assert_allclose(drawn(one, 5)[1], drawn(other, 5)[1], rtol=1e-6)


@pytest.mark.parametrize('count', [1, 3, 12])
def test_the_elite_have_the_size_that_is_chosen(count):
    sampler = make_sampler([5, 1, 9, 2, 8, 3, 7, 4, 6, 0, 10, 11], num_elite=count)
    assert elite_numbers(sampler) == {1: [11], 3: [2, 10, 11], 12: list(range(12))}[count]


def test_scale_follows_episodes_that_leave():
    sampler = make_sampler([*range(10, 20), 5, 12], max_steps=2)
    assert sampler.credit_range == (11.0, 19.0)


@pytest.mark.parametrize('returns', [[4.0], [0.0, 0.0, 0.0]])
def test_equal_returns_give_reward_zero(returns):
    _, reward = drawn(make_sampler(returns), 10)
    assert (reward == 0).all()


def test_elite_steps_hold_what_was_appended():
    rng = np.random.default_rng(0)
    store = EpisodeStore(VECTOR, 8, np.random.default_rng(0))
    sampler, episodes = IRCRSampler(store, 64, np.random.default_rng(1)), []
    for _ in range(6):
        episodes.append(random_episode(rng, VECTOR, 5))
        sampler.append(episodes[-1])
    known = {episode.observations['state'][t].tobytes(): (episode, t)
             for episode in episodes for t in range(5)}
    steps, seen = sampler.sample_transitions(), set()
    for i in range(64):
        episode, t = known[steps.observation['state'][i].tobytes()]
        seen.add(id(episode))
        assert steps.next_observation['state'][i].tolist() == episode.observations['state'][t + 1].tolist()
        assert steps.action[i].tolist() == episode.actions[t].tolist()
        assert steps.terminal[i] == episode.terminals[t]
    assert len(seen) == 6                               # five of them have left the store


def test_elite_do_not_change_with_the_arrays_that_were_appended():
    sampler, episode = make_sampler([]), numbered_episode(0, 2, 1.0)
    sampler.append(episode)
    episode.observations['state'][:] = 77
    sampler.append(numbered_episode(1, 2, 1.0))         # rebuilds the store of the elite
    assert elite_numbers(sampler) == [0, 1]
    assert 77 not in drawn(sampler)[0]


def test_sampler_returns_no_subsequences():
    batch = make_sampler([1, 2]).sample()
    assert batch.subsequences is None
    assert batch.transitions.reward.shape == (8,)


def test_sampling_before_the_first_episode_is_refused():
    with pytest.raises(ValueError, match='the store is empty'):
        make_sampler([]).sample()


def copied(sampler, files):
    """A new sampler that was restored from the files of `sampler`."""
    state = files.save(sampler)
    other = make_sampler([])
    other.restore(state, files)
    return other


@pytest.mark.parametrize('returns', [
    [], [4.0], [3, 1, 2], [5, 1, 9, 2, 8, 3, 7, 4, 6, 0, 10, 11], [*[1] * 10, 0, 1]])
def test_a_restored_sampler_has_the_elite_and_the_range(returns):
    sampler = make_sampler(returns)
    other = copied(sampler, FakeFiles())
    assert elite_numbers(other) == elite_numbers(sampler)
    np.testing.assert_equal(other.credit_range, sampler.credit_range)
    for one, two in zip(sampler.elite, other.elite, strict=True):
        np.testing.assert_equal(one._asdict(), two._asdict())


@pytest.mark.parametrize('count', [1, 9, 10, 11, 25])
def test_a_restored_sampler_draws_and_continues_as_the_saved_one(count):
    rng = np.random.default_rng(0)
    episodes = [numbered_episode(number, int(rng.integers(1, 6)), float(rng.integers(8)))
                for number in range(count + 12)]
    sampler = make_sampler([])
    for episode in episodes[:count]:
        sampler.append(episode)
    other = copied(sampler, FakeFiles())                # neither has drawn yet
    for episode in episodes[count:]:
        np.testing.assert_equal(other.sample_transitions()._asdict(), sampler.sample_transitions()._asdict())
        sampler.append(episode)
        other.append(episode)
        assert elite_numbers(other) == elite_numbers(sampler)
        assert other.credit_range == sampler.credit_range


def test_an_elite_episode_is_written_once_and_removed_when_a_better_one_is_added():
    sampler, files = make_sampler([9, *[5] * 9]), FakeFiles()
    files.save(sampler)
    first = set(files.arrays)
    sampler.append(numbered_episode(10, 2, 7.0))        # replaces episode 1
    files.save(sampler)
    assert len(files.written) == len(first) + 2         # its steps and itself
    elite = {int(arrays['observations/state'][0, 0]) for arrays in files.arrays.values()
             if 'observations/state' in arrays}
    assert elite == {0, *range(2, 11)} == set(elite_numbers(sampler))
