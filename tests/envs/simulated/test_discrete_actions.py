"""Gymnasium's environments of vectors with numbered actions, as DQN plays them."""
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box, Discrete, MultiDiscrete

from common import parse_args
from envs.simulated import make_env
from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
from utils.checkpoints.state_files import read_state, write_state
from utils.errors import UserError


class Scripted(gymnasium.Env):
    """Notes the actions that it gets."""

    spec = EnvSpec('Scripted-v0')

    def __init__(self, action_space):
        self.action_space, self.observation_space = action_space, Box(-np.inf, np.inf, (1,))
        self.actions = []

    def reset(self, seed=None):
        return np.zeros(1), {}

    def step(self, action):
        self.actions.append(action)
        return np.zeros(1), 1.0, False, False, {}


def cart_pole(seed=7, max_steps=500):
    return VectorEnvironment(make_raw('CartPole-v1'), max_steps, seed, discrete=True)


def episode(env, seed):
    """[(state, reward, terminal, over)] of random actions, to the end of the open episode."""
    rng, steps = np.random.default_rng(seed), []
    while not (steps and steps[-1][-1]):
        step = env.step(rng.integers(2))
        steps.append((step.observation['state'], *step[1:]))
    return steps


@pytest.mark.parametrize('space, expected', [
    (Discrete(3), [0, 2, 1]), (Discrete(3, start=1), [1, 3, 2]), (Discrete(3, start=-1), [-1, 1, 0])])
def test_actions_are_counted_from_zero_in_any_space(space, expected):
    raw = Scripted(space)
    env = VectorEnvironment(raw, 10, 0, discrete=True)
    env.reset()
    for action in (np.int32(0), np.int32(2), 1):
        env.step(action)
    assert raw.actions == expected and all(type(action) is int for action in raw.actions)


def test_spec_has_the_number_of_actions_and_a_single_one():
    spec = cart_pole().spec
    assert (spec.action.shape, spec.action.dtype, spec.num_actions) == ((), np.int32, 2)
    assert spec.observation['state'].shape == (4,) and spec.observation['state'].dtype == np.float32


@pytest.mark.parametrize('space', [Box(-1.0, 1.0, (2,)), MultiDiscrete([2, 3])], ids=['Box', 'MultiDiscrete'])
def test_actions_that_are_not_discrete_are_refused_for_dqn(space):
    with pytest.raises(UserError) as caught:
        VectorEnvironment(Scripted(space), 10, 0, discrete=True)
    assert str(caught.value) == f'--env=Scripted-v0: expected Discrete actions for dqn, got {space}'


def test_observations_that_are_no_vector_are_refused_for_dqn_too():
    raw = Scripted(Discrete(2))
    raw.observation_space = Box(0, 1, (8, 8))
    with pytest.raises(UserError, match=r'expected observations in a Box of rank 1, got Box'):
        VectorEnvironment(raw, 10, 0, discrete=True)


@pytest.mark.parametrize('flags', [['--alg=dqn'], ['--alg=rrd', '--basis_alg=dqn']], ids=' '.join)
def test_dqn_is_given_discrete_actions_and_refused_others(flags):
    assert make_env(parse_args(['--env=CartPole-v1', *flags]), 0).spec.num_actions == 2
    with pytest.raises(UserError, match=r'^--env=Pendulum-v1: expected Discrete actions for dqn, got Box'):
        make_env(parse_args(['--env=Pendulum-v1', *flags]), 0)


def test_cart_pole_plays_as_gymnasiums_own():
    env, plain = cart_pole(), gymnasium.make('CartPole-v1')
    np.testing.assert_array_equal(env.reset()['state'], plain.reset(seed=7)[0].astype(np.float32))
    rng = np.random.default_rng(0)
    for state, reward, terminal, _ in episode(env, seed=0):
        expected, plain_reward, terminated, _, _ = plain.step(int(rng.integers(2)))
        np.testing.assert_array_equal(state, expected.astype(np.float32))
        assert (reward, terminal) == (plain_reward, terminated)


def test_a_pole_that_falls_is_terminal():
    env = cart_pole()
    env.reset()
    *_, (_, _, terminal, over) = episode(env, seed=0)
    assert terminal and over and env.episode_steps < 500


def test_the_step_at_the_limit_is_bootstrapped_even_if_the_pole_falls():
    env = cart_pole()
    env.reset()
    length = len(episode(env, seed=0))
    for limit in (3, length):
        env = cart_pole(max_steps=limit)
        env.reset()
        steps = episode(env, seed=0)
        assert len(steps) == limit and not any(terminal for _, _, terminal, _ in steps)


@pytest.mark.parametrize('episodes', [0, 2])
@pytest.mark.parametrize('steps', [0, 5])
def test_cart_pole_resumes_exactly_elsewhere_and_so_do_the_episodes_after(episodes, steps, tmp_path):
    env = cart_pole()
    for seed in range(episodes):
        env.reset()
        episode(env, seed)
    env.reset()
    for action in [0, 1, 1, 0, 1][:steps]:
        env.step(action)
    write_state(tmp_path, env.state_dict())
    other = cart_pole(seed=99)
    other.load_state_dict(read_state(tmp_path))
    assert other.episode_steps == steps
    np.testing.assert_equal(episode(other, 3), episode(env, 3))
    for seed in (4, 5):
        np.testing.assert_array_equal(other.reset()['state'], env.reset()['state'])
        np.testing.assert_equal(episode(other, seed), episode(env, seed))
