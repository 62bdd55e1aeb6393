"""Placeholders and networks, against plain numpy with the same weights."""
import numpy as np
import pytest

from algorithm import networks
from tests.fakes import SPEC
from utils.tf_util import tf, tf1
from utils.types import Field, Spec


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def evaluate(build):
    """The result of `build()`, and {name: array} of the variables that it creates."""
    with tf.Graph().as_default(), tf1.Session() as session:
        tf1.set_random_seed(1)
        output, variables = build(), tf1.global_variables()
        session.run(tf1.global_variables_initializer())
        session.run([v.assign_add(tf.fill(v.shape, 0.1)) for v in variables if v.op.name.endswith('bias')])
        return session.run(output), {v.op.name: session.run(v) for v in variables}


def layer(weights, name, x, activation=lambda y: np.maximum(y, 0)):
    return activation(x @ weights[f'net/{name}/kernel'] + weights[f'net/{name}/bias'])


def linear(y):
    return y


STATE, GOAL, ACTION = normal(4, 3), normal(4, 2, seed=1), normal(4, 2, seed=2)
OBSERVATION = {'state': STATE, 'goal': GOAL}


def shapes(weights):
    return {name.removeprefix('net/'): array.shape for name, array in weights.items() if 'kernel' in name}


def test_vector_keeps_the_order_of_the_spec():
    joined, _ = evaluate(lambda: networks.vector(OBSERVATION))
    np.testing.assert_array_equal(joined, np.concatenate([STATE, GOAL], axis=1))


@pytest.mark.parametrize('tf_activation, activation', [(None, linear), (tf.tanh, np.tanh)])
def test_policy_has_two_hidden_layers_and_an_activation_of_choice(tf_activation, activation):
    output, w = evaluate(lambda: networks.policy(OBSERVATION, 7, (5, 6), tf_activation))
    hidden = layer(w, 'pi_dense2', layer(w, 'pi_dense1', np.concatenate([STATE, GOAL], axis=1)))
    np.testing.assert_allclose(output, layer(w, 'pi', hidden, activation), rtol=1e-5, atol=1e-6)
    assert shapes(w) == {'pi_dense1/kernel': (5, 5), 'pi_dense2/kernel': (5, 6), 'pi/kernel': (6, 7)}


def test_critic_gets_observation_and_action_together():
    values, w = evaluate(lambda: networks.critic(OBSERVATION, ACTION))
    x = np.concatenate([STATE, GOAL, ACTION], axis=1)
    expected = layer(w, 'q', layer(w, 'q_dense2', layer(w, 'q_dense1', x)), linear)[:, 0]
    np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-5)
    assert shapes(w) == {'q_dense1/kernel': (7, 256), 'q_dense2/kernel': (256, 256), 'q/kernel': (256, 1)}


def test_late_action_critic_gets_the_action_at_its_second_layer():
    values, w = evaluate(lambda: networks.late_action_critic(OBSERVATION, ACTION))
    first = layer(w, 'q_dense1', np.concatenate([STATE, GOAL], axis=1))
    second = layer(w, 'q_dense2', np.concatenate([first, ACTION], axis=1))
    np.testing.assert_allclose(values, layer(w, 'q', second, linear)[:, 0], rtol=1e-4, atol=1e-5)
    assert shapes(w) == {'q_dense1/kernel': (5, 400), 'q_dense2/kernel': (402, 300), 'q/kernel': (300, 1)}


@pytest.mark.parametrize('lead', [(4,), (2, 2)])
def test_reward_gets_the_state_the_action_and_the_difference_of_states(lead):
    after = {'state': normal(4, 3, seed=3), 'goal': normal(4, 2, seed=4)}

    def shaped(x):
        return x.reshape(*lead, x.shape[-1])

    rewards, w = evaluate(lambda: networks.reward(
        {key: shaped(x) for key, x in OBSERVATION.items()}, shaped(ACTION),
        {key: shaped(x) for key, x in after.items()}))
    x = np.concatenate([STATE, GOAL, ACTION, STATE - after['state'], GOAL - after['goal']], axis=1)
    expected = layer(w, 'r', layer(w, 'r_dense2', layer(w, 'r_dense1', x)), linear)
    np.testing.assert_allclose(rewards, expected.reshape(lead), rtol=1e-4, atol=1e-5)
    assert shapes(w) == {'r_dense1/kernel': (12, 256), 'r_dense2/kernel': (256, 256), 'r/kernel': (256, 1)}


def described(placeholders):
    return {key: (x.dtype.as_numpy_dtype, x.shape.as_list()) for key, x in placeholders.items()}


def test_placeholders_have_the_shapes_and_types_of_the_spec():
    spec = Spec({'frame': Field((8, 6), np.uint8, 4), 'state': Field((3,))}, Field((2,), np.int32))
    with tf.Graph().as_default():
        steps = networks.transition_placeholders(spec, 5)
        parts = networks.subsequence_placeholders(spec, 2, 3)
    assert described(steps.observation) == described(steps.next_observation) == {
        'frame': (np.uint8, [5, 8, 6, 4]), 'state': (np.float32, [5, 3])}
    assert described(parts.observation) == described(parts.next_observation) == {
        'frame': (np.uint8, [2, 3, 8, 6, 4]), 'state': (np.float32, [2, 3, 3])}
    assert described({'action': steps.action, 'reward': steps.reward, 'terminal': steps.terminal}) == {
        'action': (np.int32, [5, 2]), 'reward': (np.float32, [5]), 'terminal': (np.float32, [5])}
    assert described({'action': parts.action, 'mean': parts.mean_reward,
                      'weight': parts.variance_weight}) == {
        'action': (np.int32, [2, 3, 2]), 'mean': (np.float32, [2]), 'weight': (np.float32, [2])}


def test_no_two_placeholders_are_the_same():
    """Every placeholder is fed separately, even if shapes are equal."""
    with tf.Graph().as_default():
        steps = networks.transition_placeholders(SPEC, 5)
    assert len({x.op.name for x in [*steps.observation.values(), *steps.next_observation.values(),
                                    steps.action, steps.reward, steps.terminal]}) == 7
