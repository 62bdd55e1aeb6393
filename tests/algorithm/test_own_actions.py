"""Actions of own data are normalised within the network, those of LIBERO are not."""
import numpy as np
import pytest

from tests.algorithm.agents import make_reward_agent, weights
from tests.recordings import recorded_arguments
from utils.types import Field, Spec, Transitions

SPEC = Spec({'state': Field((2,))}, Field((3,)), context=1, tasks=('lift',))
OWN = {'env': 'recorded', 'data_path': 'somewhere'}
UNIT = np.float32([1000, 0.002, 1])      # of the three numbers of an action


class Steps:
    """Fifty random steps; the third number of an action is always 7."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.before, self.after = (rng.normal(size=(50, 2)).astype(np.float32) for _ in range(2))
        self.actions = (rng.uniform(-1, 1, (50, 3)) * UNIT).astype(np.float32) + UNIT
        self.actions[:, 2] = 7

    def normalizer_batch(self):
        return Transitions({'state': self.before}, self.actions, None, {'state': self.after}, None)


def predicted(agent, before, actions, after):
    context = np.ones((len(actions), 1), np.float32)
    return agent.predict_rewards({'state': before}, actions, {'state': after}, context)


def normalised(x, everything, floor):
    wide = everything.astype(np.float64)
    std = np.maximum(wide.std(axis=0), floor)
    return ((x - wide.mean(axis=0)) / std).clip(-5, 5).astype(np.float32)


@pytest.fixture(scope='module')
def agent():
    return make_reward_agent(recorded_arguments(**OWN), spec=SPEC)


def test_rewards_are_those_of_actions_that_are_normalised_by_hand(agent, tmp_path):
    steps = Steps()
    states = np.concatenate([steps.before, steps.after])
    expected = predicted(agent, normalised(steps.before, states, 0.01),
                         normalised(steps.actions, steps.actions, 1e-4),
                         normalised(steps.after, states, 0.01))
    agent.update_normalizer(steps)
    found = predicted(agent, steps.before, steps.actions, steps.after)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)

    agent.save_variables(tmp_path / 'variables')
    other = make_reward_agent(recorded_arguments(**OWN), seed=1, spec=SPEC)
    other.restore_reward(tmp_path / 'variables')
    np.testing.assert_array_equal(predicted(other, steps.before, steps.actions, steps.after), found)


@pytest.mark.parametrize('flags', [{}, {**OWN, 'obs_normalization': False}])
def test_actions_of_libero_and_without_normalisation_have_no_moments(flags):
    agent = make_reward_agent(recorded_arguments(**flags), spec=SPEC)
    assert not [name for name in weights(agent) if '_action' in name]
