"""Disturbances of actions: what changes, from when on, and what stays."""
import numpy as np
import pytest

from envs.libero_sim.disturbances import KINDS, OFFSET, PAUSE, possible, rest
from tests.envs.libero_sim.fake_scene import actions_of

ACTIONS, OTHER = actions_of(3), actions_of(5)
SEEDS = range(20)


def disturbed(kind, seed, actions=ACTIONS):
    return KINDS[kind](actions, np.random.default_rng(seed), [OTHER])


@pytest.mark.parametrize('kind', KINDS)
def test_nothing_changes_before_the_step(kind):
    for seed in SEEDS:
        changed, step = disturbed(kind, seed)
        assert 0 <= step < len(changed)
        np.testing.assert_array_equal(changed[:step], ACTIONS[:step])


@pytest.mark.parametrize('kind', KINDS)
def test_a_seed_decides_everything_and_the_demonstration_stays(kind):
    before = ACTIONS.copy()
    first, again, other = disturbed(kind, 1), disturbed(kind, 1), [disturbed(kind, seed) for seed in SEEDS]
    np.testing.assert_array_equal(first.actions, again.actions)
    assert len({each.actions.tobytes() for each in other}) > 1
    np.testing.assert_array_equal(ACTIONS, before)


@pytest.mark.parametrize('kind', KINDS)
def test_an_episode_has_two_steps_or_more_and_commands_in_range(kind):
    for actions in (ACTIONS, ACTIONS[3:5]):
        for seed in SEEDS:
            changed = disturbed(kind, seed, actions).actions
            assert len(changed) >= 2 and np.abs(changed).max() <= 1


def test_noise_leaves_the_gripper():
    changed, step = disturbed('noise', 2)
    np.testing.assert_array_equal(changed[:, 6], ACTIONS[:, 6])
    assert (changed[step:, :6] != ACTIONS[step:, :6]).any()


def test_the_gripper_is_opened_while_it_is_closed():
    for seed in SEEDS:
        changed, step = disturbed('gripper_opened', seed)
        assert ACTIONS[step, 6] == 1 and changed[step, 6] == -1
        np.testing.assert_array_equal(changed[:, :6], ACTIONS[:, :6])


def test_the_gripper_stays_open_from_the_first_closing_on():
    closed = np.flatnonzero(ACTIONS[:, 6] > 0)
    for seed in SEEDS:
        changed, step = disturbed('gripper_kept_open', seed)
        assert step == closed[0] and changed[step, 6] == -1


def test_an_offset_is_added_before_the_first_closing_only():
    rests = np.concatenate([rest(-1, 30), rest(1, 3)])
    for seed in SEEDS:
        changed, _ = disturbed('offset', seed, rests)
        added = (changed - rests)[:, :3].sum(axis=0)
        assert OFFSET[0] <= np.linalg.norm(added) <= OFFSET[1] or np.abs(changed).max() == 1
        np.testing.assert_array_equal(changed[30:], rests[30:])
        np.testing.assert_array_equal(changed[:, 3:], rests[:, 3:])


def test_a_stop_rests_with_the_gripper_as_it_was_and_is_no_longer_than_the_demonstration():
    for seed in SEEDS:
        changed, step = disturbed('stop', seed)
        assert step < len(changed) <= len(ACTIONS)
        np.testing.assert_array_equal(changed[step:], rest(ACTIONS[step - 1, 6], len(changed) - step))


def test_actions_of_another_demonstration_follow_the_step():
    changed, step = disturbed('other_actions', 3)
    np.testing.assert_array_equal(changed, np.concatenate([ACTIONS[:step], OTHER[step:]]))


def test_a_pause_inserts_rest_and_leaves_the_actions():
    for seed in SEEDS:
        changed, step = disturbed('pause', seed)
        count = len(changed) - len(ACTIONS)
        assert PAUSE[0] <= count <= PAUSE[1]
        np.testing.assert_array_equal(np.delete(changed, range(step, step + count), axis=0), ACTIONS)


def test_kinds_that_would_change_nothing_are_left_out():
    never_closed = rest(-1, 5)
    assert possible(ACTIONS, [OTHER]) == list(KINDS)
    assert set(KINDS) - set(possible(ACTIONS, [])) == {'other_actions'}
    assert set(KINDS) - set(possible(never_closed, [OTHER])) == {'gripper_opened', 'gripper_kept_open'}
