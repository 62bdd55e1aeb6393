"""The report of a reward model evaluated on recorded episodes: three tables."""
import textwrap

from tester.recorded.baselines import fit_baselines, predicted_by
from tester.recorded.metrics import (
    FEWEST_PAIRS,
    NAMES,
    evaluate,
    of_outcome,
    progress_correlation,
    success_auc,
    truth_order,
    value_order,
)
from tester.recorded.task_names import short_names
from utils.logs.tables import text_table

_LEGEND = f"""\
AUC: of the predicted return, within each task, then the mean over the tasks that have one. Of fewer than
{FEWEST_PAIRS} pairs of episodes it proves nothing, and is left out: -
order: Spearman's correlation of the running sum of predicted rewards with time; progress: with true progress.
Baselines use only the number of steps. constant: the mean reward; clock: every episode is assumed to be a
success of the mean length; length: the return by least squares from the number of steps."""
_NAME = 26      # columns of a task's name


def report(predictions, train):
    """[text]: the metrics next to those of baselines, then by task and by kind of failure.

    Args:
        predictions: list of `Prediction`.
        train: list of `Recording` that baselines are fitted to.
    """
    if not predictions:
        return ['no episode was held out: the reward cannot be evaluated']
    successes, failures = (len(of_outcome(predictions, success)) for success in (True, False))
    evaluated_on = f'{_counted(successes, "success", "es")} and {_counted(failures, "failure", "s")}'
    if num_scored := len(predictions) - successes - failures:
        evaluated_on = f'{_counted(num_scored, "episode", "s")} whose returns are scores'
    texts = [f'evaluated on {evaluated_on}\n{_LEGEND}', _overall(predictions, train), _by_task(predictions)]
    return [*texts, _by_mode(predictions)] if failures else texts


def _overall(predictions, train):
    """A row for each metric, a column for each predictor."""
    columns = {'learned': evaluate(predictions, FEWEST_PAIRS)}
    for name, baseline in fit_baselines(train).items():
        columns[name] = evaluate([predicted_by(baseline, prediction) for prediction in predictions],
                                 FEWEST_PAIRS)
    learned = columns['learned']
    columns['true progress'] = {        # agrees with itself wherever it is known and not constant
        'value_order_success': learned['truth_order_success'],
        'value_order_failure': learned['truth_order_failure'],
        **{name: None if learned[name] is None else 1.0
           for name in ('progress_correlation', 'progress_correlation_failure')}}
    return _table(['', *columns], [
        [f'test/{name}', *(_text(column.get(name)) for column in columns.values())] for name in NAMES])


def _by_task(predictions):
    names = short_names(list(dict.fromkeys(prediction.recording.task for prediction in predictions)))
    rows = []
    for task, name in names.items():
        of_task = [prediction for prediction in predictions if prediction.recording.task == task]
        numbers = evaluate(of_task, FEWEST_PAIRS)
        rows.append([textwrap.fill(name, _NAME), str(len(of_task)), *(_text(numbers[name]) for name in (
            'return_rmse', 'success_auc', 'value_order_success', 'value_order_failure', 'truth_order_failure',
            'progress_correlation', 'progress_correlation_failure'))])
    return _table(['task', 'episodes', 'return, RMSE', 'AUC', 'order, success', 'order, failure',
                   "truth's, order, failure", 'progress, success', 'progress, failure'], rows)


def _by_mode(predictions):
    """A row for each kind of failure, compared with the successes of its tasks."""
    failures = of_outcome(predictions, False)
    rows = []
    for mode in sorted({prediction.recording.mode for prediction in failures}):
        of_mode = [prediction for prediction in failures if prediction.recording.mode == mode]
        rows.append([mode or 'unnamed', str(len(of_mode)), *map(_text, (
            success_auc(predictions, of_mode, FEWEST_PAIRS), value_order(of_mode), truth_order(of_mode),
            progress_correlation(of_mode)))])
    return _table(['kind of failure', 'episodes', 'AUC', 'order', "truth's order", 'progress'], rows)


def _table(header, rows):
    return text_table([name.replace(', ', '\n') for name in header], rows)


def _text(value):
    if value is None:
        return '-'
    return f'{value:.3f}' if value == 0 or abs(value) >= 0.001 else f'{value:.1e}'


def _counted(count, name, plural):
    return f'{count} {name}{plural if count != 1 else ""}'
