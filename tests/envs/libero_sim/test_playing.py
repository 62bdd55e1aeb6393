"""When an episode ends, and what is kept of it."""
import numpy as np
import pytest

from envs.libero_sim.playing import HELD, play_all, play_to_end
from tests.envs.libero_sim.fake_scene import SPEED, FakeScene, actions_of

ACTIONS, STATE = actions_of(3), np.array([0, 0, 3 * SPEED, 0])


def scene(cameras=('agentview',)):
    return FakeScene('libero_spatial', 'task', cameras)


def test_a_success_ends_when_the_goal_has_held_for_ten_steps():
    played = play_to_end(scene(), STATE, np.concatenate([ACTIONS, np.tile(ACTIONS[-1], (5, 1))]))
    assert played.success
    assert played.goal[-HELD:].all() and not played.goal[-HELD - 1]


def test_the_arm_rests_until_the_goal_has_held_where_actions_run_out():
    short = ACTIONS[:np.flatnonzero(play_to_end(scene(), STATE, ACTIONS).goal)[0] + 2]
    played = play_to_end(scene(), STATE, short)
    assert played.success and played.goal.sum() == HELD
    np.testing.assert_array_equal(played.actions[len(short):], [[0, 0, 0, 0, 0, 0, -1]] * (HELD - 3))


def test_a_failure_ends_with_its_actions():
    played = play_to_end(scene(), STATE, ACTIONS[:8])
    assert not played.success and len(played.actions) == 8


def test_states_are_before_the_actions_and_observations_on_both_sides():
    played = play_all(scene(), STATE, ACTIONS)
    np.testing.assert_array_equal(played.states[:, 0], np.arange(len(ACTIONS)))
    np.testing.assert_array_equal(played.observations['agentview_rgb'][:, 0, 0, 0],
                                  np.arange(len(ACTIONS) + 1))
    assert len(played.progress) == len(played.goal) == len(ACTIONS) + 1


def test_idle_steps_come_first_and_are_not_kept():
    played = play_all(scene(), STATE, ACTIONS, idle=10)
    assert played.states[0, 0] == 10 and len(played.actions) == len(ACTIONS)


@pytest.mark.parametrize('count, success', [(len(ACTIONS), True), (8, False)])
def test_the_goal_after_the_last_action_decides_where_all_are_played(count, success):
    assert play_all(scene(), STATE, ACTIONS[:count]).success == success
