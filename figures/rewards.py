"""Predictions of a reward model against the true rewards, which it was not trained on."""
import numpy as np
import pandas as pd

from figures.style import BLACK, BLUE, new_figure, round_ticks

_WINDOW, _MOST_DRAWN = 20, 3
_PALEST = 0.1       # so that a single step is not white
_CORRELATIONS = {'reward/true_correlation': 'Pearson', 'reward/true_spearman': 'Spearman'}


def draw_rewards(episodes, correlations, title):
    """A figure: rewards along three episodes on the left; all steps, and all returns, on the right.

    Args:
        episodes: [(predicted [T], true [T])] rewards of each episode.
        correlations: [{name: correlation}] of each episode, empty where undefined.
        title: of the figure.

    Returns:
        A matplotlib `Figure`.
    """
    shown, titles = chosen([true.sum() for _, true in episodes]), describe(episodes, correlations)
    figure = new_figure(8.2, max(4.6, 1.65 * len(shown) + 0.6))
    figure.suptitle(title, fontsize=10)
    left, right = figure.subfigures(1, 2, width_ratios=[2, 1])
    panels = left.subplots(len(shown), 1, squeeze=False, sharex=True)[:, 0]
    for panel, number in zip(panels, shown, strict=True):
        _draw_episode(panel, *episodes[number], titles[number])
    panels[-1].set_xlabel('step')
    left.supylabel('reward of a step', fontsize=9)
    left.legend(*panels[0].get_legend_handles_labels(), loc='outside lower center', ncols=2)
    steps, returns = right.subplots(2, 1)
    _draw_steps(steps, episodes)
    _draw_returns(returns, episodes)
    return figure


def chosen(returns):
    """Indices of the episodes to draw, of the lowest, a middle and the highest return, without repetition."""
    order = np.argsort(returns, kind='stable')
    places = np.rint(np.linspace(0, len(order) - 1, min(_MOST_DRAWN, len(order)))).astype(int)
    return [int(order[place]) for place in places]


def describe(episodes, correlations):
    """[text] of each episode: its correlations and returns; arguments as of `draw_rewards`."""
    texts = []
    for number, ((predicted, true), values_of) in enumerate(zip(episodes, correlations, strict=True), 1):
        shown = [f'{text} {values_of[column]:.2f}' if column in values_of else f'{text} -'
                for column, text in _CORRELATIONS.items()]
        texts.append(f'episode {number}: {", ".join(shown)}; return {_number(true.sum())}, '
                     f'predicted {_number(predicted.sum())}')
    return texts


def _number(value):
    return f'{value:,.{0 if abs(value) >= 100 else 2}f}'


def _draw_episode(panel, predicted, true, title):
    for values, colour, label in ((true, BLACK, 'true'), (predicted, BLUE, 'predicted')):
        panel.plot(values, color=colour, linewidth=0.5, alpha=0.3)
        smooth = pd.Series(values).rolling(_WINDOW, center=True, min_periods=1).mean()
        panel.plot(smooth, color=colour, label=f'{label}, mean of {_WINDOW} steps')
    panel.set_title(title, fontsize=8.5, loc='left')
    round_ticks(panel, 8, 7)


def _draw_steps(panel, episodes):
    predicted, true = (np.concatenate(side) for side in zip(*episodes, strict=True))
    panel.hexbin(true, predicted, gridsize=40, bins='log', cmap='Blues', mincnt=1, linewidths=0.1,
                 vmin=_PALEST)
    _draw_diagonal(panel, true)
    panel.set(xlabel='true reward', ylabel='predicted reward', title=f'{len(true):,} steps')
    round_ticks(panel)


def _draw_returns(panel, episodes):
    predicted, true = (np.array([values.sum(dtype=float) for values in side])
                       for side in zip(*episodes, strict=True))
    panel.plot(true, predicted, 'o', color=BLUE)
    low, high = min(predicted.min(), true.min()), max(predicted.max(), true.max())
    room = 0.06 * (high - low) or 1.0
    panel.set(xlim=(low - room, high + room), ylim=(low - room, high + room), aspect='equal')
    panel.axline((low, low), slope=1, color=BLACK, linewidth=0.8, linestyle='--', zorder=0)
    error = np.sqrt(np.mean((predicted - true) ** 2))
    panel.set(xlabel='true return', ylabel='sum of predictions',
              title=f'{len(true)} episode{"" if len(true) == 1 else "s"}, RMSE {_number(error)}')
    round_ticks(panel, 5, 5)      # the same on both axes


def _draw_diagonal(panel, values):
    """The line on which predictions equal the true values."""
    ends = [values.min(), values.max()]
    panel.plot(ends, ends, color=BLACK, linewidth=0.8, linestyle='--', zorder=0)
    if ends[0] == ends[1]:
        panel.axline(ends, slope=1, color=BLACK, linewidth=0.8, linestyle='--', zorder=0)
