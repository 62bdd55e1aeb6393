"""Held-out episodes, by counting them."""
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.splits import split
from utils.errors import UserError
from utils.recording import Recording


def episodes(task, successes=0, modes=()):
    """Recordings of a task: some successes, and a failure for each of `modes`."""
    returns = [(1.0, '')] * successes + [(0.0, mode) for mode in modes]
    nothing = np.zeros(0, np.float32)
    return [Recording(Path(task), f'{task}_{number}', task, nothing, {}, nothing, {}, nothing, total_reward,
                      None, mode)
            for number, (total_reward, mode) in enumerate(returns)]


def held_out(recordings, *args):
    return [recording.name for recording in split(recordings, *args)[1]]


@pytest.mark.parametrize('num_folds', [2, 3, 5, 7])
@pytest.mark.parametrize('count', [7, 16, 50])
def test_folds_are_disjoint_and_cover_all_episodes(num_folds, count):
    recordings = episodes('a', successes=count)
    names = [name for fold in range(num_folds) for name in held_out(recordings, 1 / num_folds, fold)]
    assert sorted(names) == sorted(recording.name for recording in recordings)


@pytest.mark.parametrize('count, fraction, expected', [(10, 0.2, 2), (10, 0.25, 3), (5, 0.2, 1), (2, 0.9, 1)])
def test_a_share_is_rounded_and_leaves_an_episode_to_learn_from(count, fraction, expected):
    assert len(held_out(episodes('a', successes=count), fraction)) == expected


def test_the_parts_are_all_episodes_in_their_order():
    recordings = episodes('a', successes=9)
    parts = split(recordings, 0.4)
    assert all(part == [recording for recording in recordings if recording in part] for part in parts)
    assert len(parts[0]) + len(parts[1]) == 9


def test_every_task_and_kind_of_episode_is_held_out():
    recordings = [*episodes('a', 5, ['miss'] * 10), *episodes('b', 10)]
    chosen = held_out(recordings, 0.2)
    assert [sum(recording.name in chosen for recording in recordings[part])
            for part in (slice(0, 5), slice(5, 15), slice(15, 25))] == [1, 2, 2]


@pytest.mark.parametrize('fold', range(5))
def test_of_two_episodes_every_fold_holds_out_one(fold):
    assert len(held_out(episodes('a', successes=2), 0.2, fold)) == 1


def test_a_lone_episode_is_learned_from():
    assert held_out(episodes('a', successes=1), 0.5) == []


def test_no_share_holds_out_nothing():
    assert held_out(episodes('a', successes=9), 0.0) == []


def test_a_split_is_random_but_always_the_same():
    folds = [held_out(episodes('a', successes=20), 0.25, fold) for fold in range(4)]
    assert folds == [held_out(episodes('a', successes=20), 0.25, fold) for fold in range(4)]
    assert folds[0] != [f'a_{number}' for number in range(5)]


def test_tasks_are_shuffled_apart():
    orders = [[name.split('_')[1] for name in held_out(episodes(task, successes=50), 0.2)] for task in 'ab']
    assert orders[0] != orders[1]


@pytest.mark.parametrize('fold', range(4))
def test_every_fold_gets_every_kind_of_failure_in_equal_parts(fold):
    modes = ['miss'] * 8 + ['drop'] * 4
    recordings = episodes('a', modes=modes)
    chosen = [recording.mode for recording in split(recordings, 0.25, fold)[1]]
    assert sorted(chosen) == ['drop', 'miss', 'miss']


@pytest.mark.parametrize('fold', range(4))
def test_a_fold_smaller_than_the_number_of_kinds_has_none_twice(fold):
    recordings = episodes('a', modes=list('abcdefgh') * 2)
    chosen = [recording.mode for recording in split(recordings, 0.25, fold)[1]]
    assert len(set(chosen)) == 4


def test_a_fold_holds_out_other_kinds_of_failure_of_each_task():
    recordings = [*episodes('a', modes='abcdefgh'), *episodes('b', modes='abcdefgh')]
    chosen = [recording.mode for recording in split(recordings, 0.5)[1]]
    assert set(chosen[:4]) != set(chosen[4:])


def test_a_task_that_is_held_out_is_held_out_wholly():
    recordings = [*episodes('a', 4), *episodes('b', 3, ['miss'])]
    training, others = split(recordings, 0.0, 0, ('b',))
    assert {recording.task for recording in training} == {'a'}
    assert others == recordings[4:]


def test_episodes_of_other_tasks_are_held_out_beside_a_held_out_task():
    assert len(held_out([*episodes('a', 5), *episodes('b', 5)], 0.2, 0, ('b',))) == 5


def test_something_must_be_left_to_learn_from():
    with pytest.raises(UserError, match='^--holdout_tasks=a,b holds out every episode; expected at least '):
        split([*episodes('a', 2), *episodes('b', 2)], 0.2, 0, ('a', 'b'))
