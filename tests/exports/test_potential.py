"""A potential as an ONNX file: the difference of two observations, by the quantiles of its training set."""
from types import SimpleNamespace

import numpy as np
import pytest

from algorithm import create_reward_agent
from exports.check import check
from exports.onnx_reward import OnnxModel
from tests.exports.models import CONTEXTS, RECORDED, made, need_onnx, recorded_args
from tests.fakes import random_transitions

need_onnx()


@pytest.fixture(scope='module')
def model():
    """A potential with random weights and the quantiles of a few random numbers."""
    args, rng = recorded_args('--reward_form=potential'), np.random.default_rng(0)
    agent = create_reward_agent(args, RECORDED, rng)
    agent.update_normalizer(SimpleNamespace(normalizer_batch=lambda: random_transitions(rng, 9, RECORDED)))
    return made(agent, RECORDED, CONTEXTS)


def test_the_file_has_the_rewards_and_all_inputs_of_the_run_though_it_ignores_actions(model):
    file = OnnxModel(model.onnx(), 'reward.onnx')
    assert file.inputs == ['agentview', 'agentview_next', 'state', 'state_next', 'action', 'task']
    agreement = check('reward.onnx', model.reward, file.run)
    assert agreement.difference <= 1e-6 and agreement.scale > 1e-3

    steps = random_transitions(np.random.default_rng(1), 3, RECORDED)
    inputs = {'agentview': steps.observation['agentview'], 'state': steps.observation['state'],
              'agentview_next': steps.next_observation['agentview'], 'action': steps.action,
              'task': np.zeros(3, np.int64)}

    def rewards(vectors, **changes):
        return file.run({**inputs, 'state_next': np.full((3, 2), vectors, np.float32), **changes})

    np.testing.assert_array_equal(rewards(0.5), rewards(0.5, action=-steps.action))
    np.testing.assert_array_equal(rewards(1e3), rewards(1e6))       # both are beyond all quantiles
    assert not np.array_equal(rewards(0.0), rewards(1e3))
