"""Vectors mapped by the quantiles of the training set, against numpy's interpolation."""
import numpy as np
import pytest
import tensorflow as tf

from algorithm.preprocess import Preprocess, Quantiles
from utils.flags.flag import Args
from utils.types import Field, Spec, Transitions

tf1 = tf.compat.v1
SPEC = Spec({'state': Field((3,))}, Field((2,)))
ARGS = Args({'obs_normalization': True, 'vector_normalization': 'quantile', 'env': 'libero_spatial'})


def values():
    rng = np.random.default_rng(0)
    return np.stack([rng.exponential(size=500), 1000 * rng.normal(size=500), np.full(500, 0.04)],
                    axis=1).astype(np.float32)


@pytest.fixture(scope='module')
def mapped():
    """(function from [N, 3] to [N, 3], the fitted knots)."""
    with tf.Graph().as_default():
        preprocess = Preprocess(SPEC, ARGS)
        x = tf1.placeholder(tf.float32, [None, 3])
        y = preprocess({'state': x})['state']
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            batch = Transitions({'state': values()[:-1]}, None, None, {'state': values()[1:]}, None)
            session.run(preprocess.update, dict(zip(preprocess.inputs, preprocess.feeds(batch), strict=True)))
            yield (lambda given: session.run(y, {x: given})), session.run(preprocess.quantiles['state'].knots)


def test_it_is_linear_between_quantiles(mapped):
    normalize, knots = mapped
    given = values()[:50]
    for column in range(2):
        expected = np.interp(given[:, column], knots[:, column], np.linspace(-1, 1, 65))
        np.testing.assert_allclose(normalize(given)[:, column], expected, atol=1e-5)


def test_numbers_beyond_the_training_set_are_at_the_ends(mapped):
    assert mapped[0](np.float32([[-1e6, 1e9, 0.04]]))[0, :2].tolist() == [-1, 1]


def test_half_of_the_training_set_is_below_0(mapped):
    assert np.abs(np.median(mapped[0](values()), axis=0)[:2]).max() < 0.05


def test_jitter_of_a_constant_is_not_stretched_to_the_range():
    knots = Quantiles.of(np.float32([[0.0], [0.0], [0.0], [1.0]]))
    assert np.diff(knots[:, 0]).min() >= 0.99e-3 and (np.diff(Quantiles.of(np.zeros((9, 1)))[:, 0]) > 0).all()
