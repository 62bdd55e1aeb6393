"""Rewards that are differences of a potential: what they add up to, and what they ignore."""
import numpy as np
import pytest

from algorithm.agent import Agent
from algorithm.potential_model import PotentialModel
from utils.runs.flags import parse_args
from utils.types import Batch, Field, Spec, Windows

SPEC = Spec({'agentview': Field((24, 24, 3), np.uint8), 'proprio': Field((4,))}, Field((7,)), 0, 2,
            ('a', 'b'))
WORDS = ['--env=libero_spatial', '--reward_form=potential', '--rrd_batch_size=6', '--rrd_sample_size=2',
         '--libero_image_size=24', '--r_average=0']


def agent(*words):
    return Agent(SPEC, parse_args([*WORDS, *words]), None, PotentialModel, np.random.default_rng(0), (1, 1))


@pytest.fixture(scope='module')
def untrained():
    return agent()


def observations(count, seed=0):
    rng = np.random.default_rng(seed)
    return {'agentview': rng.integers(0, 256, (count, 24, 24, 3), np.uint8),
            'proprio': rng.normal(size=(count, 4)).astype(np.float32)}


def rewards(agent, seen, before, after):
    pick = ({key: values[list(places)] for key, values in seen.items()} for places in (before, after))
    first, last = pick
    context = np.tile(np.float32([1, 0]), (len(before), 1))
    return agent.predict_rewards(first, np.zeros((len(before), 7), np.float32), last, context)


def test_rewards_along_a_cycle_add_up_to_0(untrained):
    seen = observations(3)
    np.testing.assert_allclose(rewards(untrained, seen, (0, 1, 2), (1, 2, 0)).sum(), 0, atol=1e-6)
    assert np.abs(rewards(untrained, seen, (0, 1, 2), (1, 2, 0))).min() > 1e-4


def test_the_reward_of_two_steps_is_that_of_one_step_between_their_ends(untrained):
    seen = observations(3)
    two, one = rewards(untrained, seen, (0, 1), (1, 2)).sum(), rewards(untrained, seen, (0,), (2,))[0]
    np.testing.assert_allclose(two, one, atol=1e-6)


def test_the_least_head_decides(untrained):
    model, seen = untrained.reward_model, observations(4)
    windows = Windows({key: np.stack([np.resize(values, (5, *values.shape[1:]))] * 3)
                       for key, values in seen.items()}, np.zeros((3, 5), np.float32), np.ones(3, np.float32),
                      np.ones(3, np.float32), np.tile(np.float32([1, 0]), (3, 1)))
    inputs = untrained.groups[0].inputs.subsequences
    feeds = {inputs.observation[key]: values for key, values in windows.observation.items()}
    values = untrained.session.run(model.tensors['potentials'], {**feeds, inputs.context: windows.context})
    assert values.shape == (2, 3, 5)
    lowest = values[:, 0].min(axis=0)
    np.testing.assert_allclose(rewards(untrained, seen, (0, 1, 2), (1, 2, 3)), np.diff(lowest[:4]), atol=1e-6)


def test_one_head_sees_everything():
    one = agent('--potential_heads=one')
    assert one.reward_model.tensors['potentials'].shape[0] == 1
    one.session.close()


def test_an_update_lowers_the_loss_on_its_batch():
    learner = agent('--r_lr=0.001')
    rng = np.random.default_rng(1)
    batch = Windows({'agentview': rng.integers(0, 256, (3, 5, 24, 24, 3), np.uint8),
                     'proprio': rng.normal(size=(3, 5, 4)).astype(np.float32)},
                    np.sort(rng.random((3, 5)).astype(np.float32), axis=1), np.float32([1, 0, 1]),
                    np.float32([1, 0, 1]), np.tile(np.float32([1, 0]), (3, 1)))

    class Same:
        def sample(self, transitions, subsequences):
            return Batch(None, batch)

    values = [learner.train(Same())['reward/loss'] for _ in range(20)]
    assert values[-1] < 0.5 * values[0]
    learner.session.close()
