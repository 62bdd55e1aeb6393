"""Pixels as the input of a network."""
import numpy as np

from algorithm.networks import observation_placeholders
from algorithm.preprocess import Preprocess
from tests.fakes import arguments, random_observation
from utils.tf_util import tf, tf1
from utils.types import Field, Spec

SPEC = Spec({'frame': Field((3, 2), np.uint8, 4), 'state': Field((5,))}, Field((), np.int32), 3)


class Seen:
    """A `Preprocess` in a separate session."""

    def __init__(self, obs_normalization):
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._preprocess = Preprocess(SPEC, arguments('dqn', obs_normalization=obs_normalization))
            self._raw = observation_placeholders(SPEC, [None])
            self._seen = self._preprocess(self._raw)
            self.variables = {v.op.name: v for v in tf1.global_variables()}
            start = tf1.global_variables_initializer()
        self._session = tf1.Session(graph=self._graph)
        self._session.run(start)

    def __call__(self, observation):
        return self._session.run(self._seen, {self._raw[key]: x for key, x in observation.items()})

    def update(self, *sides):
        feeds = {raw[key]: side[key] for raw, side in zip(self._preprocess.inputs, sides, strict=True)
                 for key in raw}
        self._session.run(self._preprocess.update, feeds)

    def value(self, name):
        return self._session.run(self.variables[name])


def observations(size, seed=0):
    return random_observation(np.random.default_rng(seed), SPEC, [size])


def test_pixels_become_float32_from_0_to_1_and_vectors_stay():
    observation = observations(11)
    observation['frame'] = np.resize(np.arange(256, dtype=np.uint8), (11, 3, 2, 4))
    seen = Seen(obs_normalization=False)(observation)
    np.testing.assert_allclose(seen['frame'], observation['frame'] / 255, rtol=2e-7)
    assert seen['frame'].dtype == np.float32 and (seen['frame'].min(), seen['frame'].max()) == (0, 1)
    np.testing.assert_array_equal(seen['state'], observation['state'])


def test_moments_of_pixels_are_those_of_numbers_from_0_to_1_each_place_of_the_stack_by_itself():
    seen, (now, after) = Seen(obs_normalization=True), (observations(6, seed) for seed in (1, 2))
    seen.update(now, after)
    everything = np.concatenate([now['frame'], after['frame']]) / 255
    np.testing.assert_allclose(seen.value('normalizer/frame/mean'), everything.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(seen.value('normalizer/frame/std'), everything.std(axis=0), rtol=1e-4)
    assert seen.value('normalizer/frame/mean').shape == (3, 2, 4)


def test_pixels_are_shifted_and_scaled_by_their_moments():
    seen, observation = Seen(obs_normalization=True), observations(3)
    seen.update(observations(20, 1), observations(20, 2))
    mean, std = (seen.value(f'normalizer/frame/{name}') for name in ('mean', 'std'))
    expected = (observation['frame'] / 255 - mean) / std
    np.testing.assert_allclose(seen(observation)['frame'], expected, rtol=1e-4, atol=1e-5)


def test_pixels_before_the_first_update_are_only_divided():
    observation = observations(3)
    np.testing.assert_array_equal(Seen(obs_normalization=True)(observation)['frame'],
                                  Seen(obs_normalization=False)(observation)['frame'])
