"""The recurrent network of Diaster, against a loop over numbers."""
import numpy as np
import pytest

from algorithm.recurrent_network import gru
from utils.tf_util import tf, tf1

UNITS, LENGTH = 3, 6


@pytest.fixture(scope='module')
def network():
    """A function of inputs [2, 6, 4] and `keep` [2, 6] to states, and {name: weights}."""
    with tf.Graph().as_default(), tf1.Session() as session:
        tf1.set_random_seed(0)
        x, keep = tf1.placeholder(tf.float32, [2, None, 4]), tf1.placeholder(tf.float32, [2, None])
        states = gru(x, keep, UNITS)
        session.run(tf1.global_variables_initializer())
        for variable in tf1.global_variables():         # biases start at 0
            session.run(variable.assign_add(np.full(variable.shape, 0.1)))
        weights = {v.op.name: session.run(v) for v in tf1.global_variables()}
        yield lambda *values: session.run(states, dict(zip((x, keep), values, strict=True))), weights


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def expected_states(x, weights):
    """[L, units] of one sequence [L, 4]."""
    state, states = np.zeros(UNITS), []
    for row in x:
        given = row @ weights['gru/input/kernel'] + weights['gru/input/bias']
        old = state @ weights['gru/state/kernel']
        update, reset = (sigmoid(given[part] + old[part]) for part in (slice(0, 3), slice(3, 6)))
        state = update * state + (1 - update) * np.tanh(given[6:] + reset * (old[6:]
                                                                             + weights['gru/state/bias']))
        states.append(state)
    return np.array(states)


def inputs():
    return np.random.default_rng(0).normal(size=(2, LENGTH, 4)).astype(np.float32)


def test_states_are_those_of_gated_recurrent_units(network):
    run, weights = network
    states = run(inputs(), np.ones((2, LENGTH), np.float32))
    for x, found in zip(inputs(), states, strict=True):
        np.testing.assert_allclose(found, expected_states(x, weights), rtol=1e-4, atol=1e-6)


def test_a_state_that_is_forgotten_begins_a_sequence_of_its_own(network):
    run, weights = network
    keep = np.ones((2, LENGTH), np.float32)
    keep[0, 2] = keep[1, 5] = 0
    for x, found, cut in zip(inputs(), run(inputs(), keep), (2, 5), strict=True):
        expected = np.concatenate([expected_states(x[:cut], weights), expected_states(x[cut:], weights)])
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
