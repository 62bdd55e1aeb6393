"""DQN's networks and the rewards of discrete actions and of frames, against numpy with the same weights."""
import numpy as np
import pytest

from algorithm import networks
from tests.algorithm.test_networks import evaluate
from tests.fakes import DISCRETE, FRAMES, random_transitions
from tests.reference import layers

SIZE, NUM_ACTIONS = 2, 3
VECTORS = random_transitions(np.random.default_rng(0), SIZE, DISCRETE)
PIXELS = random_transitions(np.random.default_rng(0), SIZE, FRAMES)
BEFORE, AFTER = (np.float32(x['frame'] / 255) for x in (PIXELS.observation, PIXELS.next_observation))
ENCODER = {'conv1': (8, 8, 4, 32), 'conv2': (4, 4, 32, 64), 'conv3': (3, 3, 64, 64)}


def vector(observation):
    return np.concatenate(list(observation.values()), axis=-1)


def frame_values(dueling=False, frames=BEFORE):
    return evaluate(lambda: networks.action_values({'frame': frames}, NUM_ACTIONS, dueling))


def layer_shapes(weights):
    """[(layer, shape of its kernel)] in the order of creation; every layer has a bias of as many outputs."""
    kernels = [(name.split('/')[1], array) for name, array in weights.items() if name.endswith('kernel')]
    for layer, kernel in kernels:
        assert weights[f'net/{layer}/bias'].shape == kernel.shape[-1:]
    assert len(weights) == 2 * len(kernels)
    return [(layer, kernel.shape) for layer, kernel in kernels]


def test_values_on_vectors_come_from_two_hidden_layers():
    values, w = evaluate(lambda: networks.action_values(VECTORS.observation, 4))
    expected = layers.two_hidden(w, 'net', 'q', vector(VECTORS.observation))
    np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-5)
    assert layer_shapes(w) == [('q_dense1', (5, 256)), ('q_dense2', (256, 256)), ('q', (256, 4))]


def test_the_dueling_flag_changes_nothing_on_vectors():
    _, w = evaluate(lambda: networks.action_values(VECTORS.observation, 4, dueling=True))
    assert [layer for layer, _ in layer_shapes(w)] == ['q_dense1', 'q_dense2', 'q']


def test_values_on_frames_come_from_three_convolutions_and_one_hidden_layer():
    values, w = frame_values()
    x = layers.encoded(w, 'net', 'q', BEFORE)
    assert x.shape == (SIZE, 11 * 11 * 64)
    np.testing.assert_allclose(values, layers.one_hidden(w, 'net', 'q', 'act', x), rtol=1e-3, atol=1e-5)


def test_layers_on_frames_are_those_of_the_original():
    _, w = frame_values()
    assert layer_shapes(w) == [*((f'q_{name}', shape) for name, shape in ENCODER.items()),
                               ('q_dense_act', (7744, 512)), ('q_act', (512, NUM_ACTIONS))]


def test_dueling_adds_the_value_of_the_frames_to_advantages_whose_mean_is_zero():
    values, w = frame_values(dueling=True)
    x = layers.encoded(w, 'net', 'q', BEFORE)
    advantages, base = (layers.one_hidden(w, 'net', 'q', part, x) for part in ('act', 'base'))
    np.testing.assert_allclose(values, base + advantages - advantages.mean(axis=1, keepdims=True), rtol=1e-3,
                               atol=1e-5)
    np.testing.assert_allclose(values.mean(axis=1), base[:, 0], rtol=1e-3, atol=1e-5)
    assert layer_shapes(w)[-2:] == [('q_dense_base', (7744, 512)), ('q_base', (512, 1))]


@pytest.mark.parametrize('lead', [(4,), (2, 2)])
def test_reward_on_vectors_takes_a_discrete_action_as_one_of_many_inputs(lead):
    rng = np.random.default_rng(0)
    steps = random_transitions(rng, 4, DISCRETE)._replace(action=np.int32([3, 0, 1, 2]))

    def shaped(observation):
        return {key: x.reshape(*lead, -1) for key, x in observation.items()}

    rewards, w = evaluate(lambda: networks.reward(shaped(steps.observation), steps.action.reshape(lead),
                                                  shaped(steps.next_observation), 4))
    before, after = vector(steps.observation), vector(steps.next_observation)
    one_hot = [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    expected = layers.two_hidden(w, 'net', 'r', np.concatenate([before, one_hot, before - after], axis=1))
    np.testing.assert_allclose(rewards, expected.reshape(lead), rtol=1e-4, atol=1e-5)
    assert layer_shapes(w) == [('r_dense1', (2 * 5 + 4, 256)), ('r_dense2', (256, 256)), ('r', (256, 1))]


@pytest.fixture(scope='module')
def frame_rewards():
    """(rewards of two steps, one action of which is 2 and one 0, {name: weights})."""
    return evaluate(lambda: networks.reward({'frame': BEFORE}, np.int32([2, 0]), {'frame': AFTER},
                                            NUM_ACTIONS))


def test_reward_on_frames_is_the_output_that_the_action_chooses(frame_rewards):
    """From the frames, and from what the step took away of them, as further channels."""
    rewards, w = frame_rewards
    x = layers.encoded(w, 'net', 'r', np.concatenate([BEFORE, BEFORE - AFTER], axis=-1))
    outputs = layers.one_hidden(w, 'net', 'r', 'act', x)
    np.testing.assert_allclose(rewards, [outputs[0, 2], outputs[1, 0]], rtol=1e-3, atol=1e-5)


def test_reward_on_frames_has_the_layers_of_the_original(frame_rewards):
    shapes = {**ENCODER, 'conv1': (8, 8, 8, 32)}
    assert layer_shapes(frame_rewards[1]) == [*((f'r_{name}', shape) for name, shape in shapes.items()),
                                              ('r_dense_act', (7744, 512)), ('r_act', (512, NUM_ACTIONS))]


def test_reward_of_a_step_on_frames_does_not_depend_on_how_steps_are_laid_out(frame_rewards):
    """A graph makes the same weights again, as its layers have the same order and seed."""
    before, after = BEFORE[:, None], AFTER[:, None]
    rewards, _ = evaluate(lambda: networks.reward({'frame': before}, np.int32([[2], [0]]), {'frame': after},
                                                  NUM_ACTIONS))
    assert rewards.shape == (2, 1)
    np.testing.assert_allclose(rewards[:, 0], frame_rewards[0], rtol=1e-5)
