"""Copies of an episode on both sides of a split, and files of several encodings."""
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.agreement import check_alike
from envs.recorded.duplicates import check_apart, copies, copy_lines
from envs.recorded.source import RecordedFile, StoredFrames
from tests.recordings import recording
from utils.errors import UserError


def test_a_copy_whose_actions_differ_by_rounding_is_refused():
    original = recording()
    copy = original._replace(path=Path('other'), actions=original.actions + np.float32(3e-8))
    with pytest.raises(UserError) as caught:
        check_apart([original], [copy])
    assert str(caught.value) == (
        'other demo_0 has the same actions as file demo_0; one of them is learned from and the other is held '
        'out; expected every episode once')


@pytest.mark.parametrize('changed', [{'number': 1}, {'task': 'b'}, {'length': 5}])
def test_other_actions_tasks_and_lengths_are_no_copies(changed):
    check_apart([recording()], [recording(**changed)])


def test_an_episode_that_differs_in_one_step_is_no_copy():
    original = recording()
    for step in range(original.length):
        actions = original.actions.copy()
        actions[step] += 0.01
        check_apart([original], [original._replace(actions=actions)])


def test_a_copy_is_found_among_many_episodes_of_its_length():
    originals = [recording(number=number, name=f'demo_{number}') for number in range(9)]
    with pytest.raises(UserError, match='^file demo_6 has the same actions as file demo_6; '):
        check_apart(originals, [originals[6]])


def random_actions(count, length=4, seed=0):
    return list(np.random.default_rng(seed).normal(size=(count, length, 3)).astype(np.float32))


def test_copies_are_found_within_the_tolerance_and_grouped():
    actions = [*random_actions(5), *random_actions(3, length=7)]
    actions += [actions[1] + np.float32(3e-8), actions[6].copy(), actions[1], actions[0] + np.float32(1e-3)]
    assert copies(actions) == [[1, 8, 10], [6, 9]]


def test_groups_of_many_equal_episodes_are_those_of_exact_comparison():
    steps = np.random.default_rng(0).integers(0, 2, (300, 3, 2)).astype(np.float32)     # many are equal
    expected = {}
    for position, each in enumerate(steps):
        expected.setdefault(each.tobytes(), []).append(position)
    assert copies(list(steps)) == sorted(group for group in expected.values() if len(group) > 1)


def test_copies_of_a_set_are_named_and_counted():
    actions = random_actions(3)
    names = ['demo_0', 'demo_1', 'demo_2', 'demo_3', 'demo_4']
    assert copy_lines(names, [*actions, actions[0], actions[0]]) == [
        'warning: 2 episodes repeat the actions of another: demo_0, demo_3, demo_4']
    assert copy_lines(names[:3], actions) == []


def file(name, encoding):
    stored = StoredFrames(Path(name), 'agentview', 7, (8, 8), [], lambda: iter(()), encoding)
    return RecordedFile(Path(name), 'libero_path', [recording()], {'agentview': stored}, {}, '', {})


def test_files_of_one_size_and_several_encodings_are_refused():
    check_alike([file('a', 'jpeg'), file('b', 'jpeg')])
    with pytest.raises(UserError, match='^agentview has several sizes: 8 x 8 pixels jpeg in a, 8 x 8 pixels '
                                        'av1 in b; expected one for all files$'):
        check_alike([file('a', 'jpeg'), file('b', 'av1')])
