"""Tiny reward models of each kind, and files of them."""
from typing import NamedTuple

import numpy as np
import pytest

import common
from algorithm.learned_reward import LearnedReward
from exports.graph import reward_graph
from exports.layout import description
from exports.onnx_file import onnx_model
from tests.algorithm.agents import make_reward_agent
from tests.fakes import DISCRETE, SPEC, arguments
from utils.types import Field, Spec

PACKAGES = ('onnx', 'onnxruntime', 'tf2onnx')
FRAMES = Spec({'frame': Field((12, 12), np.uint8, 4)}, Field((), np.int32), 3)
RECORDED = Spec({'agentview': Field((12, 16, 3), np.uint8), 'state': Field((2,))}, Field((3,)), 0, 3,
                ('open it', 'close it', 'unseen'), 0.5)
CONTEXTS = {'open it': np.array([1, 0, 0], np.float32), 'close it': np.array([0, 1, 0], np.float32)}


class Made(NamedTuple):
    """A reward model with random weights: its agent, its function of arrays, its graph."""

    agent: object
    reward: LearnedReward
    graph: object

    def described(self):
        """Its description, with one fact about the run."""
        return description(self.reward.spec, self.reward.tasks, {'run': 'made'})

    def onnx(self):
        """The bytes of its ONNX model."""
        return onnx_model(self.graph, self.described())


def need_onnx():
    """Skips a test where packages are missing."""
    for package in PACKAGES:
        pytest.importorskip(package, reason=f'{package} is in requirements-formats.txt')


def recorded_args(*words):
    return common.parse_args(['--env=libero_spatial', '--rrd_batch_size=6', '--rrd_sample_size=3', *words])


KINDS = {
    'vectors': lambda: made(make_reward_agent(arguments('rrd', 'sac', obs_normalization=True)), SPEC),
    'numbers': lambda: made(make_reward_agent(arguments('rrd', 'dqn', env='CartPole-v1'), spec=DISCRETE),
                            DISCRETE),
    'frames': lambda: made(make_reward_agent(arguments('rrd', 'dqn', env='Pong'), spec=FRAMES), FRAMES),
    'recorded': lambda: made(make_reward_agent(recorded_args(), spec=RECORDED), RECORDED, CONTEXTS),
}


def made(agent, spec, contexts=None):
    """The `Made` of an agent."""
    contexts = contexts or {}
    return Made(agent, LearnedReward(agent, spec, contexts), reward_graph(agent, spec, contexts))
