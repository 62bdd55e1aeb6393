"""The network of a step's reward from recorded observations, in one graph for all tests."""
import numpy as np
import pytest

from algorithm.recorded_network import is_camera, recorded_reward
from utils.tf_util import tf, tf1

SIZE = 24
SHAPES = {'agentview': (SIZE, SIZE, 3), 'proprio': (5,), 'wrist': (SIZE, SIZE, 3), 'feature': (2,)}


class Network:
    """`recorded_reward` of two cameras and two vectors, for [N] and for [M, K] steps, one set of weights."""

    def __init__(self):
        self.graph = tf.Graph()
        with self.graph.as_default():
            tf1.set_random_seed(3)
            self._steps, self._subsequences = _placeholders([None]), _placeholders([None, None])
            with tf1.variable_scope('reward', reuse=tf1.AUTO_REUSE):
                self.rewards = recorded_reward(*self._steps)
                self._many = recorded_reward(*self._subsequences)
            start = tf1.global_variables_initializer()
            self.variables = {v.op.name: v.shape.as_list() for v in tf1.global_variables()}
        self._session = tf1.Session(graph=self.graph)
        self._session.run(start)

    def run(self, steps, fetch=None):
        """The rewards of steps, or the tensor `fetch`."""
        placeholders, rewards = ((self._steps, self.rewards) if steps[1].ndim == 2
                                 else (self._subsequences, self._many))
        feeds = {}
        for place, value in zip(placeholders, steps, strict=True):
            feeds |= {place[key]: value[key] for key in place} if isinstance(place, dict) else {place: value}
        return self._session.run(rewards if fetch is None else fetch, feeds)

    def input_of(self, layer):
        """[N, in] input of the layer `layer` for [N] steps: of the first product with its kernel."""
        products = [op.inputs for op in self.graph.get_operations() if op.type == 'MatMul']
        return next(x for x, read in products if read.op.inputs[0].op.name.endswith(f'/{layer}/kernel'))


def _placeholders(lead):
    def side():
        return {key: tf1.placeholder(tf.float32, [*lead, *shape]) for key, shape in SHAPES.items()}

    return side(), tf1.placeholder(tf.float32, [*lead, 4]), side(), tf1.placeholder(tf.float32, [*lead, 3])


def random_steps(*lead, seed=0):
    """(observation, action, next observation, context) of random steps."""
    rng = np.random.default_rng(seed)

    def side():
        return {key: rng.random((*lead, *shape), np.float32) for key, shape in SHAPES.items()}

    return side(), rng.random((*lead, 4), np.float32), side(), rng.random((*lead, 3), np.float32)


@pytest.fixture(scope='module')
def network():
    return Network()


@pytest.mark.parametrize('lead', [(1,), (6,), (2, 3), (1, 1)])
def test_there_is_one_reward_for_each_step(network, lead):
    assert network.run(random_steps(*lead)).shape == lead


def test_a_step_has_one_reward_however_steps_are_arranged(network):
    flat = random_steps(6)

    def arranged(x):
        return {key: arranged(value) for key, value in x.items()} if isinstance(x, dict) \
            else x.reshape(2, 3, *x.shape[1:])

    one, other = network.run(flat), network.run(tuple(map(arranged, flat)))
    np.testing.assert_allclose(one.reshape(2, 3), other, rtol=1e-4, atol=1e-6)
    assert len(set(one.tolist())) == 6


@pytest.mark.parametrize('side', [0, 2])
@pytest.mark.parametrize('key', SHAPES)
def test_the_reward_depends_on_every_part_of_the_observations_before_and_after(network, side, key):
    steps, others = random_steps(4), random_steps(4, seed=1)
    changed = list(steps)
    changed[side] = steps[side] | {key: others[side][key]}
    assert (network.run(changed) != network.run(steps)).all()


@pytest.mark.parametrize('part', [1, 3], ids=['action', 'context'])
def test_the_reward_depends_on_the_action_and_on_the_task(network, part):
    steps = random_steps(4)
    changed = list(steps)
    changed[part] = random_steps(4, seed=1)[part]
    assert (network.run(changed) != network.run(steps)).all()


def still_and_moved(network, layer, keys):
    """[N, in] of a layer where s' = s, and where s' differs in `keys`."""
    tensor, steps = network.input_of(layer), random_steps(8)
    before, action, after, context = steps
    moved = before | {key: after[key] for key in keys}
    return (network.run((before, action, side, context), tensor) for side in (before, moved))


@pytest.mark.parametrize('keys', [('agentview',), ('wrist',), ('agentview', 'wrist')])
def test_two_equal_frames_have_a_difference_of_zero(network, keys):
    """The only input of the head that depends on s' through cameras is a difference."""
    still, moved = still_and_moved(network, 'r_dense1', keys)
    depends = (still != moved).any(axis=0)
    assert depends.sum() > 10 and not still[:, depends].any()


def test_vectors_enter_as_they_are_and_by_their_difference(network):
    still, moved = still_and_moved(network, 'r_vectors', ('proprio', 'feature'))
    before, _, after, _ = random_steps(8)
    seen, later = (np.concatenate([side['proprio'], side['feature']], axis=1) for side in (before, after))
    np.testing.assert_array_equal(still, np.concatenate([seen, 0 * seen], axis=1))
    np.testing.assert_array_equal(moved, np.concatenate([seen, seen - later], axis=1))


def test_each_camera_has_a_separate_encoder(network):
    encoders = {camera: {name.removeprefix(f'reward/net/r_{camera}_'): shape
                         for name, shape in network.variables.items() if f'/r_{camera}_' in name}
                for camera in ('agentview', 'wrist')}
    assert encoders['agentview'] == encoders['wrist'] and len(encoders['wrist']) >= 4


def test_cameras_are_not_interchangeable(network):
    before, action, after, context = random_steps(4)

    def exchanged(side):
        return side | {'agentview': side['wrist'], 'wrist': side['agentview']}

    other = network.run((exchanged(before), action, exchanged(after), context))
    assert (other != network.run((before, action, after, context))).all()


@pytest.mark.parametrize('shape, expected', [
    ((2, 24, 24, 3), True), ((2, 3, 24, 24, 3), True), ((2, 5), False), ((2, 3, 5), False)])
def test_frames_are_distinguished_from_vectors_by_their_number_of_axes(shape, expected):
    assert is_camera(np.zeros(shape)) == expected
