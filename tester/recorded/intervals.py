"""Bootstrap intervals of metrics over episodes, of one model or of the difference of two."""
import numpy as np

from tester.recorded.metrics import FEWEST_PAIRS, known_progress, rank_correlation

ROUNDS, LEVEL = 2000, 0.95
_SEED = 0       # the same numbers every time
NAMES = ('return_rmse', 'success_auc', 'value_order_success', 'value_order_failure', 'progress_correlation',
         'progress_correlation_failure')


def intervals(predictions):
    """{name of `NAMES`: (low, high)} of the metrics, or None where it is undefined or cannot be drawn.

    Episodes are drawn with replacement, successes and failures of each task apart. Where each of these groups
    has one episode, all draws are the same, and say nothing about the spread.

    Args:
        predictions: list of `Prediction`.
    """
    draws = _draws(predictions, [predictions])[0]
    return {name: None if values is None else _interval(values) for name, values in draws.items()}


def differences(predictions, others):
    """{name of `NAMES`: (difference, limits)} of two models on the same episodes, None where undefined.

    `limits` is (low, high), or None where it cannot be drawn, as in `intervals`.

    Both models are compared on the same draws of episodes, so that what is hard for both does not count.

    Args:
        predictions: list of `Prediction`.
        others: list of `Prediction` of another model, of the same episodes in the same order.
    """
    first, second = _draws(predictions, [predictions, others])
    result = {}
    for name in NAMES:
        if first[name] is None or second[name] is None:
            result[name] = None
        else:
            gain = first[name] - second[name]
            result[name] = (float(gain[0]), _interval(gain))
    return result


def _interval(values):
    """(low, high) of [1 + ROUNDS] values, the first of which is of all episodes once; None of that alone."""
    if len(values) == 1:
        return None
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values[1:], (tail, 1 - tail))
    return float(low), float(high)


def _draws(predictions, models):
    """[{name: [1 + ROUNDS] values, or None}] of each model; the first value is of all episodes once.

    It is the only value where every draw has the same episodes.

    Args:
        predictions: list of `Prediction` that names the episodes.
        models: lists of `Prediction` of these episodes.
    """
    counts = _counts(predictions)
    return [_of_model(model, counts) for model in models]


def _counts(predictions):
    """[1 + ROUNDS, N] how often each episode is drawn; once in the first row."""
    rng, counts = np.random.default_rng(_SEED), np.ones((1 + ROUNDS, len(predictions)))
    groups = {}
    for number, each in enumerate(predictions):
        groups.setdefault((each.recording.task, each.recording.success), []).append(number)
    for numbers in groups.values():
        counts[1:, numbers] = rng.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), ROUNDS)
    return counts


def _of_model(predictions, counts):
    errors = [(each.predicted_return - each.recording.total_reward) ** 2 for each in predictions]
    mean_error = _means(errors, counts)
    return {'return_rmse': None if mean_error is None else np.sqrt(mean_error),
            'success_auc': _aucs(predictions, counts),
            **{f'value_order_{name}': _means(_orders(predictions, success), counts)
               for name, success in (('success', True), ('failure', False))},
            'progress_correlation': _means(_progress(predictions, True), counts),
            'progress_correlation_failure': _means(_progress(predictions, False), counts)}


def _means(values, counts):
    """[1 + ROUNDS] weighted means of the values that are not None; None if all are."""
    known = np.array([value is not None for value in values], bool)
    if not known.any():
        return None
    numbers, weights = np.array([value for value in values if value is not None]), counts[:, known]
    total = weights.sum(axis=1)
    means = (weights @ numbers)[total > 0] / total[total > 0]
    shares = weights[total > 0] / total[total > 0, None]
    return means[:1] if np.allclose(shares, shares[0]) else means


def _is(prediction, success):
    return prediction.recording.success == success and not prediction.recording.scored


def _orders(predictions, success):
    return [rank_correlation(each.running_sum, np.arange(each.recording.length))
            if _is(each, success) else None for each in predictions]


def _progress(predictions, success):
    return [rank_correlation(each.running_sum, each.recording.progress[1:])
            if _is(each, success) and known_progress(each) else None for each in predictions]


def _aucs(predictions, counts):
    """[1 + ROUNDS] AUCs within each task, then the mean over tasks of enough pairs; None without one."""
    found = []
    for task in dict.fromkeys(each.recording.task for each in predictions):
        sides = [[number for number, each in enumerate(predictions)
                  if each.recording.task == task and _is(each, success)] for success in (True, False)]
        if len(sides[0]) * len(sides[1]) < FEWEST_PAIRS:
            continue
        returns = [np.array([predictions[number].predicted_return for number in side]) for side in sides]
        difference = returns[0][:, None] - returns[1]
        wins = (difference > 0) + 0.5 * (difference == 0)                       # [successes, failures]
        pairs = ((counts[:, sides[0]] @ wins) * counts[:, sides[1]]).sum(axis=1)
        found.append(pairs / wins.size)
    return np.mean(found, axis=0) if found else None
