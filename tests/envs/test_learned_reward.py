"""The learned reward around a Gymnasium environment, with a reward that is made up here."""
import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete

import loading
from algorithm.learned_reward import LearnedReward
from envs.learned_reward import LearnedRewardWrapper
from utils.types import Field, Spec

STATE = Spec({'state': Field((2,))}, Field((1,)))
NUMBERS = Spec({'state': Field((2,))}, Field((), np.int32), 3)
RECORDED = Spec({'agentview': Field((4, 4, 3), np.uint8), 'proprio': Field((2,))}, Field((1,)), 0, 2,
                ('open it', 'close it'))


class Recorder:
    """An agent whose reward is that of its last call: 100 s + 10 a + s', of the first numbers."""

    def predict_rewards(self, observation, action, next_observation, context):
        self.call = observation, action, next_observation, context
        key = list(observation)[-1]
        return (100 * observation[key][:, 0] + 10 * action.reshape(len(action)) +
                next_observation[key][:, 0]).astype(np.float32)


class Counting(gymnasium.Env):
    """Observations count the steps, in one buffer; each reward is 7."""

    def __init__(self, observation_space=None, action_space=None):
        self.observation_space = observation_space or Box(-np.inf, np.inf, (2,), np.float64)
        self.action_space = action_space or Box(np.float32(0), np.float32(4), (1,))
        self.state = np.zeros(2)

    def observation(self):
        if not isinstance(self.observation_space, Dict):
            return self.state
        return {'proprio': self.state, 'agentview': np.zeros((4, 4, 3), np.uint8), 'depth': np.zeros(1)}

    def reset(self, seed=None, options=None):
        self.state[:] = 0
        return self.observation(), {}

    def step(self, action):
        self.state += 1
        return self.observation(), 7.0, False, False, {'own': 1}


SCENE = Dict({'agentview': Box(0, 255, (4, 4, 3), np.uint8), 'proprio': Box(-1, 1, (2,)),
              'depth': Box(0, 1, (1,))})


@pytest.fixture
def agent():
    return Recorder()


@pytest.fixture
def wrapped(agent, monkeypatch):
    """A function of a spec, an environment and arguments to the wrapper."""
    def wrap(spec=STATE, env=None, **how):
        contexts = {task: np.eye(2, dtype=np.float32)[n] for n, task in enumerate(spec.tasks)}
        monkeypatch.setattr(loading, 'load_reward', lambda source: LearnedReward(agent, spec, contexts))
        return LearnedRewardWrapper(env or Counting(), 'RUN_DIR', **how)
    return wrap


def test_info_has_the_learned_reward_of_each_step_and_the_reward_stays(wrapped):
    env = wrapped()
    env.reset()
    results = [env.step(np.array([2.0], np.float32)) for _ in range(3)]      # 2 is 0 within [-1, 1]
    assert [info for *_, info in results] == [{'own': 1, 'learned_reward': 100.0 * t + t + 1}
                                             for t in range(3)]
    assert [result[1] for result in results] == [7.0] * 3


def test_the_learned_reward_can_replace_the_reward(wrapped):
    env = wrapped(replace=True)
    env.reset()
    _, reward, _, _, info = env.step(np.array([2.0]))
    assert reward == info['learned_reward'] == 1.0 and info['environment_reward'] == 7.0


def test_an_episode_begins_with_its_own_observation(wrapped):
    env = wrapped()
    for _ in range(2):
        env.reset()
        assert env.step(np.array([2.0]))[-1]['learned_reward'] == 1.0


@pytest.mark.parametrize('action, expected', [(0.0, -1.0), (4.0, 1.0), (3.0, 0.5)])
def test_actions_are_scaled_from_the_bounds_of_the_environment(wrapped, agent, action, expected):
    env = wrapped()
    env.reset()
    env.step(np.array([action], np.float32))
    assert agent.call[1].tolist() == [[expected]] and agent.call[1].dtype == np.float32


@pytest.mark.parametrize('action, message', [
    ([4.1], 'expected numbers within the bounds of '), ([np.nan], 'expected numbers within the bounds of '),
    ([1.0, 2.0], r'expected the shape \(1,\), got \(2,\)'), (1.0, r'expected the shape \(1,\), got \(\)')])
def test_an_action_that_the_space_does_not_hold_is_refused_before_the_step(wrapped, agent, action, message):
    env = wrapped(STATE, Counting())
    env.reset()
    with pytest.raises(ValueError, match=f'^action: {message}'):
        env.step(action)
    assert (env.unwrapped.state == 0).all()


def test_discrete_actions_are_counted_from_the_first(wrapped, agent):
    env = wrapped(NUMBERS, Counting(action_space=Discrete(3, start=5)))
    env.reset()
    env.step(np.int64(7))
    assert agent.call[1].tolist() == [2]


def test_a_dict_gives_the_arrays_of_the_same_names_and_actions_as_recorded(wrapped, agent):
    env = wrapped(RECORDED, Counting(SCENE), task='Close it.')
    env.reset()
    env.step(np.array([3.0]))
    before, action, after, context = agent.call
    assert list(before) == list(after) == ['agentview', 'proprio']
    assert action.tolist() == [[3.0]] and context.tolist() == [[0, 1]]
    assert before['proprio'].tolist() == [[0, 0]] and after['proprio'].tolist() == [[1, 1]]


@pytest.mark.parametrize('spec, spaces, message', [
    (STATE, (Box(-1, 1, (3,)),), r'^state: expected a Box of the shape \(2,\), as of the reward model, go'),
    (STATE, (Discrete(4),), r'^state: expected a Box of the shape \(2,\), as of the reward model, got D'),
    (STATE, (None, Box(-1, 1, (2,))), r'^expected actions in a Box of the shape \(1,\), as of the reward '),
    (STATE, (None, Box(-np.inf, np.inf, (1,))), '^expected finite bounds of actions, got Box'),
    (STATE, (None, Discrete(3)), r'^expected actions in a Box of the shape \(1,\), as of the reward '),
    (NUMBERS, (None, Discrete(4)), r'^expected 3 discrete actions, as of the reward model, got Discrete'),
    (RECORDED, (Box(-1, 1, (2,)),), '^expected a Dict of observations with agentview, proprio, got Box'),
    (RECORDED, (Dict(proprio=Box(-1, 1, (2,))),),
     '^expected observations with agentview, proprio; the environment has no agentview among proprio$'),
    (RECORDED, (Dict(proprio=Box(-1, 1, (2,)), agentview=Box(0, 1, (4, 4, 3))),),
     r'^agentview: expected a Box of the shape \(4, 4, 3\) of uint8 pixels, got float32$')])
def test_spaces_that_do_not_fit_the_model_are_refused(wrapped, spec, spaces, message):
    with pytest.raises(ValueError, match=message):
        wrapped(spec, Counting(*spaces), task=spec.tasks[0] if spec.tasks else None)


def test_the_task_is_checked_at_once(wrapped):
    with pytest.raises(ValueError, match="^expected one of the tasks open it, close it, got 'walk'$"):
        wrapped(RECORDED, Counting(SCENE), task='walk')
    with pytest.raises(ValueError, match="^expected no task, as the run has none, got 'walk'$"):
        wrapped(task='walk')


def test_a_step_before_the_first_reset_is_refused(wrapped):
    with pytest.raises(gymnasium.error.ResetNeeded, match='^expected a call of reset before the first step$'):
        wrapped().step(np.array([2.0]))
