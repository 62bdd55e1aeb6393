"""Which steps and frames of stored episodes become a `Recording`, and how they are changed."""
import numpy as np
import pytest

from envs.recorded import gripper
from envs.recorded.assembly import Conventions, recorded_file
from envs.recorded.column_names import Choice
from envs.recorded.outcomes import Outcome, Outcomes
from tests.envs.recorded.raws import raw_episode, raw_file

CHOICE = Choice({'agentview': 'image'}, {'state': ('state',)})
LIBERO = Conventions(True, 'before', 'mirrored', gripper.SIGNS)
OWN = Conventions(False, 'before', 'upright', '')


def assembled(episodes, conventions=OWN, outcome=(1.0, 3), tasks=None, final=False, choice=CHOICE):
    outcomes = Outcomes([Outcome(*outcome)] * len(episodes), True, 'a test')
    return recorded_file(raw_file(episodes, final), 'data_path', choice, tasks or ['door'] * len(episodes),
                         outcomes, conventions)


def states(recording):
    return recording.vectors['state'][:, 0].tolist()


def frames(file):
    return np.concatenate(list(file.cameras['agentview'].read()))


def test_the_last_step_is_left_out_and_its_reward_is_kept():
    recording = assembled([raw_episode(4)]).episodes[0]
    assert (states(recording), recording.actions[:, 0].tolist()) == ([0, 1, 2, 3], [0, 1, 2])
    assert recording.total_reward == 1


def test_an_observation_after_the_last_step_keeps_that_step():
    episode = raw_episode(3, final_vectors={'state': np.full(8, 9, np.float32)})
    file = assembled([episode], final=True)
    assert states(file.episodes[0]) == [0, 1, 2, 9] and file.episodes[0].length == 3
    assert file.episodes[0].rows.tolist() == [0, 1, 2, 3] and file.cameras['agentview'].count == 4


def test_observations_after_the_actions_leave_the_first_step_out():
    recording = assembled([raw_episode(4)], OWN._replace(alignment='after')).episodes[0]
    assert (states(recording), recording.actions[:, 0].tolist()) == ([0, 1, 2, 3], [1, 2, 3])


def test_rows_count_the_frames_of_the_episodes_that_are_kept():
    file = assembled([raw_episode(3), raw_episode(4), raw_episode(2)], tasks=['a', None, 'b'])
    assert [recording.rows.tolist() for recording in file.episodes] == [[0, 1, 2], [3, 4]]
    assert frames(file)[:, 0, 0, 0].tolist() == [0, 1, 2, 20, 21]


@pytest.mark.parametrize('orientation, place', [('upright', (0, 0)), ('mirrored', (0, 7)), ('opengl', (7, 0)),
                                                ('rotated', (7, 7))])
def test_frames_become_upright_and_unmirrored(orientation, place):
    file = assembled([raw_episode(2)], OWN._replace(orientation=orientation))
    assert np.argwhere(frames(file)[1, :, :, 0]).tolist() == [list(place)]


def test_a_gripper_of_0_and_1_becomes_one_of_signs():
    episode = raw_episode(3, actions=np.float32([[0] * 6 + [1], [5] * 6 + [0], [0] * 7]))
    recording = assembled([episode], LIBERO._replace(gripper=gripper.UNIT)).episodes[0]
    assert recording.actions.tolist() == [[0] * 6 + [-1], [5] * 6 + [1]]


def test_steps_without_action_are_dropped_with_their_next_observations():
    actions = np.zeros((5, 7), np.float32)
    actions[[0, 3], 0] = 1
    recording = assembled([raw_episode(5, actions=actions)], LIBERO._replace(drop_noops=True)).episodes[0]
    assert states(recording) == [0, 1, 4]


def test_only_steps_before_the_first_reward_may_be_cut():
    assert assembled([raw_episode(6)], outcome=(1.0, 2)).episodes[0].unrewarded == 2
    assert assembled([raw_episode(20)], LIBERO, outcome=(1.0, 19)).episodes[0].unrewarded == 9


def test_an_episode_of_one_step_without_the_observation_after_it_is_left_out():
    file = assembled([raw_episode(1), raw_episode(3, name='episode 1')])
    assert file.skipped == {'episode 0': 'no step has an observation before and after its action'}
    assert frames(file)[:, 0, 0, 0].tolist() == [10, 11, 12]


def test_frames_depend_on_the_files_their_orientation_and_the_episodes():
    facts = [assembled([raw_episode(3), raw_episode(3)], conventions, tasks=tasks).cameras['agentview'].facts
             for conventions, tasks in ((OWN, None), (LIBERO, None), (OWN, ['a', None]))]
    assert facts[0] == ['image', 'upright', [0, 1], ['fact']]
    assert facts[1] != facts[0] != facts[2]


def test_returns_and_actions_change_the_fingerprint():
    prints = [assembled(*case).fingerprint for case in (
        ([raw_episode(4)],), ([raw_episode(4)], OWN, (0.0, 4)), ([raw_episode(4, width=6)],))]
    assert prints[0] != prints[1] and prints[0] != prints[2]
