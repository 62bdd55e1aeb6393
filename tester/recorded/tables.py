"""The report of a reward model evaluated on recorded episodes: three tables."""
import textwrap

from tester.recorded.baselines import fit_baselines, predicted_by
from tester.recorded.intervals import NAMES as COMPARED
from tester.recorded.intervals import differences, intervals
from tester.recorded.metrics import (
    FEWEST_PAIRS,
    LEAST_RANGE,
    NAMES,
    evaluate,
    known_progress,
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
Interval: of learned, 95 % by bootstrap over episodes, successes and failures of each task apart. It needs
two successes, or two failures, of a task.
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
    return ['\n'.join([f'evaluated on {evaluated_on(predictions)}', *still_progress(predictions), LEGEND]),
            *(table.text for table in tables)]


def report_tables(predictions, train):
    """[`Table`] of the metrics next to those of baselines, by task, and by kind of failure if there are any.

    Args:
        predictions: list of `Prediction`, one or more.
        train: list of `Recording` that baselines are fitted to.
    """
    tables = [_overall(predictions, train), _by_task(predictions)]
    return [*tables, _by_mode(predictions)] if of_outcome(predictions, False) else tables


def still_progress(predictions):
    """[line] about the episodes whose true progress hardly changes; [] without any."""
    count = sum(each.recording.progress is not None and not known_progress(each) for each in predictions)
    return [f'left out of progress: {_counted(count, "episode", "s")} in which it varies by less than '
            f'{LEAST_RANGE}'] if count else []


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
    ranges = intervals(predictions)
    return _table('all held-out episodes', ['', *columns, 'interval'], [
        [f'test/{name}', *(number_text(column.get(name)) for column in columns.values()),
         _range_text(ranges.get(name))] for name in NAMES])


def comparison_table(predictions, others, names):
    """The `Table` of two models on the same episodes, and of their differences.

    Args:
        predictions: list of `Prediction`.
        others: list of `Prediction` of the other model, of the same episodes in the same order.
        names: (name of the model, name of the other).
    """
    first, second = (evaluate(each, FEWEST_PAIRS) for each in (predictions, others))
    gains, rows = differences(predictions, others), []
    for name in COMPARED:
        gain = gains[name]
        rows.append([f'test/{name}', number_text(first[name]), number_text(second[name]),
                     *(('-', '-') if gain is None else (f'{gain[0]:+.3f}', _range_text(gain[1])))])
    return _table('paired comparison', ['', *names, 'difference', '95 % interval'], rows)


def _range_text(limits):
    return '-' if limits is None else f'{number_text(limits[0])} to {number_text(limits[1])}'


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
