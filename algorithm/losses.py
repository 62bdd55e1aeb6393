"""The equations, as functions of tensors and nothing else."""
import numpy as np

from utils.tf_util import tf, tf1

LOG_STD_MIN, LOG_STD_MAX, STD_MIN = -20.0, 2.0, 1e-2


def mean_prediction(predicted, step_weight=None):
    """[M] mean of [M, K] predicted rewards, by `step_weight` [M, K], whose rows sum to 1, if given."""
    if step_weight is None:
        return tf.reduce_mean(predicted, axis=1)
    return tf.reduce_sum(predicted * step_weight, axis=1)


def rrd(predicted, mean_reward, step_weight=None):
    """Randomized return decomposition in mean form: L_Rand-RD over T^2 (arXiv:2111.13485, equation 6).

    The paper's loss of an episode compares sums; that of means, as in the authors' code, is 1 / T^2 of it.
    With episodes drawn in proportion to T, an episode weighs 1 / T in all (docs/fidelity.md).

    Args:
        predicted: [M, K] rewards of K steps drawn from each episode.
        mean_reward: [M] return / length of the episode.
        step_weight: [M, K] as for `mean_prediction`; on whole episodes the result is L_RD's mean form.

    Returns:
        [], mean over episodes of the squared difference of the means.
    """
    return tf.reduce_mean(tf.square(mean_prediction(predicted, step_weight) - mean_reward))


def sample_variance(predicted):
    """[M] unbiased variance (K - 1 degrees of freedom) of [M, K] predicted rewards, K >= 2."""
    k = predicted.shape[1]
    if k < 2:
        raise ValueError(f'a variance needs rrd_sample_size >= 2, got {k}')
    centred = predicted - tf.reduce_mean(predicted, axis=1, keepdims=True)
    return tf.reduce_sum(tf.square(centred), axis=1) / float(k - 1)


def subsample_variance(predicted, variance_weight):
    """Expected excess of `rrd` over the same loss on whole episodes (arXiv:2111.13485, section 3.2).

    The mean of K of T values, drawn without replacement, has the variance s^2 / K * (1 - K / T).

    Args:
        predicted: [M, K], K >= 2.
        variance_weight: [M], 1 - K / T.

    Returns:
        [], to subtract from `rrd` for RRD-L(RD), in mean form.
    """
    return tf.reduce_mean(sample_variance(predicted) * variance_weight) / float(predicted.shape[1])


def potential(values, time, total_reward, is_fitted):
    """Return decomposition over windows, for rewards that are differences of a potential (docs/potential.md).

    A window of K of an episode of T steps earns Phi(s_b) - Phi(s_a). Each head is fitted to the share
    R (b - a) / T of the return. In an episode of return 0 only the least head is, over its whole length.
    The anchor makes the heads comparable: each begins at 0.

    Args:
        values: [H, M, 1 + 2 K] potentials of o_0, of K first and of K last observations, by each head.
        time: [M, 1 + 2 K] share of the steps before each of these.
        total_reward: [M] return of the episode.
        is_fitted: [M] 1.0 where windows lie anywhere, 0.0 where they span an episode of return 0.

    Returns:
        ([] loss, {'loss': [] of the windows, 'anchor': []}).
    """
    earned, lowest = _window_differences(values), _window_differences(tf.reduce_min(values, axis=0))
    share = _window_differences(time) * total_reward[:, None]                               # [M, K]
    fit = tf.reduce_sum(tf.reduce_mean(tf.square(earned - share), axis=-1), axis=0)         # [M]
    contrast = tf.reduce_mean(tf.square(lowest), axis=-1)                                   # [M]
    windows = tf.reduce_mean(is_fitted * fit + (1.0 - is_fitted) * contrast)
    anchor = tf.reduce_mean(tf.reduce_sum(tf.square(values[:, :, 0]), axis=0))
    return windows + anchor, {'loss': windows, 'anchor': anchor}


def _window_differences(x):
    """[..., K] value at the end of each window minus that at its start, of [..., 1 + 2 K]."""
    start, end = tf.split(x[..., 1:], 2, axis=-1)
    return end - start


def progress(values, time, total_reward, is_fitted):
    """Regression on the time in an episode: R t / T, and 0 in one of return 0 (after arXiv:2505.10911).

    A rival of return decomposition: it assumes that progress is steady. Arguments as of `potential`.

    Returns:
        ([] loss, {'loss': []}), the sum over heads of the mean squared error.
    """
    wanted = time * (total_reward * is_fitted)[:, None]                                     # [M, 1 + 2 K]
    loss = tf.reduce_sum(tf.reduce_mean(tf.square(values - wanted), axis=[1, 2]))
    return loss, {'loss': loss}


def td_target(reward, terminal, gamma, next_value):
    """[B] r + (1 - terminal) * gamma * V(s'), a constant for the gradient."""
    return tf.stop_gradient(reward + (1.0 - terminal) * gamma * next_value)


def squared_error(prediction, target):
    """[] mean of the squared difference of two [B]."""
    return tf.reduce_mean(tf.square(prediction - target))


def huber(prediction, target):
    """[] mean over [B] of the squared difference / 2 up to 1, and of a line of slope 1 beyond (DQN)."""
    return tf1.losses.huber_loss(target, prediction)


def gaussian_head(output):
    """Mean, log standard deviation and standard deviation, [B, A] each, from a policy's [B, 2A].

    The standard deviation has a floor that the log does not share, as in the original.
    """
    mean, log_std = tf.split(output, 2, axis=-1)
    log_std = tf.clip_by_value(log_std, LOG_STD_MIN, LOG_STD_MAX)
    return mean, log_std, tf.maximum(tf.exp(log_std), STD_MIN)


def squashed_action(mean, log_std, std, noise):
    """A tanh-Gaussian action and its log-density (arXiv:1812.05905, appendix C).

    Args:
        mean: [B, A].
        log_std: [B, A].
        std: [B, A].
        noise: [B, A] standard normals.

    Returns:
        action [B, A] in (-1, 1), log-density [B].
    """
    raw = mean + noise * std
    action = tf.tanh(raw)
    log_normal = -0.5 * np.log(2.0 * np.pi) - log_std - 0.5 * tf.square((raw - mean) / std)
    log_jacobian = tf.math.log(1.0 - tf.square(action) + 1e-6)
    return action, tf.reduce_sum(log_normal - log_jacobian, axis=-1)


def temperature(log_alpha, log_prob, target_entropy):
    """[] loss that raises the temperature while the entropy is below its target (arXiv:1812.05905, eq. 18).

    On log(alpha) in place of alpha, as in the original.
    """
    return -log_alpha * tf.stop_gradient(tf.reduce_mean(log_prob) + target_entropy)


def mean_weight_decay(weights, scale):
    """[] the mean, over the variables, of scale / 2 * sum(w^2): what DDPG's critic is regularised by."""
    return scale * tf.add_n([tf.nn.l2_loss(w) for w in weights]) / float(len(weights))
