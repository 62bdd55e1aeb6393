"""The convolution, against one that computes a pixel at a time."""
import numpy as np
import pytest
import tensorflow as tf

from tests.reference import layers
from utils import tf_util
from utils.tf_util import tf1


def evaluate(x, *arguments):
    """The output of the convolution with non-zero biases, and {name: array} of its variables."""
    with tf.Graph().as_default(), tf1.Session() as session:
        y = tf_util.conv(tf.constant(x), *arguments)
        kernel, bias = tf1.global_variables()
        session.run(tf1.global_variables_initializer())
        session.run(bias.assign(np.linspace(-1, 1, len(session.run(bias)))))
        y, *values = session.run([y, kernel, bias])
        return y, dict(zip((kernel.op.name, bias.op.name), values, strict=True))


@pytest.mark.parametrize('side, size, stride', [(84, 8, 4), (21, 4, 2), (11, 3, 1), (5, 2, 2), (4, 3, 2)])
def test_conv_pads_with_zeros_so_that_only_the_stride_shrinks_the_picture(side, size, stride):
    x = np.random.default_rng(0).normal(size=(2, side, side, 3)).astype(np.float32)
    y, w = evaluate(x, 5, size, stride, 'layer')
    assert y.shape[1:3] == (-(-side // stride),) * 2
    np.testing.assert_allclose(y, layers.conv(w, 'layer', x, stride, layers.linear), rtol=1e-4, atol=1e-5)


def test_the_convolutions_of_dqn_leave_21_11_and_11_pixels_a_side():
    with tf.Graph().as_default():
        x, sides = tf.zeros([1, 84, 84, 4]), []
        for number, (filters, size, stride) in enumerate([(32, 8, 4), (64, 4, 2), (64, 3, 1)]):
            x = tf_util.conv(x, filters, size, stride, f'layer{number}')
            sides.append(x.shape.as_list()[1:])
    assert sides == [[21, 21, 32], [11, 11, 64], [11, 11, 64]]


def test_conv_activates_after_the_bias():
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 2)).astype(np.float32)
    y, w = evaluate(x, 3, 2, 1, 'layer', tf.nn.relu)
    np.testing.assert_allclose(y, layers.conv(w, 'layer', x, 1), rtol=1e-4, atol=1e-6)
    assert (y == 0).any() and (y > 0).any()


def test_conv_starts_with_glorot_uniform_kernels_and_no_bias():
    with tf.Graph().as_default(), tf1.Session() as session:
        tf_util.conv(tf.zeros([1, 8, 8, 40]), 50, 5, 1, 'layer')
        session.run(tf1.global_variables_initializer())
        kernel, bias = session.run(tf1.global_variables())
    limit = np.sqrt(6 / (5 * 5 * 40 + 5 * 5 * 50))
    assert 0.99 * limit < np.abs(kernel).max() <= limit
    np.testing.assert_allclose([kernel.mean(), kernel.std()], [0, limit / np.sqrt(3)], atol=1e-3)
    assert not bias.any()


def test_conv_shares_its_weights_in_a_reused_scope():
    with tf.Graph().as_default():
        for _ in range(2):
            with tf1.variable_scope('net', reuse=tf1.AUTO_REUSE):
                tf_util.conv(tf.zeros([1, 2, 2, 1]), 3, 2, 1, 'layer')
        assert [v.op.name for v in tf1.global_variables()] == ['net/layer/kernel', 'net/layer/bias']
