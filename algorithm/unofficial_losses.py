"""The equations of LRR and Diaster in mean form, as functions of tensors; docs/unofficial.md derives them."""
from algorithm import losses
from utils.tf_util import tf


def likelihood(predicted, deviation, mean_reward):
    """LRR (arXiv:2503.17409): minus the log-likelihood of leave-one-out targets, of independent Gaussians.

    A step's target is what the other steps leave of the return: its own prediction plus the error of the
    mean. The targets are constants for the gradient. So a step with a large deviation gets less of the error.

    Args:
        predicted: [M, K] rewards of K steps of each episode, the means.
        deviation: [M, K] their standard deviations, above 0.
        mean_reward: [M] return / length of the episode.

    Returns:
        [], the mean over steps, without the constant of the density. With a deviation of 1 its gradient is
        half that of `losses.rrd`.
    """
    error = mean_reward - tf.reduce_mean(predicted, axis=1)                                 # [M]
    target = tf.stop_gradient(predicted + error[:, None])                                   # [M, K]
    return tf.reduce_mean(0.5 * tf.square((target - predicted) / deviation) + tf.math.log(deviation))


def step_weights(length, width):
    """[M, width] 1 / T for each of the first T steps of an episode, else 0; `length` [M] is T."""
    return tf.sequence_mask(length, width, tf.float32) / tf.cast(length, tf.float32)[:, None]


def sub_trajectories(outputs, length, mean_reward):
    """Diaster (arXiv:2312.10642): the rewards of two sub-trajectories add up to the return.

    A sub-trajectory is worth the sum of the outputs at its steps, each of which has seen its earlier steps.

    Args:
        outputs: [M, L] of a network that starts anew where the episode is cut.
        length: [M] steps T of the episode; `outputs` beyond are padding.
        mean_reward: [M] return / length of the episode.

    Returns:
        [], mean over episodes of ((R_sub(first) + R_sub(second) - R) / T)^2.
    """
    return losses.rrd(outputs, mean_reward, step_weights(length, tf.shape(outputs)[1]))


def step_targets(outputs, length, mean_reward):
    """[M, L] rewards of steps: differences of the rewards of the prefixes that end with and before each.

    The whole episode is worth its return, whatever the network says: the last step gets what is left. So the
    targets of an episode add up to the return. They are constants for the gradient.

    Args:
        outputs: [M, L] of a network that sees each prefix from its beginning.
        length: [M] steps T of the episode; targets beyond have no meaning.
        mean_reward: [M] return / length of the episode.
    """
    width, total = tf.shape(outputs)[1], tf.cast(length, tf.float32)
    left = total * (mean_reward - losses.mean_prediction(outputs, step_weights(length, width)))     # [M]
    return tf.stop_gradient(outputs + tf.one_hot(length - 1, width) * left[:, None])


def masked_error(predicted, targets, length):
    """[] mean of the squared difference of two [M, L], over the first `length` [M] steps of each row."""
    mask = tf.sequence_mask(length, tf.shape(predicted)[1], tf.float32)
    return tf.reduce_sum(mask * tf.square(predicted - targets)) / tf.reduce_sum(mask)
