"""The reward of a run that acts, from Python: its numbers are those of the run's own agent."""
import re

import numpy as np
import pytest

import algorithm
import common
import train
from tests.fakes import random_transitions
from tests.outcome import newest
from utils.errors import UserError

SHORT = ('--epochs=1', '--cycles=1', '--iterations=3', '--timesteps=10', '--test_timesteps=10', '--warmup=10',
         '--train_batches=2', '--batch_size=4', '--buffer_size=1000', '--test_rollouts=1',
         '--inter_op_threads=1', '--intra_op_threads=1')
RRD = ('--rrd_batch_size=6', '--rrd_sample_size=3')
KINDS = {'vectors': ('--env=Hopper-v2', '--basis_alg=td3', '--obs_normalization=True', *RRD),
         'numbers': ('--env=CartPole-v1', '--basis_alg=dqn', *RRD),
         'frames': ('--env=Pong', '--basis_alg=dqn', '--noop=6', *RRD)}
NUM_STEPS = 300     # more than are predicted at once


def trained(directory, *flags):
    """The agent of a finished run in `directory`."""
    agents, create = [], algorithm.create_algorithm

    def watched(*parts):
        agents.append(create(*parts))
        return agents[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(algorithm, 'create_algorithm', watched)
        train.main([*SHORT, *flags, f'--run_dir={directory}'])
    return agents[0][0]


@pytest.fixture(scope='module', params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope='module')
def pair(kind, tmp_path_factory):
    """(the agent of a finished run, the reward that was loaded from its directory)."""
    directory = tmp_path_factory.mktemp(kind) / 'run'
    return trained(directory, *KINDS[kind]), common.load_reward(directory)


def steps(reward, size=NUM_STEPS):
    """(observation, action, next observation) of random steps such as the reward takes."""
    batch = random_transitions(np.random.default_rng(0), size, reward.spec)
    return batch.observation, batch.action, batch.next_observation


def test_a_loaded_reward_predicts_exactly_what_the_agent_of_the_run_does(pair):
    agent, reward = pair
    before, action, after = steps(reward)
    rewards = reward(before, action, after)
    assert rewards.shape == (NUM_STEPS,) and rewards.dtype == np.float32
    expected = [agent.predict_rewards({key: values[part] for key, values in before.items()}, action[part],
                                      {key: values[part] for key, values in after.items()})
                for part in (slice(0, 256), slice(256, None))]
    np.testing.assert_array_equal(rewards, np.concatenate(expected))
    assert len(set(rewards.tolist())) > 1


def test_observations_are_described_by_the_run(pair, kind):
    shapes = {key: (field.shape, field.dtype, field.stack)
              for key, field in pair[1].spec.observation.items()}
    assert shapes == {'vectors': {'state': ((11,), np.float32, 1)},
                      'numbers': {'state': ((4,), np.float32, 1)},
                      'frames': {'frame': ((84, 84), np.uint8, 4)}}[kind]


def test_a_run_without_tasks_refuses_one(pair):
    assert pair[1].tasks == ()
    with pytest.raises(ValueError, match="^expected no task, as the run has none, got 'walk'$"):
        pair[1](*steps(pair[1], 2), task='walk')


@pytest.mark.parametrize('kind', ['numbers', 'frames'], indirect=True, scope='module')
@pytest.mark.parametrize('action, message', [
    (np.zeros(2), 'action: expected integers, got float64'),
    ([0, -1], 'action: expected numbers from 0 to .*, got -1'),
    ([0, 99], 'action: expected numbers from 0 to [15], got 99'),
    (np.zeros((2, 1), int), r'action: expected the shape \(2,\), got \(2, 1\)')])
def test_discrete_actions_are_numbers_of_actions(pair, action, message):
    before, _, after = steps(pair[1], 2)
    with pytest.raises(ValueError, match=f'^{message}$'):
        pair[1](before, action, after)


@pytest.mark.parametrize('kind', ['frames'], indirect=True, scope='module')
def test_frames_are_stacked_pixels(pair):
    before, action, after = steps(pair[1], 2)
    text = "observation['frame']: expected the shape (2, 84, 84, 4), got (2, 84, 84, 3)"
    with pytest.raises(ValueError, match=f'^{re.escape(text)}$'):
        pair[1]({'frame': before['frame'][..., :3]}, action, after)
    with pytest.raises(ValueError, match='expected pixels from 0 to 255 as uint8, got float64'):
        pair[1]({'frame': before['frame'] / 255}, action, after)


def test_a_run_without_a_reward_model_is_refused_with_its_algorithm(tmp_path):
    trained(tmp_path / 'run', '--env=Pendulum-v1', '--alg=sac')
    text = f'{tmp_path}/run is a run with --alg=sac, which has no reward model; expected one with ' \
        '--alg=rrd, lrr or diaster'
    with pytest.raises(UserError, match=f'^{text}$'):
        common.load_reward(tmp_path / 'run')


def test_a_checkpoint_that_does_not_fit_the_record_is_refused(tmp_path):
    trained(tmp_path / 'run', *KINDS['numbers'])
    path = tmp_path / 'run' / 'args.json'
    path.write_text(path.read_text().replace('CartPole-v1', 'Acrobot-v1'))
    text = f'^{newest(tmp_path / "run").path} is of another kind of run: it has env CartPole-v1 instead of '
    with pytest.raises(UserError, match=text):
        common.load_reward(tmp_path / 'run')
