"""A trained reward from Python: the numbers of the run, and the errors about invalid arrays."""
import json
import re

import numpy as np
import pytest

import common
import envs.recorded.dataset
from algorithm.learned_reward import LearnedReward
from loading_recorded import evaluate_setup
from tests.envs.recorded.libero.folders import SPATIAL, TASKS
from tests.recorded_runs import train_run, user, write_vectors
from utils.errors import UserError
from utils.runs.learned import find_learned
from utils.stop_signals import StopSignals
from utils.types import Field, Spec


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        write_vectors(folder)
        yield folder


@pytest.fixture(scope='module')
def directory(place):
    """The directory of a run whose task vectors are those of its own two tasks only."""
    return train_run(place, 'run', f'--task_embedding={place}/tasks.npz', '--cycles=1', '--passes=1')


@pytest.fixture(scope='module')
def reward(directory):
    return common.load_reward(str(directory))


@pytest.fixture(scope='module')
def recordings(directory):
    return envs.recorded.dataset.load_all(common.recorded_args(directory)).recordings


def steps(recording):
    """(observation, action, next observation) of an episode."""
    t = np.arange(recording.length)
    return recording.observation(t), recording.actions, recording.observation(t + 1)


def test_rewards_are_those_that_the_tester_predicts(reward, directory, recordings):
    tester, *_ = evaluate_setup(common.recorded_args(directory), find_learned(directory),
                            lambda total: StopSignals())
    for recording, prediction in zip(recordings, tester.predictions(), strict=True):
        rewards = reward(*steps(recording), recording.task)
        assert rewards.shape == (recording.length,) and rewards.dtype == np.float32
        np.testing.assert_allclose(rewards, prediction.rewards, rtol=1e-5, atol=1e-8)   # other batch sizes


def test_tasks_are_those_with_a_vector_and_make_a_difference(reward, recordings):
    assert reward.tasks == tuple(task for task in SPATIAL if task in TASKS)
    first, second = (reward(*steps(recordings[0]), task) for task in TASKS)
    assert not np.array_equal(first, second)


def test_numbers_may_be_of_other_types_and_lists_but_pixels_may_not(reward, recordings):
    before, action, after = steps(recordings[0])
    plain = reward(before, action, after, TASKS[0])
    before['proprio'] = before['proprio'].astype(np.float64)
    other = reward(before, action.tolist(), after, TASKS[0])
    np.testing.assert_array_equal(plain, other)


BAD = [
    ('next_observation', 'proprio', lambda x: x[:-1], 'expected the shape (11, 15), got (10, 15)'),
    ('observation', 'proprio', lambda x: x[:, :3], 'expected the shape (11, 15), got (11, 3)'),
    ('observation', 'agentview', lambda x: x / np.float32(255),
     'expected pixels from 0 to 255 as uint8, got float32'),
    ('next_observation', 'agentview', lambda x: x[:, ::2, ::2],
     'expected the shape (11, 24, 24, 3), got (11, 12, 12, 3)'),
]


@pytest.mark.parametrize('which, key, change, message', BAD, ids=['steps', 'width', 'type', 'size'])
def test_invalid_arrays_are_named(which, key, change, message, reward, recordings):
    parts = dict(zip(('observation', 'action', 'next_observation'), steps(recordings[0]), strict=True))
    parts[which] = {**parts[which], key: change(parts[which][key])}
    with pytest.raises(ValueError, match=f'^{re.escape(f"{which}[{key!r}]: {message}")}$'):
        reward(**parts, task=TASKS[0])


def test_observation_must_have_exactly_the_model_inputs(reward, recordings):
    before, action, after = steps(recordings[0])
    message = "observation: expected ['agentview', 'proprio'], got ['proprio']"
    with pytest.raises(ValueError, match=f'^{re.escape(message)}$'):
        reward({'proprio': before['proprio']}, action, after, TASKS[0])


NUMBERS = [(np.nan, 'nan'), (np.inf, 'inf'), (-np.inf, '-inf'), (1e39, '1e.39'), (-1e39, '-1e.39')]


@pytest.mark.parametrize('value, text', NUMBERS, ids=[text for _, text in NUMBERS])
@pytest.mark.parametrize('which', ['observation', 'next_observation', 'action'])
def test_numbers_that_are_not_finite_in_float32_are_named(which, value, text, reward, recordings):
    parts = dict(zip(('observation', 'action', 'next_observation'), steps(recordings[0]), strict=True))
    array = (parts[which] if which == 'action' else parts[which]['proprio']).astype(np.float64)
    array[4, 2] = value
    parts[which] = array if which == 'action' else {**parts[which], 'proprio': array}
    name = which if which == 'action' else rf"{which}\['proprio'\]"
    message = f'{name}: expected finite numbers within float32, got {text} in row 4'
    with pytest.raises(ValueError, match=f'^{message}$'):
        reward(**parts, task=TASKS[0])


@pytest.mark.parametrize('values, text', [
    ([['a'] * 7] * 11, 'got <U1'), ([[None] * 7] * 11, 'got object'),
    (np.zeros((11, 7), complex), 'got complex128'),
    ([[0.0] * 7, [0.0] * 6], 'got rows of several lengths')])
def test_arrays_that_are_no_numbers_are_named(values, text, reward, recordings):
    before, _, after = steps(recordings[0])
    with pytest.raises(ValueError, match=f'^action: expected an array of numbers, {text}$'):
        reward(before, values, after, TASKS[0])


def test_an_observation_that_has_no_names_is_refused(reward, recordings):
    before, action, after = steps(recordings[0])
    message = "observation: expected arrays by the names ['agentview', 'proprio'], got ndarray"
    with pytest.raises(ValueError, match=f'^{re.escape(message)}$'):
        reward(before['proprio'], action, after, TASKS[0])


def test_one_step_without_an_axis_for_steps_is_named(reward, recordings):
    before, action, after = steps(recordings[0])
    one = {key: values[0] for key, values in before.items()}
    message = 'action: expected the shape (N, 7), got (7,): one step without an axis for the N steps; add it '
    with pytest.raises(ValueError, match=f'^{re.escape(message)}'):
        reward(one, action[0], one, TASKS[0])
    message = "observation['agentview']: expected the shape (N, 24, 24, 3), got (24, 24, 3): one step "
    with pytest.raises(ValueError, match=f'^{re.escape(message)}'):
        reward(one, action[:1], one, TASKS[0])


@pytest.mark.parametrize('change', [str.upper, lambda task: task.replace('_', ' ').capitalize() + '.'])
def test_a_task_may_be_given_by_its_instruction(change, reward, recordings):
    plain = reward(*steps(recordings[0]), TASKS[1])
    np.testing.assert_array_equal(reward(*steps(recordings[0]), change(TASKS[1])), plain)


def test_an_instruction_of_several_tasks_is_refused():
    scenes = ('KITCHEN_SCENE3_turn_on_it', 'KITCHEN_SCENE9_turn_on_it')
    spec = Spec({'state': Field((1,))}, Field((1,)), context=2, tasks=scenes)
    reward = LearnedReward(None, spec, {scenes[0]: np.zeros(2, np.float32)})
    message = f"'Turn on it' stands for 2 tasks: {scenes[0]}, {scenes[1]}; expected the name of one of them"
    state = {'state': np.zeros((1, 1))}
    with pytest.raises(ValueError, match=f'^{message}$'):
        reward(state, np.zeros((1, 1)), state, 'Turn on it')


def test_the_number_of_an_action_beyond_int32_is_refused():
    spec = Spec({'state': Field((1,))}, Field((), np.int32), num_actions=2)
    state = {'state': np.zeros((1, 1))}
    message = 'action: expected finite numbers within int32, got 4294967296 in row 0'
    with pytest.raises(ValueError, match=f'^{message}$'):
        LearnedReward(None, spec, {})(state, np.array([2 ** 32]), state)


@pytest.mark.parametrize('shape, text', [((8,), r'\(8,\)'), ((11, 6), r'\(11, 6\)'), ((), r'\(\)')])
def test_actions_have_seven_numbers_for_each_step(shape, text, reward, recordings):
    before, _, after = steps(recordings[0])
    with pytest.raises(ValueError, match=rf'^action: expected the shape \(.*, 7\), got {text}$'):
        reward(before, np.zeros(shape), after, TASKS[0])


def test_the_error_about_an_unknown_task_lists_the_known_ones(reward, recordings):
    with pytest.raises(ValueError, match=f'^expected one of the tasks {TASKS[0]}, .*, got .walk.$'):
        reward(*steps(recordings[0]), 'walk')
    with pytest.raises(ValueError, match='^expected one of the tasks .*, got None$'):
        reward(*steps(recordings[0]))


def test_a_directory_without_a_run_or_without_a_checkpoint_is_refused(directory, tmp_path):
    with pytest.raises(UserError, match=f'^{tmp_path} is no run'):
        common.load_reward(tmp_path)
    record = json.loads((directory / 'args.json').read_text())
    (tmp_path / 'args.json').write_text(json.dumps(record))
    with pytest.raises(UserError, match=f'^{tmp_path} has no checkpoint$'):
        common.load_reward(tmp_path)


def test_of_tasks_with_one_hot_vectors_only_those_that_were_trained_on_are_known(place):
    directory = train_run(place, 'numbers', '--cycles=1', '--libero_obs=proprio',
                          f'--holdout_tasks={TASKS[1]}')
    assert common.load_reward(directory).tasks == (TASKS[0],)
