"""A recurrent network over the steps of episodes."""
from utils.tf_util import dense, tf, tf1


def gru(x, keep, units):
    """[M, L, units] states after each step, of gated recurrent units (arXiv:1406.1078).

    The candidate's reset gate multiplies the product of the state, as in cuDNN.

    Args:
        x: [M, L, D] inputs.
        keep: [M, L] 0.0 where the state is forgotten before the step, else 1.0.
        units: length of the state.
    """
    with tf1.variable_scope('gru'):
        rows = dense(tf.reshape(x, [-1, x.shape[-1]]), 3 * units, 'input')
        kernel = tf1.get_variable('state/kernel', [units, 3 * units], tf.float32,
                                  tf1.glorot_uniform_initializer(), use_resource=True)
        bias = tf1.get_variable('state/bias', [units], tf.float32, tf1.zeros_initializer(),
                                use_resource=True)
    shape = tf.concat([tf.shape(x)[:-1], [3 * units]], axis=0)
    inputs = tf.transpose(tf.reshape(rows, shape), [1, 0, 2])                           # [L, M, 3 units]

    def step(state, now):
        given, kept = now
        state = state * kept[:, None]
        update, reset, candidate = tf.split(given, 3, axis=-1)
        old_update, old_reset, old_candidate = tf.split(tf.matmul(state, kernel), 3, axis=-1)
        gate = tf.sigmoid(update + old_update)
        proposed = tf.tanh(candidate + tf.sigmoid(reset + old_reset) * (old_candidate + bias))
        return gate * state + (1.0 - gate) * proposed

    start = tf.zeros([tf.shape(x)[0], units])
    states = tf.scan(step, (inputs, tf.transpose(keep)), start)
    return tf.transpose(states, [1, 0, 2])
