"""Gripper, orientation and tasks: how the values of a set are understood."""
import numpy as np
import pytest

from envs.recorded import gripper
from envs.recorded.orientation import composed, majority, seen, upright
from envs.recorded.task_names import suite_tasks
from tests.envs.recorded.moving_square import moving_square
from tests.envs.recorded.raws import raw_episode
from utils.errors import UserError
from utils.flags.suites import tasks_of

ORIENTATIONS = ('opengl', 'upright', 'rotated', 'mirrored')
BOOK = 'pick up the book and place it in the front compartment of the caddy'


def actions(*values):
    return np.float32([[0] * 6 + [value] for value in values])


@pytest.mark.parametrize('values, expected', [
    ([[-1, 1]], gripper.SIGNS), ([[-1, -1]], gripper.SIGNS), ([[-1, 0.3, 1]], gripper.SIGNS),
    ([[0, 1]], gripper.UNIT), ([[0, 0]], gripper.UNIT), ([[1, 1]], gripper.OTHER),
    ([[0.04, 0.02]], gripper.OTHER), ([[-2, 2]], gripper.OTHER)])
def test_the_values_of_a_gripper_name_its_convention(values, expected):
    assert gripper.convention([actions(*each) for each in values]) == expected


def test_the_whole_set_decides_the_convention():
    assert gripper.convention([actions(1, 1), actions(1, 0)]) == gripper.UNIT
    assert gripper.convention([actions(1, 1), actions(1, -1)]) == gripper.SIGNS


def test_an_unknown_gripper_is_refused_with_its_range():
    with pytest.raises(UserError, match=r'^set: expected a gripper .* got 0.02 to 0.04$'):
        gripper.check(gripper.OTHER, [actions(0.04, 0.02)], 'set')


@pytest.mark.parametrize('flip, expected', [
    (lambda frames: frames, 'upright'), (lambda frames: frames[:, ::-1], 'opengl'),
    (lambda frames: frames[:, :, ::-1], 'mirrored'), (lambda frames: frames[:, ::-1, ::-1], 'rotated')])
def test_what_moves_shows_how_frames_are_turned(flip, expected):
    assert seen(*moving_square(flip)) == expected


@pytest.mark.parametrize('stored', ORIENTATIONS)
@pytest.mark.parametrize('assumed', ORIENTATIONS)
def test_what_frames_look_like_after_a_wrong_turn_shows_how_they_are_stored(stored, assumed):
    frames, positions = moving_square(lambda frames: upright(frames, stored))      # its own inverse
    assert composed(assumed, seen(upright(frames, assumed), positions)) == stored


def test_noise_shows_nothing():
    rng = np.random.default_rng(0)
    found = [seen(rng.integers(256, size=(12, 8, 8, 3), dtype=np.uint8), rng.normal(size=(12, 3)))
             for _ in range(30)]
    assert found.count(None) >= 28


def test_frames_in_which_nothing_moves_show_nothing():
    assert seen(np.zeros((30, 16, 16, 3), np.uint8), moving_square(lambda frames: frames)[1]) is None


@pytest.mark.parametrize('found, expected', [
    (['upright'] * 3, ('upright', 3)), (['upright'] * 2 + [None] * 5, (None, 0)),
    (['upright'] * 2 + ['opengl'], (None, 0)),
    (['upright', 'mirrored'] * 2, (None, 0)), (['mirrored'] * 3 + ['upright'], ('mirrored', 3))])
def test_a_majority_of_clear_episodes_decides(found, expected):
    assert majority(found) == expected


@pytest.mark.parametrize('suite, index, sentence', [
    ('libero_spatial', 0, None), ('libero_10', 2, 'turn on the stove and put the moka pot on it'),
    ('libero_goal', 3, ' Open the top drawer and put the bowl inside. ')])
def test_a_sentence_names_the_task(suite, index, sentence):
    task = tasks_of(suite)[index]
    episode = raw_episode(task=sentence or task.replace('_', ' '))
    assert suite_tasks(suite, [episode], 'set') == ([task], [])


def test_an_ambiguous_sentence_is_refused_with_its_tasks():
    with pytest.raises(UserError) as caught:
        suite_tasks('libero_90', [raw_episode(task=BOOK)], 'set')
    text = str(caught.value)
    assert text.startswith(f"set: episode 0: the sentence '{BOOK}' stands for 3 tasks of libero_90: STUDY_")
    assert text.endswith('--env=recorded, where the sentence is the task')


def test_the_file_that_an_episode_comes_from_resolves_an_ambiguous_sentence():
    task = f'STUDY_SCENE2_{BOOK.replace(" ", "_")}'
    episode = raw_episode(task=BOOK, origin=f'/data/libero_90/{task}_demo.hdf5')
    assert suite_tasks('libero_90', [episode], 'set')[0] == [task]


def test_twelve_sentences_of_libero_90_stand_for_several_tasks():
    refused = set()
    for task in tasks_of('libero_90'):
        sentence = task.partition('SCENE')[2].partition('_')[2].replace('_', ' ')
        try:
            suite_tasks('libero_90', [raw_episode(task=sentence)], 'set')
        except UserError:
            refused.add(sentence)
    assert len(refused) == 12


def test_episodes_of_other_suites_are_left_out_and_counted():
    episodes = [raw_episode(task='turn on the stove'),
                *[raw_episode(task=tasks_of('libero_object')[1].replace('_', ' '))] * 2]
    tasks, notices = suite_tasks('libero_goal', episodes, 'set')
    assert tasks == ['turn_on_the_stove', None, None]
    assert notices == ['set: 2 episodes of 1 tasks that are not of libero_goal are left out, such as '
                       "'pick up the cream cheese and place it in the basket'"]


def test_a_set_without_an_episode_of_the_suite_is_refused():
    with pytest.raises(UserError, match='^set: none of its 1 episodes is of a task of libero_goal; their '
                                        "tasks are 'stack'$"):
        suite_tasks('libero_goal', [raw_episode(task='stack')], 'set')
