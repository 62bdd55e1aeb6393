"""The report of a run that acts in an environment: its curves, and learned against true rewards."""
from figures.curves import draw_curves
from figures.rewards import describe, draw_rewards
from figures.runs import RETURN, read_runs
from figures.words import WORDS
from reports.page import Picture, Section
from tester.recorded.tables import number_text
from utils.logs.tables import Table

_CURVES = (RETURN, 'reward/loss', 'reward/true_correlation')


def curve_sections(directory):
    """[`Section`] of curves of a run, and of its last test.

    Args:
        directory: of the run.

    Raises:
        UserError: progress.csv is invalid, or has no test yet.
    """
    run, = read_runs([directory], RETURN, report=lambda text: None)
    parts = []
    for column in _CURVES:
        if column in run.rows and run.rows[column].notna().any():
            parts.append(Picture(draw_curves([run], column), f'{WORDS[column]} over training'))
    last = run.rows.iloc[-1].dropna()
    rows = [[run.unit, f'{run.rows.index[-1]:,}'],
            *([name, number_text(value)] for name, value in last.items())]
    return [Section('Learning curves', (), tuple(parts)),
            Section('Last test', (), (Table(['column of progress.csv', 'value'], rows),))]


def reward_section(episodes, correlated, title):
    """The `Section` of learned against true rewards; arguments as of `figures.rewards.draw_rewards`."""
    return Section('Learned against true rewards', ('The model was not trained on true rewards.',
                                                    '\n'.join(describe(episodes, correlated))),
                   (Picture(draw_rewards(episodes, correlated, title), 'learned and true rewards of steps'),))
