"""Episodic rewards."""
from types import SimpleNamespace

import pytest

from envs.base import Step
from envs.simulated.episodic import EpisodicReward


class Scripted:
    """Gives the steps of a list, and notes the calls."""

    spec, facts = 'spec', {'id': 'Scripted-v0', 'kwargs': {}}

    def __init__(self, steps):
        self.steps, self.calls = list(steps), []

    def reset(self):
        self.calls.append('reset')
        return {'state': 'first'}

    def step(self, action):
        self.calls.append(action)
        return self.steps.pop(0)

    def close(self):
        self.calls.append('close')


def dense(*rewards):
    return [Step({}, reward, False, i == len(rewards)) for i, reward in enumerate(rewards, 1)]


def played(env, num_steps):
    env.reset()
    return [env.step(0).reward for _ in range(num_steps)]


def test_reward_is_zero_until_the_episode_is_over_and_then_the_sum():
    assert played(EpisodicReward(Scripted(dense(1.0, -3.0, 0.5))), 3) == [0.0, 0.0, -1.5]


def test_the_second_episode_starts_from_nothing():
    env = EpisodicReward(Scripted(dense(1.0, 2.0) + dense(5.0)))
    assert played(env, 2) + played(env, 1) == [0.0, 3.0, 5.0]


def test_an_episode_left_early_does_not_count_for_the_next():
    env = EpisodicReward(Scripted(dense(1.0, 2.0)[:1] + dense(5.0)))
    assert played(env, 1) + played(env, 1) == [0.0, 5.0]


def test_the_sum_is_kept_in_float64():
    rewards = [1e8] + [0.25] * 8
    assert played(EpisodicReward(Scripted(dense(*rewards))), 9)[-1] == 1e8 + 2.0


def test_the_true_return_so_far_can_be_read():
    env = EpisodicReward(Scripted(dense(1.0, 2.0, 4.0)))
    played(env, 2)
    assert env.episode_return == 3.0


@pytest.mark.parametrize('terminal, over', [(True, True), (False, True), (False, False)])
def test_everything_but_the_reward_passes_through(terminal, over):
    observation = {'state': 'second'}
    inner = Scripted([Step(observation, 1.0, terminal, over)])
    env = EpisodicReward(inner)
    assert env.reset() == {'state': 'first'}
    step = env.step('action')
    assert step.observation is observation and (step.terminal, step.over) == (terminal, over)
    env.close()
    assert inner.calls == ['reset', 'action', 'close']
    assert SimpleNamespace(spec='spec', facts=inner.facts) == SimpleNamespace(
        spec=env.spec, facts=env.facts)
