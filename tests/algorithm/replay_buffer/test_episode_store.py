"""The replay store against a plain list, the steps it draws, and its errors."""
import os

import numpy as np
import pytest

from algorithm.replay_buffer.episode_store import EpisodeStore
from tests.algorithm.replay_buffer.episodes import (
    MIXED,
    PIXELS,
    VECTOR,
    assert_holds,
    make_store,
    numbered_episode,
    random_episode,
)
from tests.reference.list_store import ListStore
from utils.errors import UserError
from utils.types import Field, Spec


@pytest.mark.parametrize('spec, drop', [(VECTOR, 'episodes'), (VECTOR, 'steps'), (PIXELS, 'episodes'),
                                        (MIXED, 'episodes')])
@pytest.mark.parametrize('longest', [1, 5, 23])
def test_store_matches_a_list_of_steps(spec, drop, longest):
    rng = np.random.default_rng(longest)
    store, reference = make_store(23, spec=spec, drop=drop), ListStore(spec, 23, drop)
    for _ in range(150):
        episode = random_episode(rng, spec, int(rng.integers(1, longest + 1)))
        store.append(episode)
        reference.append(episode)
        assert_holds(store, reference)


def test_returns_and_lengths_are_those_of_the_stored_episodes():
    store = make_store(10)
    for number, (length, total) in enumerate([(4, 1.5), (4, -2.0), (3, 0.25), (2, 7.0)]):
        store.append(numbered_episode(number, length, total))
    assert store.returns.tolist() == [-2.0, 0.25, 7.0]
    assert store.lengths.tolist() == [4, 3, 2]


@pytest.mark.parametrize('drop, expected', [
    ('episodes', {(2, 0), (2, 1), (2, 2), (3, 0), (3, 1)}),
    ('steps', {(1, 2), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1)}),
])
def test_exactly_the_stored_steps_are_drawn(drop, expected):
    store = make_store(6, [2, 3, 3, 2], drop=drop)
    state = store.sample_transitions(2000).observation['state']
    assert set(map(tuple, state.astype(int).tolist())) == expected


@pytest.mark.parametrize('drop', ['episodes', 'steps'])
def test_steps_are_drawn_uniformly(drop):
    store = make_store(20, [7, 1, 9, 4, 3], drop=drop)
    row, t = store.draw_steps(100_000)
    _, counts = np.unique(row * 10 + t, return_counts=True)
    assert len(counts) == store.num_steps
    expected = 100_000 / store.num_steps
    assert np.abs(counts - expected).max() < 5 * np.sqrt(expected)


def test_observation_after_the_last_step_is_the_final_one():
    store = make_store(6, [3, 3])
    after = store.transitions(np.array([0, 1]), np.array([2, 2])).next_observation['state']
    assert after.tolist() == [[0, 3], [1, 3]]


def test_appended_arrays_are_copied():
    episode = numbered_episode(0, 3)
    store = make_store(6)
    store.append(episode)
    episode.observations['state'][:] = -1
    got = store.transitions(np.array([0]), np.array([2]))
    assert (got.observation['state'].tolist(), got.next_observation['state'].tolist()) == ([[0, 2]], [[0, 3]])


def test_equal_seeds_draw_equal_batches():
    first, second = (make_store(50, [20, 20], seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.sample_transitions(9).observation['state'],
                                  second.sample_transitions(9).observation['state'])
    np.testing.assert_array_equal(first.sample_subsequences(2, 5).observation['state'],
                                  second.sample_subsequences(2, 5).observation['state'])


@pytest.mark.parametrize('spec', [VECTOR, Spec({'frame': Field((8, 8), np.uint8, 4)}, Field((), np.int32))])
def test_memory_exceeds_the_data_by_less_than_a_tenth(spec):
    store = EpisodeStore(spec, 30_000, np.random.default_rng(0))
    episode = random_episode(np.random.default_rng(1), spec, 1000)
    for _ in range(400):
        store.append(episode)
    (field,) = spec.observation.values()
    scalars = 2 * 4 * 30_000
    frames = 30_000 * np.prod(field.shape) * np.dtype(field.dtype).itemsize
    actions = 30_000 * max(1, np.prod(spec.action.shape)) * 4
    assert store.num_steps == 30_000
    assert store.nbytes <= 1.1 * (frames + actions + scalars)


def test_store_beyond_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(os, 'sysconf', {'SC_PAGE_SIZE': 4096, 'SC_PHYS_PAGES': 1024}.__getitem__)   # 4 MiB
    make_store(200_000)
    with pytest.raises(UserError, match=r'--buffer_size=300000 needs .* GiB of memory; this machine has'):
        make_store(300_000)                                     # of 20 bytes each


@pytest.mark.parametrize('drop', ['episodes', 'steps'])
def test_a_store_with_room_for_the_steps_of_a_short_run_draws_what_a_whole_one_draws(drop):
    whole, short = (EpisodeStore(VECTOR, 100, np.random.default_rng(0), drop, num_steps)
                    for num_steps in (None, 9))
    for number, length in enumerate([3, 1, 5]):
        for store in (whole, short):
            store.append(numbered_episode(number, length))
        for one, other in zip(whole.sample_transitions(50), short.sample_transitions(50), strict=True):
            np.testing.assert_equal(one, other)
    assert (whole.rings.num_slots, short.rings.num_slots) == (100, 9)


@pytest.mark.parametrize('num_steps, num_slots', [(99, 99), (100, 100), (101, 100), (None, 100)])
def test_room_is_made_for_the_buffer_or_the_run_whichever_is_smaller(num_steps, num_slots):
    store = EpisodeStore(VECTOR, 100, np.random.default_rng(0), num_steps=num_steps)
    assert (store.rings.num_slots, store.max_steps) == (num_slots, 100)


def test_more_steps_than_were_announced_are_a_defect():
    store = EpisodeStore(VECTOR, 100, np.random.default_rng(0), num_steps=4)
    store.append(numbered_episode(1, 4))
    with pytest.raises(ValueError, match='^expected at most 4 steps, as num_steps says, got 5$'):
        store.append(numbered_episode(2, 1))


def test_platform_that_does_not_report_its_memory_refuses_nothing(monkeypatch):
    def sysconf(name):
        raise ValueError('unrecognized configuration name')
    monkeypatch.setattr(os, 'sysconf', sysconf)
    assert make_store(5).max_steps == 5


def test_episode_longer_than_the_store_is_refused():
    store = make_store(4, [4])
    with pytest.raises(UserError, match='--buffer_size=4 cannot hold an episode of 5 steps'):
        store.append(numbered_episode(1, 5))
    assert store.num_steps == 4


def test_an_episode_longer_than_the_store_keeps_its_last_steps_where_steps_are_dropped():
    store = make_store(4, [3, 9], drop='steps')
    state = store.sample_transitions(200).observation['state']
    assert set(map(tuple, state.astype(int).tolist())) == {(1, 5), (1, 6), (1, 7), (1, 8)}


@pytest.mark.parametrize('lengths', [[9], [3, 9], [9, 2], [9, 1, 12, 5]])
def test_a_store_that_drops_steps_matches_a_list_after_episodes_longer_than_itself(lengths):
    rng = np.random.default_rng(0)
    store, reference = make_store(4, drop='steps'), ListStore(VECTOR, 4, 'steps')
    for length in lengths:
        episode = random_episode(rng, VECTOR, length)
        store.append(episode)
        reference.append(episode)
        assert_holds(store, reference)


def test_empty_store_cannot_be_drawn_from():
    with pytest.raises(ValueError, match='the store is empty'):
        make_store(4).draw_steps(1)


def test_episode_without_steps_is_refused():
    with pytest.raises(ValueError, match='at least one step'):
        make_store(4).append(random_episode(np.random.default_rng(0), VECTOR, 0))


def test_array_of_another_shape_is_refused():
    episode = numbered_episode(0, 3)
    with pytest.raises(ValueError, match=r'reward of the steps of an episode must be \(3,\), got \(3, 1\)'):
        make_store(4).append(episode._replace(rewards=episode.rewards[:, np.newaxis]))
    with pytest.raises(ValueError, match=r'frame/state of the steps .* must be \(3, 2\), got \(2, 2\)'):
        make_store(4).append(episode._replace(observations={'state': episode.observations['state'][:-1]}))


def test_floats_are_not_stored_as_pixels():
    episode = random_episode(np.random.default_rng(0), PIXELS, 3)
    floats = {'frame': episode.observations['frame'] / 255.0}
    with pytest.raises(TypeError, match='Cannot cast'):
        EpisodeStore(PIXELS, 4, np.random.default_rng(0)).append(episode._replace(observations=floats))


def test_store_that_drops_steps_rejects_subsequences_and_stacks():
    with pytest.raises(ValueError, match="subsequences require whole episodes"):
        make_store(4, [3], drop='steps').sample_subsequences(1, 2)
    with pytest.raises(ValueError, match="stacked frames require drop='episodes'"):
        make_store(4, spec=PIXELS, drop='steps')
    with pytest.raises(ValueError, match="drop must be 'episodes' or 'steps', got 'oldest'"):
        make_store(4, drop='oldest')
