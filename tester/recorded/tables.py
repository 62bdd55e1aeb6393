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
from utils.logs.tables import Table

LEGEND = f"""\
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
    tables = report_tables(predictions, train)
    return [f'evaluated on {evaluated_on(predictions)}\n{LEGEND}', *(table.text for table in tables)]


def report_tables(predictions, train):
    """[`Table`] of the metrics next to those of baselines, by task, and by kind of failure if there are any.

    Args:
        predictions: list of `Prediction`, one or more.
        train: list of `Recording` that baselines are fitted to.
    """
    tables = [_overall(predictions, train), _by_task(predictions)]
    return [*tables, _by_mode(predictions)] if of_outcome(predictions, False) else tables


def evaluated_on(predictions):
    """The numbers of successes and failures, or of episodes that are scored, in words."""
    successes, failures = (len(of_outcome(predictions, success)) for success in (True, False))
    if num_scored := len(predictions) - successes - failures:
        return f'{_counted(num_scored, "episode", "s")} whose returns are scores'
    return f'{_counted(successes, "success", "es")} and {_counted(failures, "failure", "s")}'


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
    return _table('all held-out episodes', ['', *columns], [
        [f'test/{name}', *(number_text(column.get(name)) for column in columns.values())] for name in NAMES])


def _by_task(predictions):
    names = short_names(list(dict.fromkeys(prediction.recording.task for prediction in predictions)))
    rows = []
    for task, name in names.items():
        of_task = [prediction for prediction in predictions if prediction.recording.task == task]
        numbers = evaluate(of_task, FEWEST_PAIRS)
        rows.append([textwrap.fill(name, _NAME), str(len(of_task)), *(number_text(numbers[name]) for name in (
            'return_rmse', 'success_auc', 'value_order_success', 'value_order_failure', 'truth_order_failure',
            'progress_correlation', 'progress_correlation_failure'))])
    return _table('by task', ['task', 'episodes', 'return, RMSE', 'AUC', 'order, success', 'order, failure',
                              "truth's, order, failure", 'progress, success', 'progress, failure'], rows)


def _by_mode(predictions):
    """A row for each kind of failure, compared with the successes of its tasks."""
    failures = of_outcome(predictions, False)
    rows = []
    for mode in sorted({prediction.recording.mode for prediction in failures}):
        of_mode = [prediction for prediction in failures if prediction.recording.mode == mode]
        rows.append([mode or 'unnamed', str(len(of_mode)), *map(number_text, (
            success_auc(predictions, of_mode, FEWEST_PAIRS), value_order(of_mode), truth_order(of_mode),
            progress_correlation(of_mode)))])
    return _table('by kind of failure', ['kind of failure', 'episodes', 'AUC', 'order', "truth's order",
                                         'progress'], rows)


def _table(title, header, rows):
    return Table([name.replace(', ', '\n') for name in header], rows, title=title)


def number_text(value):
    """A metric in three digits after the point; '-' for None."""
    if value is None:
        return '-'
    return f'{value:.3f}' if value == 0 or abs(value) >= 0.001 else f'{value:.1e}'


def _counted(count, name, plural):
    return f'{count} {name}{plural if count != 1 else ""}'
