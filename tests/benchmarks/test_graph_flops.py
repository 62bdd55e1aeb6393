"""The operations counted in the graph of a reward model, against those of its layers counted by hand."""
import math

import numpy as np
import pytest

from algorithm import create_reward_agent
from benchmarks.graph_flops import graph_flops
from tests.recordings import RECORDED, recorded_arguments
from utils.types import Field


def counted(size, num_steps):
    """Operations of one update: forward, and gradients of kernels and inputs, of every layer."""
    side, depth, convolutions = size, 3, []
    for kernel, stride in ((8, 4), (4, 2), (3, 2)):
        side = math.ceil(side / stride)
        convolutions.append(2 * side ** 2 * kernel ** 2 * depth * 32)
        depth = 32
    features = 2 * side ** 2 * 32 * 256
    vectors = 2 * (3 + 3) * 64
    head = sum(2 * inputs * outputs for inputs, outputs in ((512 + 64 + 2 + 3, 256), (256, 256), (256, 1)))
    frame, step = sum(convolutions) + features, vectors + head
    first_frame, first_step = convolutions[0], vectors      # the first layers need no gradient of their input
    return num_steps * (2 * (3 * frame - first_frame) + 3 * step - first_step)


@pytest.mark.parametrize('size', [24, 84])
def test_update_of_a_reward_model_needs_the_operations_of_its_layers(size):
    observation = {**RECORDED.observation, 'agentview': Field((size, size, 3), np.uint8)}
    agent = create_reward_agent(recorded_arguments(), RECORDED._replace(observation=observation),
                                np.random.default_rng(0))
    group, = agent.groups
    update, = group.updates

    assert graph_flops([*update.gradients, *group.info.values()]) == counted(size, num_steps=8)
