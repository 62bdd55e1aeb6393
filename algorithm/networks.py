"""Placeholders and networks sized by a `Spec`; layers are named as in the original."""
from utils.tf_util import dense, tf, tf1
from utils.types import Subsequences, Transitions


def observation_placeholders(spec, lead):
    """{key: placeholder [*lead, *shape]} of one observation; `stack` frames are a last axis of their own."""
    def shape(field):
        return [*lead, *field.shape, *([field.stack] if field.stack > 1 else [])]

    return {key: tf1.placeholder(field.dtype, shape(field)) for key, field in spec.observation.items()}


def transition_placeholders(spec, size):
    """`Transitions` of placeholders, [size, ...]."""
    return Transitions(
        observation_placeholders(spec, [size]),
        tf1.placeholder(spec.action.dtype, [size, *spec.action.shape]),
        tf1.placeholder(tf.float32, [size]),
        observation_placeholders(spec, [size]),
        tf1.placeholder(tf.float32, [size]))


def subsequence_placeholders(spec, num_sequences, sample_size):
    """`Subsequences` of placeholders, [M, K, ...]."""
    lead = [num_sequences, sample_size]
    return Subsequences(
        observation_placeholders(spec, lead),
        tf1.placeholder(spec.action.dtype, [*lead, *spec.action.shape]),
        observation_placeholders(spec, lead),
        tf1.placeholder(tf.float32, [num_sequences]),
        tf1.placeholder(tf.float32, [num_sequences]))


def vector(observation):
    """[N, O] all arrays of an observation side by side, in the order of the spec."""
    return tf.concat(list(observation.values()), axis=-1)


def _hidden(x, name, widths):
    for number, width in enumerate(widths, 1):
        x = dense(x, width, f'{name}_dense{number}', tf.nn.relu)
    return x


def policy(observation, units, widths=(256, 256), activation=None):
    """[N, units] of a policy on vectors."""
    with tf1.variable_scope('net'):
        return dense(_hidden(vector(observation), 'pi', widths), units, 'pi', activation)


def critic(observation, action, widths=(256, 256)):
    """[N] values of the actions; observation and action enter together (SAC, TD3)."""
    with tf1.variable_scope('net'):
        x = tf.concat([vector(observation), action], axis=-1)
        return tf.squeeze(dense(_hidden(x, 'q', widths), 1, 'q'), axis=-1)


def late_action_critic(observation, action, widths=(400, 300)):
    """[N] values of the actions; the action joins at the second layer (DDPG)."""
    with tf1.variable_scope('net'):
        x = dense(vector(observation), widths[0], 'q_dense1', tf.nn.relu)
        x = dense(tf.concat([x, action], axis=-1), widths[1], 'q_dense2', tf.nn.relu)
        return tf.squeeze(dense(x, 1, 'q'), axis=-1)


def reward(observation, action, next_observation, widths=(256, 256)):
    """[...] rewards of steps, from (s, a, s - s'); any leading axes.

    Args:
        observation: {key: [..., O]}.
        action: [..., A].
        next_observation: {key: [..., O]}.
        widths: of the hidden layers.
    """
    before, after = vector(observation), vector(next_observation)
    x = tf.concat([before, action, before - after], axis=-1)
    with tf1.variable_scope('net'):
        rows = dense(_hidden(tf.reshape(x, [-1, x.shape[-1]]), 'r', widths), 1, 'r')
    return tf.reshape(rows, x.shape[:-1])
