"""The input of a network, against moments over all observations that were added."""
import numpy as np
import pytest

from algorithm.networks import observation_placeholders
from algorithm.preprocess import Preprocess
from tests.fakes import arguments
from utils.tf_util import tf, tf1
from utils.types import Field, Spec

SPEC = Spec({'state': Field((3,)), 'goal': Field((2,))}, Field((1,)))


class Normalizer:
    """A `Preprocess` in a separate session."""

    def __init__(self, obs_normalization=True):
        self._graph = tf.Graph()
        with self._graph.as_default():
            self.preprocess = Preprocess(SPEC, arguments('sac', obs_normalization=obs_normalization))
            self._raw = {key: tf1.placeholder(tf.float32, [None, *field.shape])
                         for key, field in SPEC.observation.items()}
            self._seen = self.preprocess(self._raw)
            start = tf1.global_variables_initializer()
        self._session = tf1.Session(graph=self._graph)
        self._session.run(start)

    def update(self, now, after):
        before, later = self.preprocess.inputs
        feeds = {placeholder: batch[key] for side, batch in ((before, now), (later, after))
                 for key, placeholder in side.items()}
        self._session.run(self.preprocess.update, feeds)

    def __call__(self, observation):
        return self._session.run(self._seen, {self._raw[key]: x for key, x in observation.items()})

    def moments(self, key):
        return self._session.run([self.preprocess.moments[key].mean, self.preprocess.moments[key].std])


def random_observation(rng, size, scale=1.0):
    return {key: rng.normal(1, scale, (size, *field.shape)).astype(np.float32)
            for key, field in SPEC.observation.items()}


def test_observation_is_unchanged_when_normalisation_is_off():
    preprocess = Preprocess(SPEC, arguments('sac', obs_normalization=False))
    with tf.Graph().as_default():
        observation = observation_placeholders(SPEC, [None])
        assert preprocess(observation) == observation
    assert preprocess.update is None and preprocess.inputs is None


@pytest.mark.parametrize('scale', [0.0, 1.0])
def test_observation_is_unchanged_before_the_first_update(scale):
    """Zeros too, for which the original computes 0 / 0."""
    observation = {key: scale * np.ones_like(x)
                   for key, x in random_observation(np.random.default_rng(0), 4).items()}
    seen = Normalizer()(observation)
    for key in observation:
        np.testing.assert_array_equal(seen[key], observation[key])


def test_moments_are_those_of_all_batches_of_both_sides():
    rng, normalizer = np.random.default_rng(0), Normalizer()
    batches = [(random_observation(rng, size), random_observation(rng, size)) for size in (4, 7, 1)]
    for now, after in batches:
        normalizer.update(now, after)
    for key in SPEC.observation:
        everything = np.concatenate([side[key] for pair in batches for side in pair], dtype=np.float64)
        mean, std = normalizer.moments(key)
        np.testing.assert_allclose(mean, everything.mean(axis=0), rtol=1e-5)
        np.testing.assert_allclose(std, everything.std(axis=0), rtol=1e-5)


def test_observation_is_shifted_and_scaled_by_the_moments():
    rng, normalizer = np.random.default_rng(0), Normalizer()
    normalizer.update(random_observation(rng, 20), random_observation(rng, 20))
    observation = random_observation(rng, 5)
    mean, std = normalizer.moments('state')
    expected = (observation['state'] - mean) / std
    np.testing.assert_allclose(normalizer(observation)['state'], expected, rtol=1e-5, atol=1e-6)


def test_normalised_values_are_clipped_at_five():
    rng, normalizer = np.random.default_rng(0), Normalizer()
    normalizer.update(random_observation(rng, 20), random_observation(rng, 20))
    seen = normalizer({'state': np.float32([[1e3, -1e3, 1e9]]), 'goal': np.float32([[-1e9, 1e3]])})
    np.testing.assert_array_equal(seen['state'], [[5, -5, 5]])
    np.testing.assert_array_equal(seen['goal'], [[-5, 5]])


@pytest.mark.parametrize('value', [0.0, 0.06, 0.1, -0.7, 3.3])
def test_constant_feature_gets_the_floor_for_a_deviation_and_stays_finite(value):
    """Rounding can make the difference of the sums negative, and its root NaN."""
    normalizer = Normalizer()
    constant = {key: np.full((3, *field.shape), value, np.float32) for key, field in SPEC.observation.items()}
    for _ in range(5):
        normalizer.update(constant, constant)
        np.testing.assert_allclose(normalizer.moments('state')[1], 0.01, rtol=1e-5)
        assert np.abs(normalizer(constant)['state']).max() < 0.1
