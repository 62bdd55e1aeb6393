"""The equations, against enumeration, numpy, and numerical integration of the density."""
import itertools

import numpy as np
import pytest
import tensorflow as tf

from algorithm import losses


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize('length, k', [(5, 2), (5, 3), (5, 5), (2, 2)])
def test_bias_correction_is_exact_over_all_subsequences(length, k):
    """Averaged over every K-subset of an episode, the loss minus the correction is L_RD in mean form."""
    predicted, episode_return = np.random.default_rng(0).normal(size=length), 3.0
    subsets = np.array(list(itertools.combinations(predicted, k)), np.float32)    # [S, K]
    mean_reward = np.full(len(subsets), episode_return / length, np.float32)
    weight = np.full(len(subsets), 1 - k / length, np.float32)

    corrected = losses.rrd(subsets, mean_reward) - losses.subsample_variance(subsets, weight)

    exact = (episode_return - predicted.sum()) ** 2 / length ** 2
    np.testing.assert_allclose(corrected, exact, rtol=1e-5)


def test_without_the_correction_the_loss_is_larger_by_the_variance_of_the_draw():
    values = normal(6)
    subsets = np.array(list(itertools.combinations(values, 3)))
    excess = np.mean((subsets.mean(axis=1) - values.mean()) ** 2)
    corrected = losses.subsample_variance(subsets, np.full(len(subsets), 1 - 3 / 6, np.float32))
    np.testing.assert_allclose(corrected, excess, rtol=1e-5)


def test_rrd_is_the_mean_squared_difference_of_the_means():
    predicted, mean_reward = normal(4, 3), normal(4, seed=1)
    pairs = zip(predicted, mean_reward, strict=True)
    expected = np.mean([(np.mean(row) - target) ** 2 for row, target in pairs])
    np.testing.assert_allclose(losses.rrd(predicted, mean_reward), expected, rtol=1e-6)


@pytest.mark.parametrize('length', [4, 10])
def test_the_loss_of_an_episode_is_that_of_the_paper_over_the_square_of_its_length(length):
    predicted, total = normal(1, 3), 2.0
    paper = (total - length / 3 * predicted.sum()) ** 2         # arXiv:2111.13485, equation 6
    mean_form = losses.rrd(predicted, np.float32([total / length]))
    np.testing.assert_allclose(mean_form, paper / length ** 2, rtol=1e-5)


def test_sample_variance_has_k_minus_one_degrees_of_freedom():
    predicted = normal(5, 4)
    np.testing.assert_allclose(losses.sample_variance(predicted), predicted.var(axis=1, ddof=1), rtol=1e-5)


@pytest.mark.parametrize('function', [
    losses.sample_variance, lambda predicted: losses.subsample_variance(predicted, normal(5))])
def test_one_step_has_no_variance(function):
    with pytest.raises(ValueError, match='rrd_sample_size >= 2, got 1'):
        function(normal(5, 1))


def test_td_target_bootstraps_unless_the_state_is_terminal():
    reward, value = np.float32([1, 2, 3]), np.float32([10, 20, 30])
    target = losses.td_target(reward, np.float32([0, 1, 0]), 0.5, value)
    np.testing.assert_array_equal(target, [6, 2, 18])


def test_td_target_is_a_constant_for_the_gradient():
    reward, value = tf.constant(normal(3)), tf.constant(normal(3, seed=1))
    with tf.GradientTape() as tape:
        tape.watch([reward, value])
        target = losses.td_target(reward, tf.zeros(3), 0.9, value)
    assert tape.gradient(target, [reward, value]) == [None, None]


def test_squared_error_is_a_mean_over_the_batch():
    np.testing.assert_array_equal(losses.squared_error(np.float32([1, 2]), np.float32([4, 6])), (9 + 16) / 2)


@pytest.mark.parametrize('error, expected', [
    (0.0, 0.0), (0.5, 0.125), (-0.5, 0.125), (1.0, 0.5), (-1.0, 0.5), (3.0, 2.5), (-3.0, 2.5)])
def test_huber_is_half_the_square_up_to_one_and_a_line_beyond(error, expected):
    np.testing.assert_array_equal(losses.huber(np.float32([2 + error]), np.float32([2])), expected)


def test_huber_is_a_mean_over_the_batch():
    np.testing.assert_array_equal(losses.huber(np.float32([1, 4]), np.float32([0, 0])), (0.5 + 3.5) / 2)


def test_slope_of_huber_is_the_error_cut_at_one():
    prediction, target = tf.constant([-4.0, -0.5, 0.25, 9.0]), tf.zeros(4)
    with tf.GradientTape() as tape:
        tape.watch(prediction)
        loss = losses.huber(prediction, target)
    np.testing.assert_allclose(4 * tape.gradient(loss, prediction), [-1, -0.5, 0.25, 1], rtol=1e-6)


def test_gaussian_head_bounds_the_log_and_gives_the_deviation_a_floor_of_its_own():
    output = np.float32([[7, 8, -30, 3], [9, 1, -10, 0.5]])     # [B, 2A]: means, then logs
    mean, log_std, std = losses.gaussian_head(output)
    np.testing.assert_array_equal(mean, [[7, 8], [9, 1]])
    np.testing.assert_array_equal(log_std, [[-20, 2], [-10, 0.5]])
    np.testing.assert_allclose(std, [[0.01, np.exp(2)], [0.01, np.exp(0.5)]], rtol=1e-6)


def spread(mean, std, noise):
    """Actions and log-densities for [N, A] noise around one mean and deviation, [A] each."""
    mean, std = (np.broadcast_to(np.float32(x), noise.shape) for x in (mean, std))
    action, log_prob = losses.squashed_action(mean, np.log(std), std, noise)
    return np.asarray(action, np.float64), np.asarray(log_prob, np.float64)


def test_density_of_a_squashed_action_is_that_of_a_change_of_variables():
    mean, std = np.array([0.3, -0.2]), np.array([0.5, 0.8])
    action, log_prob = spread(mean, std, normal(50, 2))
    raw = np.arctanh(action)
    log_normal = -0.5 * ((raw - mean) / std) ** 2 - np.log(std * np.sqrt(2 * np.pi))
    expected = (log_normal - np.log(1 - action ** 2)).sum(axis=1)
    np.testing.assert_allclose(log_prob, expected, atol=2e-3)     # + 1e-6 in the logarithm, 1 - a^2 > 1e-3


def test_density_of_a_squashed_action_integrates_to_one():
    action, log_prob = spread([0.3], [0.5], np.linspace(-5, 5, 2001, dtype=np.float32)[:, None])
    widths, density = np.diff(action[:, 0]), np.exp(log_prob)
    assert np.sum(widths * (density[1:] + density[:-1]) / 2) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize('log_prob, sign', [(3.0, 1), (1.0, -1)])    # entropies -3 and -1, target -2
def test_temperature_rises_only_while_the_entropy_is_below_its_target(log_prob, sign):
    log_alpha, log_probs = tf.Variable(0.5), tf.constant([log_prob - 1, log_prob + 1])
    with tf.GradientTape() as tape:
        tape.watch(log_probs)
        loss = losses.temperature(log_alpha, log_probs, -2.0)
    gradient, through_policy = tape.gradient(loss, [log_alpha, log_probs])
    assert float(loss) == -0.5 * (log_prob - 2)
    assert -float(gradient) == log_prob - 2 and np.sign(-gradient) == sign
    assert through_policy is None


@pytest.mark.parametrize('scale', [0.1, 0.0])
def test_weight_decay_is_a_mean_over_the_variables_whatever_their_sizes(scale):
    kernel, bias = normal(3, 4), normal(4, seed=1)
    expected = scale * (0.5 * np.sum(kernel ** 2) + 0.5 * np.sum(bias ** 2)) / 2
    np.testing.assert_allclose(losses.mean_weight_decay([kernel, bias], scale), expected, rtol=1e-6)
