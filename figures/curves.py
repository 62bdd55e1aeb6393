"""The paper's main figure: a panel for each environment, a line for each algorithm, a band over seeds."""
import math
import textwrap
from collections import Counter

from figures.runs import RETURN
from figures.statistics import aligned, band
from figures.style import looks, new_figure, round_ticks
from figures.words import axis_name

_TASKS = ('Ant', 'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup')
_MOST_COLUMNS, _PANEL = 4, (2.4, 2.0)
_SCALES = ((1e6, ' (millions)'), (1e3, ' (thousands)'), (1, ''))     # the first that some run reaches
LETTER, _HANDLE = 0.07, 0.8         # inches: of a letter in a legend, and beside a text
_BANDS = {'std': 'one standard deviation', 'ci': '95 % bootstrap interval of the mean',
          'minmax': 'lowest to highest'}


def draw_curves(runs, column=RETURN, kind='std', smooth=1):
    """A figure of learning curves.

    A line is dotted where only some of its runs have values: the others start later or have ended.

    Args:
        runs: [Run].
        column: of their rows, for the vertical axis.
        kind: of band, as for `band`.
        smooth: rows of a running mean.

    Returns:
        A matplotlib `Figure`.
    """
    envs = in_order({run.env for run in runs})
    num_rows = math.ceil(len(envs) / _MOST_COLUMNS)
    num_columns = math.ceil(len(envs) / num_rows)
    styles = looks(runs)
    figure = new_figure(max(_PANEL[0] * num_columns, 4.5) + 0.2, _PANEL[1] * num_rows)
    panels = figure.subplots(num_rows, num_columns, squeeze=False)
    scale, unit = _scale(runs)
    handles = {}
    for panel, env in zip(panels.flat, envs, strict=False):
        of_env = [run for run in runs if run.env == env]
        for label, style in styles.items():
            if group := [run for run in of_env if run.label == label]:
                handles.setdefault(label, _draw_line(panel, group, column, kind, smooth, scale, style))
        panel.set_title(env)
    for panel in list(panels.flat)[len(envs):]:
        panel.set_axis_off()
    _name_axes(panels, len(envs), f'{runs[0].unit}{unit}', column, smooth)
    add_legend(figure, handles, runs, f'band: {_BANDS[kind]}')
    return figure


def add_legend(figure, handles, runs, title, over=''):
    """Puts the legend below the panels, in its own space.

    It shows the number of seeds once, or for each label if the numbers differ.

    Args:
        figure: with the layout `constrained`.
        handles: {label: its artist}.
        runs: [Run]; runs with other labels are ignored.
        title: further text.
        over: a flag; seeds are counted for each of its values.
    """
    counts = {label: _seeds([run for run in runs if run.label == label], over) for label in handles}
    if len(set(counts.values())) == 1:
        seeds = next(iter(counts.values()))
        texts, title = list(handles), seeds if seeds == '1 seed' else f'{seeds}; {title}'
    else:
        texts = [f'{label} ({counts[label]})' for label in handles]
    width = figure.get_figwidth()
    num_columns = max(1, int(width / (LETTER * max(map(len, texts)) + _HANDLE)))
    num_rows = math.ceil(len(texts) / num_columns)
    texts = [_wrapped(text, int((width - _HANDLE) / LETTER)) for text in texts]
    num_lines = num_rows + sum(text.count('\n') for text in texts)      # several only in a single column
    figure.set_figheight(figure.get_figheight() + 0.4 + 0.2 * num_lines)
    figure.legend(handles.values(), texts, loc='outside lower center', ncols=math.ceil(len(texts) / num_rows),
                  title=title, title_fontsize=8)


def _wrapped(text, length):
    """The text in lines of at most `length` letters, never broken at an equals sign."""
    return textwrap.fill(text.replace(' = ', '\xa0=\xa0'), length).replace('\xa0', ' ')


def in_order(envs):
    """Environments in the paper's order, then the others by name."""
    def key(env):
        task = env.split('-')[0]
        return (_TASKS.index(task) if task in _TASKS else len(_TASKS), env)

    return sorted(envs, key=key)


def _scale(runs):
    """(steps in a unit of the axis, its name) by the last step of all runs."""
    last = max(run.rows.index[-1] for run in runs)
    return next((scale, name) for scale, name in _SCALES if last >= scale or scale == 1)


def _draw_line(panel, group, column, kind, smooth, scale, style):
    table = aligned(group, column, smooth)
    table.index = table.index / scale
    mean, low, high = band(table, kind)
    whole = mean.index[table.notna().all(axis=1)]       # one range: a curve has no gap between its ends
    often = max(1, len(whole) // 10)    # markers distinguish lines without colour; a few are enough
    line, = panel.plot(whole, mean[whole], markevery=often, **style)
    for part in (mean.loc[:whole[0]], mean.loc[whole[-1]:]) if len(whole) else (mean,):
        if len(part) > 1:
            panel.plot(part.index, part, color=style['color'], linestyle=':', linewidth=1)
    panel.fill_between(mean.index, low, high, color=style['color'], alpha=0.18, linewidth=0)
    return line


def _name_axes(panels, count, unit, column, smooth):
    """Names on the lowest panel of each column, and on the first of each row."""
    for number, panel in enumerate(panels.flat[:count]):
        round_ticks(panel)
        if number + panels.shape[1] >= count:
            panel.set_xlabel(unit)
        if number % panels.shape[1] == 0:
            panel.set_ylabel(axis_name(column, f', mean of {smooth} tests' if smooth > 1 else ''))


def _seeds(runs, over):
    """`3 seeds`, or `2 to 3 seeds` if environments, or values of a flag, differ."""
    counts = Counter((run.env, run.flags.get(over)) for run in runs)     # no seed occurs twice
    low, high = min(counts.values()), max(counts.values())
    return f'{low if low == high else f"{low} to {high}"} seed{"" if high == 1 else "s"}'
