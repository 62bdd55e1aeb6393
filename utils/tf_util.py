"""Helpers for TF1-style graphs under TensorFlow 2.21: layers, updates in a defined order, sessions."""
from typing import Any, NamedTuple

import tensorflow as tf
from tensorflow.core.protobuf.config_pb2 import CallableOptions

tf1 = tf.compat.v1


def dense(x, units, name, activation=None):
    """A fully connected layer: Glorot-uniform `kernel` [in, units], zero `bias` [units].

    Args:
        x: [N, in].
        units: number of outputs.
        name: scope of the two variables; calling again in the same reused scope shares them.
        activation: function of the [N, units] result, or None.
    """
    with tf1.variable_scope(name):
        kernel = tf1.get_variable('kernel', [x.shape[-1], units], tf.float32,
                                  tf1.glorot_uniform_initializer(), use_resource=True)
        bias = tf1.get_variable('bias', [units], tf.float32, tf1.zeros_initializer(), use_resource=True)
    y = tf.nn.bias_add(tf.matmul(x, kernel), bias)
    return y if activation is None else activation(y)


def conv(x, filters, size, stride, name, activation=None):
    """A convolution with 'SAME' padding: Glorot-uniform `kernel` [size, size, in, filters], zero `bias`.

    Args:
        x: [N, height, width, in].
        filters: number of outputs.
        size: height and width of the kernel.
        stride: of the kernel.
        name: as for `dense`.
        activation: as for `dense`.
    """
    with tf1.variable_scope(name):
        kernel = tf1.get_variable('kernel', [size, size, x.shape[-1], filters], tf.float32,
                                  tf1.glorot_uniform_initializer(), use_resource=True)
        bias = tf1.get_variable('bias', [filters], tf.float32, tf1.zeros_initializer(), use_resource=True)
    y = tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, 'SAME'), bias)
    return y if activation is None else activation(y)


def variables(scope):
    """Variables below `scope/`, in the order of creation."""
    return tf1.get_collection(tf1.GraphKeys.GLOBAL_VARIABLES, scope=f'{scope.rstrip("/")}/')


def pairs(source, target):
    """[(variable below `source`, its namesake below `target`)]; raises KeyError where one has no namesake."""
    by_name = {v.op.name.removeprefix(f'{target}/'): v for v in variables(target)}
    return [(v, by_name.pop(v.op.name.removeprefix(f'{source}/'))) for v in variables(source)]


class Update:
    """A loss, its gradients at the current weights, and the optimiser that applies them.

    Args:
        loss: [] tensor.
        optimizer: of `tf.compat.v1.train`.
        variables: the trained variables.
        averages: `Averages` that follow the variables after every step, or None.

    Attributes:
        variables: the trained variables.
        gradients: one tensor for each variable, in the same order.
    """

    def __init__(self, loss, optimizer, variables, averages=None):
        self.variables, self._averages = variables, averages
        self.gradients = tf.gradients(loss, variables)
        missing = [v.op.name for v, g in zip(variables, self.gradients, strict=True) if g is None]
        if missing:
            raise ValueError(f'the loss {loss.op.name} does not depend on {missing}')
        self._optimizer = optimizer

    def apply(self):
        """An op that updates the variables by one step, and then their averages."""
        moved = self._optimizer.apply_gradients(list(zip(self.gradients, self.variables, strict=True)))
        if self._averages is None:
            return moved
        with tf.control_dependencies([moved]):
            return self._averages.move()


class Averages:
    """Exponential moving averages of variables, which forget their initial values quickly.

    At update n the weight of the old average is min(decay, (1 + n) / (10 + n)), as in TensorFlow's own
    `ExponentialMovingAverage`. That class is not used: its variables cannot be read before it is applied.

    Args:
        pairs: [(variable, its average)].
        decay: weight of the old average in an update, in the long run.
        name: name of the variable that counts the updates.
    """

    def __init__(self, pairs, decay, name):
        self._pairs, self._decay = pairs, decay
        self._moves = tf1.get_variable(name, [], tf.float32, tf1.zeros_initializer(), trainable=False,
                                       use_resource=True)

    def move(self):
        """An op for one update of the averages."""
        count = self._moves.assign_add(1.0, read_value=True)
        return move_targets(self._pairs, tf.minimum(self._decay, (1.0 + count) / (10.0 + count)))


class Group(NamedTuple):
    """Updates that are applied together, on one batch.

    Attributes:
        updates: `Update`s; all gradients are computed before any weight changes.
        info: {name: scalar}, evaluated at the weights before the update.
        period: runs at every `period`-th call of `Agent.train`.
        inputs: `Batch` of placeholders; a part that is None is not sampled.
        noise: placeholder fed with standard normals, or None.
    """

    updates: tuple
    info: dict[str, Any]
    period: int
    inputs: Any
    noise: Any = None


def apply_together(group):
    """An op that applies every update of `group`, after all gradients and all of `info` are evaluated.

    original: several train ops in one run, without an order; see README, Differences.
    """
    before = [gradient for update in group.updates for gradient in update.gradients]
    with tf.control_dependencies(before + list(group.info.values())):
        return tf.group(*(update.apply() for update in group.updates))


def move_targets(target_pairs, polyak):
    """An op for target = polyak * target + (1 - polyak) * main, over [(main, target)]."""
    return tf.group(*(target.assign(polyak * target.read_value() + (1.0 - polyak) * main.read_value())
                      for main, target in target_pairs))


def session(graph, inter_op_threads, intra_op_threads):
    """A session on `graph`.

    GPU memory grows on demand. TF32 is off: its products are a thousand times less exact than float32, in
    which the reference numbers of the original code were recorded.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    config = tf1.ConfigProto(inter_op_parallelism_threads=inter_op_threads,
                             intra_op_parallelism_threads=intra_op_threads)
    config.gpu_options.allow_growth = True
    return tf1.Session(graph=graph, config=config)


def make_callable(session, fetches, feeds, targets=(), caller_thread=False):
    """A function from the values of `feeds`, in order, to the list of values of `fetches`.

    `Session.make_callable` with feeds calls `Session.run` each time (TensorFlow 2.21), which takes several
    times as long as a small graph itself. This function uses what it calls without feeds.

    Args:
        session: the session to run in.
        fetches: tensors.
        feeds: placeholders; their values must be arrays of exactly their type.
        targets: further ops to run.
        caller_thread: run everything in the calling thread; waking another takes longer than one action.
    """
    options = CallableOptions(feed=[x.name for x in feeds], fetch=[x.name for x in fetches],
                              target=[op.name for op in targets])
    if caller_thread:
        options.run_options.inter_op_thread_pool = -1
    return session._make_callable_from_options(options)
