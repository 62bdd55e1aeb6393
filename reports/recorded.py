"""The report of a reward model that was evaluated on recorded episodes."""
import numpy as np

from reports.page import Picture, Section
from tester.recorded.picture import episodes_figure
from tester.recorded.tables import LEGEND, evaluated_on, number_text, report_tables
from utils.logs.tables import Table

_MOST = 10      # rows of over- and underrated episodes, each
# (title, share of the order by error, episodes of an outcome from which it differs from those before)
_PLACES = (('Best episodes', 0.0, 1), ('Median episodes', 0.5, 3), ('Worst episodes', 1.0, 2))
_ERRORS = {0.0: 'smallest', 0.5: 'median', 1.0: 'largest'}


def recorded_sections(predictions, train):
    """[`Section`]: numbers against baselines, episodes with their frames, and the largest errors.

    Args:
        predictions: list of `Prediction`, one or more.
        train: list of `Recording` that baselines are fitted to.
    """
    return [Section('Numbers', (f'Evaluated on {evaluated_on(predictions)}.', LEGEND),
                    tuple(report_tables(predictions, train))),
            *_episodes(predictions), _errors(predictions)]


def _episodes(predictions):
    """Sections with the episodes of the smallest, a middle and the largest error of the return."""
    groups = [[each for each in predictions if each.recording.success],
              [each for each in predictions if not each.recording.success]]
    sections, most = [], max(map(len, groups))
    for title, place, fewest in _PLACES:
        if most < fewest:
            continue        # the same episodes are shown already
        row = tuple(_at(group, place) for group in groups)
        text = (f'Of the {_ERRORS[place]} error of the predicted return, among successes and among failures. '
                'Frames are above their steps; the running sum should follow the true progress.')
        shown = [each for each in row if each is not None]
        sections.append(Section(title, (text, *map(_line, shown)),
                                (Picture(episodes_figure([row]), f'{title}: rewards below frames'),)))
    return sections


def _at(group, place):
    """The prediction at a share of the order by error, None of an empty group."""
    ranked = sorted(group, key=lambda each: abs(_excess(each)))
    return ranked[round(place * (len(ranked) - 1))] if ranked else None


def _excess(prediction):
    return prediction.predicted_return - prediction.recording.total_reward


def _line(prediction):
    recording = prediction.recording
    return (f'{_file(recording)} {recording.name}: return {number_text(recording.total_reward)}, '
            f'predicted {number_text(prediction.predicted_return)}')


def _file(recording):
    """The file of an episode with its folder, which often names the outcome."""
    return f'{recording.path.parent.name}/{recording.path.name}'.removeprefix('/')


def _errors(predictions):
    """The episodes whose return is predicted much too high or too low."""
    order = np.argsort([_excess(each) for each in predictions], kind='stable')
    over = [predictions[place] for place in order[::-1] if _excess(predictions[place]) > 0][:_MOST]
    under = [predictions[place] for place in order if _excess(predictions[place]) < 0][:_MOST]
    return Section('Largest errors', ('Predicted minus recorded return. An overrated failure looks like a '
                                      'success to the model; an underrated success does not.',),
                   tuple(_error_table(title, rows) for title, rows in (
                       ('most overrated', over), ('most underrated', under)) if rows))


def _error_table(title, predictions):
    rows = [[_file(each.recording), each.recording.name, each.recording.task.replace('_', ' '),
             each.recording.mode.replace('_', ' '), str(each.recording.length),
             *map(number_text, (each.recording.total_reward, each.predicted_return, _excess(each)))]
            for each in predictions]
    return Table(['file', 'episode', 'task', 'kind of failure', 'steps', 'return', 'predicted', 'difference'],
                 rows, (0, 1, 2, 3), title)
