"""Baselines that use only the number of steps of an episode; a learned reward must beat them."""
import numpy as np

from tester.recorded.metrics import Prediction, prefix_lengths


def fit_baselines(recordings):
    """{name: function of a number of steps T, to rewards [T]}, fitted to the training episodes.

    - constant: every step earns the mean reward, the sum of returns / the sum of lengths.
    - clock: every episode is assumed to be a success of the mean length. Each step earns its share of a
      success's return; steps beyond that length earn 0. Missing if there is no success.
    - length: the return is predicted from the number of steps, by least squares, and spread evenly over them.

    Running sums of the first two increase with time in any episode. So do those of the third if its predicted
    return is above 0.

    Args:
        recordings: list of `Recording`, of one episode or more.
    """
    lengths = np.array([recording.length for recording in recordings], np.float64)
    returns = np.array([recording.total_reward for recording in recordings], np.float64)
    baselines = {'constant': _constant(returns.sum() / lengths.sum())}
    successes = returns > 0
    if successes.any():
        baselines['clock'] = _clock(lengths[successes].mean(), returns[successes].mean())
    # the centre makes the slope 0 where all lengths are equal: lstsq takes the smallest solution
    centre = lengths.mean()
    design = np.stack([np.ones_like(lengths), lengths - centre], axis=1)
    intercept, slope = np.linalg.lstsq(design, returns, rcond=None)[0]
    return {**baselines, 'length': _line(intercept - slope * centre, slope)}


def predicted_by(baseline, prediction):
    """The `Prediction` of a baseline for the episode of `prediction`; it does not depend on the task."""
    rewards = baseline(prediction.recording.length)
    swapped = None if prediction.swapped_return is None else float(np.cumsum(rewards)[-1])
    prefixes = tuple(float(baseline(length).sum()) for length in prefix_lengths(prediction.recording))
    return Prediction(prediction.recording, rewards, swapped, prefixes)


def _constant(reward):
    return lambda num_steps: np.full(num_steps, reward)


def _clock(mean_length, mean_return):
    return lambda num_steps: (
        np.clip(mean_length - np.arange(num_steps), 0, 1) * mean_return / mean_length)


def _line(intercept, slope):
    return lambda num_steps: np.full(num_steps, (intercept + slope * num_steps) / num_steps)
