"""Means of the rewards of several runs, and the runs that do not belong together."""
import re

import numpy as np
import pytest

from algorithm.ensemble import MeanAgent, MeanReward, check_alike
from utils.errors import UserError
from utils.types import Field, Spec

SPEC = Spec({'state': Field((2,)), 'wrist': Field((24, 24, 3), np.uint8)}, Field((7,)), 0, 2, ('a', 'b'))


class Constant:
    """A `LearnedReward` and an agent: each step earns the same."""

    def __init__(self, value, spec=SPEC, tasks=('a', 'b')):
        self._value, self.spec, self.tasks = value, spec, tasks

    def __call__(self, observation, action, next_observation, task=None):
        return np.full(len(action), self._value + self.tasks.index(task), np.float32)

    def predict_rewards(self, observation, action, next_observation, context):
        return np.full(len(action), self._value, np.float32)


def test_the_reward_of_several_runs_is_their_mean_and_so_is_its_running_sum():
    reward = MeanReward({'x': Constant(1.0), 'y': Constant(2.0), 'z': Constant(6.0)})
    rewards = reward({}, np.zeros((4, 7)), {}, 'b')
    assert rewards.dtype == np.float32 and np.cumsum(rewards).tolist() == [4, 8, 12, 16]
    assert reward.spec is SPEC and reward.tasks == ('a', 'b')


def test_agents_predict_the_mean():
    agent = MeanAgent([Constant(1.0), Constant(4.0)])
    assert agent.predict_rewards({}, np.zeros((2, 7)), {}, None).tolist() == [2.5, 2.5]


@pytest.mark.parametrize('other, message', [
    (Constant(0, SPEC._replace(observation={**SPEC.observation, 'wrist': Field((32, 32, 3), np.uint8)})),
     'y: expected observations state (float32 2), wrist (uint8 24 x 24 x 3), as of x, got state (float32 2), '
     'wrist (uint8 32 x 32 x 3)'),
    (Constant(0, SPEC._replace(observation={'state': Field((2,))})),
     'y: expected observations state (float32 2), wrist (uint8 24 x 24 x 3), as of x, got state (float32 2)'),
    (Constant(0, SPEC._replace(action=Field((6,)))), 'y: expected actions float32 7, as of x, got float32 6'),
    (Constant(0, tasks=('a',)), 'y: expected tasks a, b, as of x, got a')])
def test_a_run_that_differs_is_named(other, message):
    with pytest.raises(UserError, match=f'^{re.escape(message)}$'):
        MeanReward({'x': Constant(1.0), 'y': other})


def test_runs_may_differ_in_the_order_of_tasks_and_the_scale_of_rewards():
    check_alike({'x': (SPEC, ('a', 'b')), 'y': (SPEC._replace(reward_scale=3.0, context=5), ('b', 'a'))})
