"""The table of roll-outs in a simulator, by the kind of their disturbance."""
from tester.recorded.metrics import mean, of_outcome, progress_correlation
from tester.recorded.tables import number_text
from utils.logs.tables import Table


def outcome_table(predictions, kinds):
    """The `Table` of outcomes and predicted returns, a row for each kind.

    Args:
        predictions: list of `Prediction`.
        kinds: {(name of the folder, task, name of the episode): kind}.
    """
    groups = {}
    for each in predictions:
        place = (each.recording.path.parent.name, each.recording.task, each.recording.name)
        groups.setdefault(kinds[place], []).append(each)
    header = ['disturbance', 'episodes', 'succeed', 'predicted return\nof successes', 'of failures',
              'progress,\nsuccesses', 'failures']
    return Table(header, [_row(kind, groups[kind]) for kind in sorted(groups)],
                 title='roll-outs by disturbance')


def _row(kind, predictions):
    sides = [of_outcome(predictions, success) for success in (True, False)]
    returns = (mean(each.predicted_return for each in side) for side in sides)
    return [kind, str(len(predictions)), str(len(sides[0])), *map(number_text, returns),
            *(number_text(progress_correlation(side)) for side in sides)]
