"""Potentials of single observations of recorded episodes, one for each source of information."""
from algorithm.recorded_network import frame_features, is_camera
from utils.tf_util import dense, tf, tf1

_WIDTHS = (256, 256)


def potentials(observation, context, heads):
    """[H, N] potentials of observations.

    With `heads` 'min' each camera has a network of its own, and all vectors together have one: H of them,
    none of which sees what the others see. With 'one' a single network sees everything.

    Args:
        observation: {key: [N, H, W, C] pixels in [0, 1], or [N, D]}.
        context: [N, C], encodes the task.
        heads: 'min' or 'one'.
    """
    with tf1.variable_scope('net'):
        parts = {key: frame_features(x, f'p_{key}') for key, x in observation.items() if is_camera(x)}
        vectors = [x for x in observation.values() if not is_camera(x)]
        if vectors:
            parts['vectors'] = tf.concat(vectors, axis=-1)
        if heads == 'one':
            parts = {'all': tf.concat(list(parts.values()), axis=-1)}
        return tf.stack([_head(tf.concat([x, context], axis=-1), f'p_{name}') for name, x in parts.items()])


def _head(x, name):
    for number, width in enumerate(_WIDTHS, 1):
        x = dense(x, width, f'{name}_dense{number}', tf.nn.relu)
    return tf.squeeze(dense(x, 1, name), axis=-1)
