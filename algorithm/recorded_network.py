"""The reward of a step of a recorded episode: camera frames, vectors, the task and the action."""
import numpy as np

from algorithm.networks import leading
from utils.tf_util import conv, dense, tf, tf1


def recorded_reward(observation, action, next_observation, context):
    """[...] rewards of steps, from (s, a, s - s') and the task; any leading axes.

    Each camera has one encoder, applied to the frames of s and s' in one call. The difference s - s' is
    that of the features. Vectors have a separate layer.

    Args:
        observation: {key: [..., H, W, C] pixels in [0, 1], or [..., D]}.
        action: [..., A].
        next_observation: as `observation`.
        context: [..., C], encodes the task.
    """
    lead = leading(action)
    with tf1.variable_scope('net'):
        parts = [_camera(_rows(x, 3), _rows(next_observation[key], 3), f'r_{key}')
                 for key, x in observation.items() if is_camera(x)]
        vectors = [(_rows(x, 1), _rows(next_observation[key], 1))
                   for key, x in observation.items() if not is_camera(x)]
        if vectors:
            before, after = (tf.concat(side, axis=-1) for side in zip(*vectors, strict=True))
            parts.append(dense(tf.concat([before, before - after], axis=-1), 64, 'r_vectors', tf.nn.relu))
        x = tf.concat([*parts, _rows(context, 1), _rows(action, 1)], axis=-1)
        x = dense(x, 256, 'r_dense1', tf.nn.relu)
        x = dense(x, 256, 'r_dense2', tf.nn.relu)
        return tf.reshape(dense(x, 1, 'r'), lead)


def is_camera(x):
    """Whether `x`, an array or a tensor that has a batch axis, holds frames."""
    return len(x.shape) > 3


def _rows(x, num_axes):
    """[N, ...] of [..., *the last `num_axes` axes]."""
    return tf.reshape(x, [-1, *x.shape[-num_axes:]])


def _camera(before, after, name):
    """[N, 512] of the frames [N, H, W, C] of s and s': the features of s, and their difference s - s'."""
    features = frame_features(tf.concat([before, after], axis=0), name)
    now, later = tf.split(features, 2)
    return tf.concat([now, now - later], axis=-1)


def frame_features(frames, name):
    """[N, 256] of frames [N, H, W, C]: DQN's convolutions, but narrower; twice as fast, equally good."""
    x = conv(frames - 0.5, 32, 8, 4, f'{name}_conv1', tf.nn.relu)
    x = conv(x, 32, 4, 2, f'{name}_conv2', tf.nn.relu)
    x = conv(x, 32, 3, 2, f'{name}_conv3', tf.nn.relu)
    return dense(tf.reshape(x, [-1, np.prod(x.shape[1:])]), 256, f'{name}_dense', tf.nn.relu)
