"""The equations of LRR and Diaster, against loops over numbers."""
import numpy as np
import pytest

from algorithm import losses
from algorithm.unofficial_losses import likelihood, masked_error, step_targets, sub_trajectories
from utils.tf_util import tf

LENGTH = np.array([3, 5, 1], np.int32)


@pytest.fixture
def numbers():
    """(predicted [3, 5], deviation [3, 5], mean reward [3])."""
    rng = np.random.default_rng(0)
    return (rng.normal(size=(3, 5)).astype(np.float32), rng.uniform(0.5, 2, (3, 5)).astype(np.float32),
            rng.normal(size=3).astype(np.float32))


def gradients(loss, *values):
    """(value, gradients) of a loss of some arrays."""
    tensors = [tf.constant(value) for value in values]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        value = loss(*tensors)
    return float(value), [gradient.numpy() for gradient in tape.gradient(value, tensors)]


def prefix_rewards(outputs, mean_reward):
    """[T + 1] rewards of the prefixes of 0 to T steps of one episode; the last is its return."""
    sums = np.cumsum(outputs.astype(np.float64))
    return np.array([0, *sums[:-1], mean_reward * len(outputs)])


def test_likelihood_is_that_of_independent_gaussians_around_what_the_other_steps_leave(numbers):
    predicted, deviation, mean_reward = numbers
    terms = []
    for row, widths, wanted in zip(predicted, deviation, mean_reward, strict=True):
        for i, (mean, width) in enumerate(zip(row, widths, strict=True)):
            left = 5 * wanted - np.delete(row, i).sum()             # of the sum over all five
            target = mean + (left - mean) / 5                       # its share, in mean form
            density = np.exp(-0.5 * ((target - mean) / width) ** 2) / (np.sqrt(2 * np.pi) * width)
            terms.append(-np.log(density) - 0.5 * np.log(2 * np.pi))
    assert float(likelihood(*numbers)) == pytest.approx(np.mean(terms), rel=1e-5)


def test_the_gradient_of_likelihood_divides_the_error_by_the_variance_of_each_step(numbers):
    predicted, deviation, mean_reward = numbers
    _, (of_mean, of_deviation) = gradients(lambda p, d: likelihood(p, d, mean_reward), predicted, deviation)
    error = (mean_reward - predicted.mean(axis=1))[:, None]
    np.testing.assert_allclose(of_mean, -error / deviation ** 2 / 15, rtol=1e-4)
    np.testing.assert_allclose(of_deviation, (1 / deviation - error ** 2 / deviation ** 3) / 15, rtol=1e-4,
                               atol=1e-6)


def test_with_a_deviation_of_one_likelihood_has_half_the_gradient_of_the_squared_error(numbers):
    predicted, _, mean_reward = numbers
    _, (ours,) = gradients(lambda p: likelihood(p, np.ones_like(predicted), mean_reward), predicted)
    _, (squared,) = gradients(lambda p: losses.rrd(p, mean_reward), predicted)
    np.testing.assert_allclose(ours, squared / 2, rtol=1e-5)


def test_two_sub_trajectories_are_compared_with_the_return_in_mean_form(numbers):
    outputs, _, mean_reward = numbers
    errors = []
    for row, steps, wanted, cut in zip(outputs, LENGTH, mean_reward, (2, 4, 1), strict=True):
        first, second = row[:cut].sum(), row[cut:steps].sum()
        errors.append((first + second - wanted * steps) / steps)
    assert float(sub_trajectories(outputs, LENGTH, mean_reward)) == pytest.approx(np.mean(np.square(errors)),
                                                                                   rel=1e-5)


def test_targets_of_steps_are_differences_of_the_rewards_of_prefixes(numbers):
    outputs, _, mean_reward = numbers
    targets = step_targets(outputs, LENGTH, mean_reward).numpy()
    for row, given, steps, wanted in zip(targets, outputs, LENGTH, mean_reward, strict=True):
        expected = np.diff(prefix_rewards(given[:steps], wanted))
        np.testing.assert_allclose(row[:steps], expected, rtol=1e-4, atol=1e-5)


def test_targets_between_two_steps_add_up_to_the_difference_of_two_prefixes(numbers):
    outputs, _, mean_reward = numbers
    targets = step_targets(outputs, LENGTH, mean_reward).numpy()[1]
    prefixes = prefix_rewards(outputs[1], mean_reward[1])
    for start in range(5):
        for end in range(start + 1, 6):
            assert targets[start:end].sum() == pytest.approx(prefixes[end] - prefixes[start], abs=1e-5)


def test_targets_of_an_episode_add_up_to_its_return(numbers):
    outputs, _, mean_reward = numbers
    targets = step_targets(outputs, LENGTH, mean_reward).numpy()
    sums = [row[:steps].sum() for row, steps in zip(targets, LENGTH, strict=True)]
    np.testing.assert_allclose(sums, mean_reward * LENGTH, rtol=1e-4, atol=1e-5)


def test_no_gradient_reaches_the_outputs_through_the_targets(numbers):
    outputs, _, mean_reward = numbers
    with tf.GradientTape() as tape:
        tensor = tf.constant(outputs)
        tape.watch(tensor)
        targets = step_targets(tensor, LENGTH, mean_reward)
    assert tape.gradient(targets, tensor) is None


def test_padding_has_no_part_in_the_error(numbers):
    predicted, targets, _ = numbers
    expected = np.mean(np.concatenate([(predicted[i, :steps] - targets[i, :steps]) ** 2
                                       for i, steps in enumerate(LENGTH)]))
    assert float(masked_error(predicted, targets, LENGTH)) == pytest.approx(expected, rel=1e-5)
