"""Metrics of predicted rewards on recorded episodes, as pure functions of arrays."""
from typing import NamedTuple

import numpy as np
from scipy import stats

from utils.recording import Recording

PREFIX_SHARES = (0.5, 0.75)     # of the unrewarded steps: where successes are cut
FEWEST_PAIRS = 4                # of a task: fewer are in order by chance too often to prove anything
LEAST_RANGE = 0.02              # of the true progress along an episode, for its rank order to mean something
_ROUNDING = 1e-9                # relative error of float64 sums; that of float32 is larger
NAMES = ('loss', 'return_rmse', 'return_correlation', 'success_auc', 'swap_auc', 'prefix_auc',
         'value_order_success', 'value_order_failure', 'progress_correlation', 'progress_correlation_failure')


class Prediction(NamedTuple):
    """Predictions for one recorded episode of T steps.

    Attributes:
        recording: the episode.
        rewards: [T] predicted reward of each step.
        swapped_return: predicted return of the same steps with the context of another task; None for a
            failure, if it is scored, or if there is no other task.
        prefix_returns: predicted returns of the first `prefix_lengths(recording)` steps.
    """

    recording: Recording
    rewards: np.ndarray
    swapped_return: float | None
    prefix_returns: tuple[float, ...]

    @property
    def running_sum(self):
        """[T] float64 sum of the rewards up to and including each step."""
        return np.cumsum(self.rewards, dtype=np.float64)

    @property
    def predicted_return(self):
        """Sum of the rewards of all steps."""
        return float(self.running_sum[-1])


def prefix_lengths(recording):
    """Lengths at which a success is cut, all before its reward; () for a failure, or if it is scored."""
    before = recording.unrewarded if recording.success and not recording.scored else 0
    return tuple(sorted({int(before * share) for share in PREFIX_SHARES if before * share >= 1}))


def evaluate(predictions, fewest=1):
    """{name: number} of `NAMES`, and the rank order of the true progress; None if a metric is undefined.

    Means are over episodes, except for the AUCs. Rewards are compared between episodes of one task, so an AUC
    is computed for each task that has both kinds, and then averaged over these tasks.

    Args:
        predictions: list of `Prediction`.
        fewest: pairs that a task needs for an AUC.
    """
    successes, failures = of_outcome(predictions, True), of_outcome(predictions, False)
    return {**_return_errors(predictions),
            'success_auc': mean(task_aucs(predictions, successes, failures, _returns, fewest)),
            'swap_auc': mean(task_aucs(predictions, successes, successes, _swapped, fewest)),
            'prefix_auc': mean(task_aucs(predictions, successes, successes, _prefixes, fewest)),
            'value_order_success': value_order(successes), 'value_order_failure': value_order(failures),
            'progress_correlation': progress_correlation(successes),
            'progress_correlation_failure': progress_correlation(failures),
            'truth_order_success': truth_order(successes), 'truth_order_failure': truth_order(failures)}


def of_outcome(predictions, success):
    """The predictions of successes, or of failures; episodes that are scored are neither."""
    return [prediction for prediction in predictions
            if prediction.recording.success == success and not prediction.recording.scored]


def mean(numbers):
    """Mean of the numbers that are not None; None if all are."""
    numbers = [number for number in numbers if number is not None]
    return float(np.mean(numbers)) if numbers else None


def unproven(predictions):
    """[name of an AUC] that `evaluate` gives, although no task has `FEWEST_PAIRS`."""
    all_numbers, enough = evaluate(predictions), evaluate(predictions, FEWEST_PAIRS)
    return [name for name, value in all_numbers.items() if value is not None and enough[name] is None]


def auc(positives, negatives, fewest=1):
    """Share of pairs in which the positive is larger, ties count half; None of fewer than `fewest` pairs."""
    if len(positives) * len(negatives) < max(fewest, 1):
        return None
    pairs = stats.mannwhitneyu(positives, negatives, method='asymptotic').statistic
    return float(pairs / (len(positives) * len(negatives)))


def success_auc(predictions, failures, fewest=1):
    """AUC of successes among `predictions` against `failures`: within each task, then the mean over tasks."""
    return mean(task_aucs(predictions, of_outcome(predictions, True), failures, _returns, fewest))


def task_aucs(predictions, positives, negatives, negative_returns, fewest=1):
    """[AUC or None] of each task of `predictions`, in their order.

    Args:
        predictions: list of `Prediction`; names the tasks.
        positives: list of `Prediction`, scored by their predicted returns.
        negatives: list of `Prediction`.
        negative_returns: function from a `Prediction` to a list of returns.
        fewest: as for `evaluate`.
    """
    return [auc([p.predicted_return for p in positives if p.recording.task == task],
                [value for n in negatives if n.recording.task == task for value in negative_returns(n)],
                fewest)
            for task in dict.fromkeys(p.recording.task for p in predictions)]


def rank_correlation(values, reference):
    """Spearman's correlation of two arrays [T].

    It is 0 for constant values, and None for a constant reference.
    """
    if np.ptp(reference) == 0:
        return None
    return 0.0 if np.ptp(values) == 0 else float(stats.spearmanr(values, reference).statistic)


def value_order(predictions):
    """Mean rank correlation of the running sum with time; None if no episode has two steps."""
    return mean(rank_correlation(prediction.running_sum, _time(prediction)) for prediction in predictions)


def truth_order(predictions):
    """As `value_order`, for the true progress after each step; episodes as in `progress_correlation`."""
    return mean(rank_correlation(_time(prediction), prediction.recording.progress[1:])
                for prediction in _known(predictions))


def progress_correlation(predictions):
    """Mean rank correlation of the running sum with the true progress after each step.

    Episodes of unknown progress, or of a range below `LEAST_RANGE`, are left out.
    """
    return mean(rank_correlation(prediction.running_sum, prediction.recording.progress[1:])
                for prediction in _known(predictions))


def _known(predictions):
    return [prediction for prediction in predictions if known_progress(prediction)]


def known_progress(prediction):
    """Whether the true progress of an episode is known and has a range of `LEAST_RANGE` or more.

    The rank order of a smaller range, such as of an arm that trembles in place, is noise.
    """
    progress = prediction.recording.progress
    return progress is not None and np.ptp(progress[1:]) >= LEAST_RANGE


def _time(prediction):
    return np.arange(prediction.recording.length)


def _return_errors(predictions):
    """Error and correlation of predicted returns, over all episodes; `loss` is L_RD in mean form."""
    if not predictions:
        return dict.fromkeys(('loss', 'return_rmse', 'return_correlation'))
    predicted = np.array([prediction.predicted_return for prediction in predictions])
    recorded = np.array([prediction.recording.total_reward for prediction in predictions])
    lengths = np.array([prediction.recording.length for prediction in predictions])
    return {'loss': float(np.mean(((predicted - recorded) / lengths) ** 2)),
            'return_rmse': float(np.sqrt(np.mean((predicted - recorded) ** 2))),
            'return_correlation': _linear_correlation(predicted, recorded)}


def _linear_correlation(values, reference):
    """Pearson's, with the conventions of `rank_correlation`; differences by rounding count as constant."""
    if np.ptp(reference) == 0:
        return None
    if np.ptp(values) <= _ROUNDING * np.abs(values).max():
        return 0.0
    return float(stats.pearsonr(values, reference).statistic)


def _returns(prediction):
    return [prediction.predicted_return]


def _swapped(prediction):
    return [] if prediction.swapped_return is None else [prediction.swapped_return]


def _prefixes(prediction):
    return prediction.prefix_returns
