"""Clipped rewards, and where they are used."""
import numpy as np
import pytest

from common import parse_args
from envs.base import Step
from envs.simulated import EpisodicReward, make_env
from envs.simulated.atari import AtariEnvironment
from envs.simulated.clipped import ClippedReward
from envs.simulated.vectors import VectorEnvironment
from tests.envs.simulated.test_episodic import Scripted, dense
from tests.fakes import FakeEnvironment


@pytest.mark.parametrize('bound, expected', [
    (1.0, [-1, -1, -0.5, 0, 0.25, 1, 1]), (0.5, [-0.5, -0.5, -0.5, 0, 0.25, 0.5, 0.5]), (0.0, [0] * 7),
    (100.0, [-3, -1, -0.5, 0, 0.25, 1, 90])])
def test_a_reward_is_cut_at_the_bound_on_both_sides_and_left_alone_between(bound, expected):
    env = ClippedReward(Scripted(dense(-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 90.0)), bound)
    assert [env.step(0).reward for _ in range(7)] == expected


@pytest.mark.parametrize('terminal, over', [(True, True), (False, True), (False, False)])
def test_everything_but_the_reward_passes_through(terminal, over):
    observation = {'frame': 'second'}
    inner = Scripted([Step(observation, 7.0, terminal, over)])
    env = ClippedReward(inner, 1.0)
    assert (env.spec, env.facts) == (inner.spec, inner.facts)
    assert env.reset() == {'state': 'first'}
    step = env.step('action')
    assert step.observation is observation and step[1:] == (1.0, terminal, over)
    env.close()
    assert inner.calls == ['reset', 'action', 'close']


def test_the_return_of_an_episode_is_of_the_true_rewards():
    env = ClippedReward(Scripted(dense(-3.0, 90.0, 0.25)), 1.0)
    env.reset()
    returns = []
    for _ in range(3):
        env.step(0)
        returns.append(env.episode_return)
    assert returns == [-3.0, 87.0, 87.25]
    env.reset()
    assert env.episode_return == 0.0


def test_its_state_has_the_return_so_far():
    class Stateless(Scripted):
        def state_dict(self):
            return {}

        def load_state_dict(self, state):
            pass

    env, other = (ClippedReward(Stateless(dense(30.0, 4.0)), 1.0) for _ in range(2))
    env.reset()
    env.step(0)
    other.load_state_dict(env.state_dict())
    assert other.episode_return == 30.0


def test_its_state_is_that_of_the_environment_below():
    class Stateful(FakeEnvironment):
        def state_dict(self):
            return {'episode': self.episode}

        def load_state_dict(self, state):
            self.episode = state['episode']

    env, other = (ClippedReward(Stateful(3), 1.0) for _ in range(2))
    env.reset()
    other.load_state_dict(env.state_dict())
    np.testing.assert_array_equal(other.reset()['state'], [1, 0])


def made(*flags, learning=True):
    return make_env(parse_args(['--alg=dqn', *flags]), 1, learning=learning)


def test_rewards_at_each_step_of_atari_are_clipped_for_the_learner_at_rews_scale():
    env = made('--env=Pong', '--env_type=normal', '--rews_scale=0.25', '--noop=0')
    env.reset()
    rewards = [env.step(0).reward for _ in range(80)]
    assert type(env) is ClippedReward and type(env.env) is AtariEnvironment
    assert set(rewards) == {0.0, -0.25}                     # the opponent scores


def test_rews_scale_is_one_by_default():
    env = made('--env=Breakout', '--env_type=normal')
    env.env.step = lambda action: Step({}, 7.0, False, False)
    assert env.step(0).reward == 1.0


@pytest.mark.parametrize('flags, learning, kind', [
    (['--env=Pong', '--env_type=normal'], False, AtariEnvironment),
    (['--env=Pong', '--env_type=ep_rews'], True, EpisodicReward),
    (['--env=Pong', '--env_type=ep_rews'], False, AtariEnvironment),
    (['--env=CartPole-v1', '--env_type=normal'], True, VectorEnvironment),
    (['--env=CartPole-v1', '--env_type=normal'], False, VectorEnvironment),
    (['--env=CartPole-v1', '--env_type=ep_rews'], False, VectorEnvironment)])
def test_no_other_reward_is_clipped(flags, learning, kind):
    """Neither in tests, nor the return of an episode, nor on vectors."""
    env = made(*flags, learning=learning)
    assert type(env) is kind
    if kind is EpisodicReward:
        assert type(env.env) is AtariEnvironment


def test_an_environment_is_not_for_learning_by_default():
    assert type(make_env(parse_args(['--alg=dqn', '--env=Pong', '--env_type=normal']), 1)) is AtariEnvironment


def test_flags_of_atari_reach_the_game():
    env = made('--env=Pong', '--env_type=normal', '--sticky=True', '--frames=2', '--noop=5',
               '--test_timesteps=3', learning=False)
    assert env.reset()['frame'].shape == (84, 84, 2)
    assert env.raw.unwrapped.ale.getEpisodeFrameNumber() == 4 * 5
    assert env.facts['kwargs']['repeat_action_probability'] == 0.25
    assert [env.step(0).over for _ in range(3)] == [False, False, True]
