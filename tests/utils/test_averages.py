"""Running averages of variables, against their recurrence in numpy."""
import numpy as np
import pytest
import tensorflow as tf

from utils.tf_util import Averages, Update, tf1


def variable(name, value):
    return tf1.get_variable(name, initializer=tf.constant(value, tf.float32), use_resource=True)


def kept(decay, move):
    """Share of the old average that the move number `move`, counted from 1, keeps."""
    return min(decay, (1 + move) / (10 + move))


def averaged(values, decay, start):
    """The average after each of the values of a variable."""
    averages = []
    for move, value in enumerate(values, 1):
        start = kept(decay, move) * start + (1 - kept(decay, move)) * value
        averages.append(start)
    return averages


@pytest.mark.parametrize('decay', [0.0, 0.3, 0.9, 1.0])
def test_an_average_follows_its_recurrence_and_forgets_its_first_values(decay):
    values = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    with tf.Graph().as_default(), tf1.Session() as session:
        x, average = variable('x', [0, 0]), variable('average', [3, -5])
        value = tf1.placeholder(tf.float32, [2])
        move = Averages([(x, average)], decay, 'moves').move()
        put = x.assign(value)
        session.run(tf1.global_variables_initializer())
        found = []
        for now in values:
            session.run(put, {value: now})
            session.run(move)
            found.append(session.run(average))
    np.testing.assert_allclose(found, averaged(values, decay, np.array([3.0, -5])), rtol=1e-5, atol=1e-6)


def test_a_decay_between_is_reached_by_the_growing_share():
    assert [kept(0.3, move) for move in (1, 2, 3, 50)] == [2 / 11, 3 / 12, 0.3, 0.3]


def test_an_update_moves_the_averages_by_the_variables_after_their_step():
    """Descent on x ** 2 / 2 with the rate 1 / 2 halves x; an average that moved first would lag.

    The gradient has to wait for a large product, whose mean is 1; an average would not.
    """
    with tf.Graph().as_default(), tf1.Session() as session:
        x, average = variable('x', 8.0), variable('average', 8.0)
        averages, ones = Averages([(x, average)], 0.5, 'moves'), tf1.placeholder(tf.float32, [512, 512])
        loss = tf.square(x) / 2 * tf.reduce_mean(tf.matmul(ones, ones)) / 512
        step = Update(loss, tf1.train.GradientDescentOptimizer(0.5), [x], averages).apply()
        session.run(tf1.global_variables_initializer())
        found = []
        for _ in range(12):
            session.run(step, {ones: np.ones([512, 512])})
            found.append(session.run([x, average]))
    values = [8 * 0.5 ** n for n in range(1, 13)]
    np.testing.assert_array_equal([x for x, _ in found], values)
    np.testing.assert_allclose([average for _, average in found], averaged(values, 0.5, 8.0), rtol=1e-5)


def test_an_update_without_averages_makes_no_variable():
    with tf.Graph().as_default():
        x = variable('x', 8.0)
        Update(tf.square(x), tf1.train.GradientDescentOptimizer(0.5), [x]).apply()
        assert tf1.global_variables() == [x]


def test_moves_are_counted_by_a_variable_of_the_given_name_that_nothing_trains():
    with tf.Graph().as_default():
        x, average = variable('x', 8.0), variable('average', 8.0)
        Averages([(x, average)], 0.5, 'scope_moves')
        assert [v.op.name for v in tf1.global_variables()] == ['x', 'average', 'scope_moves']
        assert tf1.trainable_variables() == [x, average]
