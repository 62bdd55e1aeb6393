"""Placeholders and networks sized by a `Spec`; layers are named as in the original."""
import numpy as np

from utils.tf_util import conv, dense, tf, tf1
from utils.types import Steps, Subsequences, Trajectories, Transitions, Windows


def observation_placeholders(spec, lead):
    """{key: placeholder [*lead, *shape]} of one observation; `stack` frames form a separate last axis."""
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


def _step_parts(spec, lead):
    """Placeholders of observations, actions and next observations, with the leading axes `lead`."""
    return (observation_placeholders(spec, lead),
            tf1.placeholder(spec.action.dtype, [*lead, *spec.action.shape]),
            observation_placeholders(spec, lead))


def step_placeholders(spec, size):
    """`Steps` of placeholders, [size, ...]."""
    return Steps(*_step_parts(spec, [size]),
                 tf1.placeholder(tf.float32, [size, spec.context]) if spec.context else None)


def subsequence_placeholders(spec, num_sequences, sample_size, weighted=False):
    """`Subsequences` of placeholders, [M, K, ...]; with `step_weight` if `weighted`.

    K is None for whole episodes.
    """
    lead = [num_sequences, sample_size]
    return Subsequences(
        *_step_parts(spec, lead),
        tf1.placeholder(tf.float32, [num_sequences]),
        tf1.placeholder(tf.float32, [num_sequences]),
        tf1.placeholder(tf.float32, [num_sequences, spec.context]) if spec.context else None,
        tf1.placeholder(tf.float32, lead) if weighted else None)


def window_placeholders(spec, num_sequences, num_windows):
    """`Windows` of placeholders, of K windows of each of M episodes."""
    lead = [num_sequences, 1 + 2 * num_windows]
    return Windows(observation_placeholders(spec, lead), tf1.placeholder(tf.float32, lead),
                   tf1.placeholder(tf.float32, [num_sequences]), tf1.placeholder(tf.float32, [num_sequences]),
                   tf1.placeholder(tf.float32, [num_sequences, spec.context]))


def trajectory_placeholders(spec, num_episodes):
    """`Trajectories` of placeholders, of `num_episodes` episodes of any length."""
    lead = [num_episodes, None]
    return Trajectories(
        *_step_parts(spec, lead),
        tf1.placeholder(tf.float32, [num_episodes]),
        tf1.placeholder(tf.int32, [num_episodes]),
        tf1.placeholder(tf.int32, [num_episodes]))


def leading(x):
    """The shape of `x` without its last axis; a static shape where it is fully defined."""
    lead = tf.TensorShape(x.shape[:-1])
    return lead if lead.is_fully_defined() else tf.shape(x)[:-1]


def vector(observation):
    """[N, O] all arrays of an observation, concatenated in the order of the spec."""
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


def has_frames(observation):
    """Whether an observation, or the fields of one, is of Atari's stacked frames."""
    return 'frame' in observation


def _encoded(frames, name):
    """[N, 7744] of frames [N, 84, 84, C]: the convolutions of DQN, with padding as in the original."""
    x = conv(frames, 32, 8, 4, f'{name}_conv1', tf.nn.relu)
    x = conv(x, 64, 4, 2, f'{name}_conv2', tf.nn.relu)
    x = conv(x, 64, 3, 1, f'{name}_conv3', tf.nn.relu)
    return tf.reshape(x, [-1, np.prod(x.shape[1:])])


def action_values(observation, num_actions, dueling=False, widths=(256, 256)):
    """[N, num_actions] values of discrete actions (DQN).

    Args:
        observation: {'frame': [N, 84, 84, C]} or vectors {key: [N, O]}.
        num_actions: number of outputs.
        dueling: adds a value of the observation to centred advantages (arXiv:1511.06581); on frames only,
            as in the original.
        widths: of the hidden layers on vectors.
    """
    with tf1.variable_scope('net'):
        if not has_frames(observation):
            return dense(_hidden(vector(observation), 'q', widths), num_actions, 'q')
        x = _encoded(observation['frame'], 'q')
        values = dense(dense(x, 512, 'q_dense_act', tf.nn.relu), num_actions, 'q_act')
        if dueling:
            base = dense(dense(x, 512, 'q_dense_base', tf.nn.relu), 1, 'q_base')
            values = base + values - tf.reduce_mean(values, axis=1, keepdims=True)
        return values


def step_features(observation, action, next_observation, num_actions=0):
    """[..., D] (s, a, s - s') of steps on vectors; arguments as of `reward`."""
    if num_actions:
        action = tf.one_hot(action, num_actions)                                        # [..., A]
    before, after = vector(observation), vector(next_observation)
    return tf.concat([before, action, before - after], axis=-1)


def reward(observation, action, next_observation, num_actions=0, widths=(256, 256), head='r'):
    """[...] rewards of steps, from (s, a, s - s'); any leading axes.

    Args:
        observation: {key: [..., O]}, or {'frame': [..., 84, 84, C]}.
        action: [..., A], or numbers [...] of discrete actions.
        next_observation: as `observation`.
        num_actions: number of discrete actions; 0 where they are continuous.
        widths: of the hidden layers on vectors.
        head: name of the last layer; outputs of several share all layers before it.
    """
    if num_actions:
        action = tf.one_hot(action, num_actions)                                        # [..., A]
    lead = leading(action)
    if has_frames(observation):
        return tf.reshape(_frame_reward(observation['frame'], action, next_observation['frame'], head), lead)
    before, after = vector(observation), vector(next_observation)
    x = tf.concat([before, action, before - after], axis=-1)
    with tf1.variable_scope('net'):
        rows = dense(_hidden(tf.reshape(x, [-1, x.shape[-1]]), 'r', widths), 1, head)
    return tf.reshape(rows, lead)


def _frame_reward(before, action, after, head):
    """[N] rewards; the action only selects one of the outputs, as in the original."""
    x = tf.concat([before, before - after], axis=-1)                                    # [..., 84, 84, 2 C]
    num_actions = action.shape[-1]
    with tf1.variable_scope('net'):
        encoded = _encoded(tf.reshape(x, [-1, *x.shape[-3:]]), 'r')
        values = dense(dense(encoded, 512, 'r_dense_act', tf.nn.relu), num_actions, f'{head}_act')
    return tf.reduce_sum(values * tf.reshape(action, [-1, num_actions]), axis=1)
