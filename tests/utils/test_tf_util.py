"""Layers, updates, target moves and sessions, on graphs of a few numbers."""
import numpy as np
import pytest
import tensorflow as tf

from utils import host, tf_util
from utils.tf_util import Group, Update, tf1


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def variable(name, value):
    return tf1.get_variable(name, initializer=tf.constant(value, tf.float32), use_resource=True)


def run(*fetches):
    """Runs the fetches in turn, in one session, after all variables got their initial values."""
    with tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        return [session.run(fetch) for fetch in fetches]


def test_dense_multiplies_adds_and_activates(graph):
    x = np.float32([[1, -2], [3, 4], [-5, 6]])
    y = tf_util.dense(tf.constant(x), 4, 'layer', tf.nn.relu)
    kernel, bias = tf1.global_variables()
    values = run(tf.group(bias.assign([1, 2, -3, 4])), [y, kernel, bias])[1]
    np.testing.assert_allclose(values[0], np.maximum(x @ values[1] + [1, 2, -3, 4], 0), rtol=1e-6)
    assert [v.op.name for v in (kernel, bias)] == ['layer/kernel', 'layer/bias']


def test_dense_starts_with_glorot_uniform_kernels_and_no_bias(graph):
    tf_util.dense(tf.zeros([1, 300]), 200, 'layer')
    kernel, bias = run(tf1.global_variables())[0]
    limit = np.sqrt(6 / (300 + 200))
    assert 0.99 * limit < np.abs(kernel).max() <= limit
    np.testing.assert_allclose([kernel.mean(), kernel.std()], [0, limit / np.sqrt(3)], atol=1e-3)
    assert not bias.any()


def test_dense_shares_its_weights_in_a_reused_scope(graph):
    for _ in range(2):
        with tf1.variable_scope('net', reuse=tf1.AUTO_REUSE):
            tf_util.dense(tf.zeros([1, 2]), 3, 'layer')
    assert len(tf1.global_variables()) == 2


def test_variables_of_a_scope_leave_out_scopes_that_only_begin_alike(graph):
    inside, _ = variable('main/value/w', 0.0), variable('main/value_1/w', 0.0)
    assert tf_util.variables('main/value') == tf_util.variables('main/value/') == [inside]


def test_pairs_are_found_by_name_whatever_the_order(graph):
    a, b = variable('main/a', 0.0), variable('main/b', 0.0)
    target_b, target_a = variable('target/b', 0.0), variable('target/a', 0.0)
    assert tf_util.pairs('main', 'target') == [(a, target_a), (b, target_b)]


def test_variable_without_a_namesake_is_an_error(graph):
    variable('main/a', 0.0), variable('target/b', 0.0)
    with pytest.raises(KeyError, match='a'):
        tf_util.pairs('main', 'target')


def test_update_refuses_a_variable_that_the_loss_does_not_depend_on(graph):
    used, idle = variable('used', 1.0), variable('idle', 1.0)
    with pytest.raises(ValueError, match=r"does not depend on \['idle'\]"):
        Update(tf.square(used), tf1.train.GradientDescentOptimizer(1.0), [used, idle])


def test_update_follows_the_gradient_of_its_own_variables_only(graph):
    x, y = variable('x', 3.0), variable('y', 5.0)
    update = Update(x * y, tf1.train.GradientDescentOptimizer(0.5), [x])
    assert run(update.gradients, update.apply(), [x, y]) == [[5.0], None, [0.5, 5.0]]


def test_updates_of_a_group_use_gradients_and_report_values_from_before_any_of_them(graph):
    """One moves along the other: in any order one by one, the second would see a moved weight."""
    x, y = variable('x', 3.0), variable('y', 5.0)
    updates = tuple(Update(x * y, tf1.train.GradientDescentOptimizer(1.0), [v]) for v in (x, y))
    group = Group(updates, {'product': x * y}, 1, None)
    (info, _), values = run([group.info, tf_util.apply_together(group)], [x, y])
    assert info == {'product': 15.0} and values == [-2.0, 2.0]


def test_target_keeps_its_share_and_takes_the_rest(graph):
    main, target = variable('main', [4.0, 8.0]), variable('target', [0.0, 4.0])
    values = run(tf_util.move_targets([(main, target)], 0.75), [main, target])[1]
    np.testing.assert_array_equal(values, [[4, 8], [1, 5]])


@pytest.mark.parametrize('cores, asked, threads', [
    (1, (0, 0), (1, 1)), (2, (0, 0), (2, 1)), (8, (0, 0), (2, 4)), (3, (0, 0), (2, 1)),
    (8, (4, 0), (4, 2)), (8, (0, 3), (2, 3)), (2, (5, 7), (5, 7)), (2, (16, 0), (16, 1))])
def test_threads_are_as_asked_for_or_chosen_from_the_cores(cores, asked, threads, monkeypatch):
    monkeypatch.setattr(host, 'cores', lambda: cores)
    assert host.thread_counts(*asked) == threads


@pytest.mark.parametrize('cores, asked, threads', [
    (1, (0, 0), (1, 1)), (2, (0, 0), (2, 2)), (8, (0, 0), (2, 8)), (8, (1, 0), (1, 8)), (8, (0, 3), (2, 3))])
def test_convolutions_of_many_frames_have_all_cores_each(cores, asked, threads, monkeypatch):
    monkeypatch.setattr(host, 'cores', lambda: cores)
    assert host.thread_counts(*asked, many_frames=True) == threads


def test_session_grows_gpu_memory_keeps_float32_whole_and_has_its_threads(graph, monkeypatch):
    made = {}
    monkeypatch.setattr(tf1, 'Session', lambda **options: made.update(options))
    tf.config.experimental.enable_tensor_float_32_execution(True)
    tf_util.session(graph, 3, 2)
    assert not tf.config.experimental.tensor_float_32_execution_enabled()
    config = made['config']
    assert made['graph'] is graph and config.gpu_options.allow_growth
    assert (config.inter_op_parallelism_threads, config.intra_op_parallelism_threads) == (3, 2)


def test_a_callable_takes_arrays_of_just_the_type_of_its_feeds(graph):
    x = tf1.placeholder(tf.float32, [2])
    y = 2.0 * x
    with tf_util.session(graph, 1, 1) as session:
        double = tf_util.make_callable(session, [y], [x], caller_thread=True)
        np.testing.assert_array_equal(double(np.float32([1, 2]))[0], [2, 4])
        with pytest.raises((tf.errors.OpError, ValueError, TypeError)):
            double(np.float64([1, 2]))


def test_a_callable_runs_its_targets(graph):
    x = variable('x', 3.0)
    add = x.assign_add(1.0).op
    start = tf1.global_variables_initializer()
    with tf_util.session(graph, 1, 1) as session:
        session.run(start)
        assert tf_util.make_callable(session, [], [], [add])() == []
        assert session.run(x) == 4.0
