"""The paper's main figure: a panel for each environment, a line for each algorithm, a band over seeds."""
import math

from figures.runs import RETURN, STEPS, UPDATES
from figures.statistics import aligned, band
from figures.style import looks, new_figure

_TASKS = ('Ant', 'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup')
_MOST_COLUMNS, _PANEL = 4, (2.9, 2.3)
_SCALES = {STEPS: (1e6, 'millions'), UPDATES: (1e3, 'thousands')}
_BANDS = {'std': 'one standard deviation', 'ci': '95 % bootstrap interval of the mean',
          'minmax': 'lowest to highest'}


def draw_curves(runs, column=RETURN, kind='std', smooth=1):
    """A figure of learning curves.

    A line is dotted on from where the first of its runs ends: it is of the others only.

    Args:
        runs: [Run].
        column: of their rows, the vertical axis.
        kind: of band, as for `band`.
        smooth: rows of a running mean.

    Returns:
        A matplotlib `Figure`.
    """
    envs = in_order({run.env for run in runs})
    num_columns = min(len(envs), _MOST_COLUMNS)
    num_rows = math.ceil(len(envs) / num_columns)
    styles = looks(runs)
    figure = new_figure(max(_PANEL[0] * num_columns, 4.5) + 0.2, _PANEL[1] * num_rows)
    panels = figure.subplots(num_rows, num_columns, squeeze=False)
    handles = {}
    for panel, env in zip(panels.flat, envs, strict=False):
        of_env = [run for run in runs if run.env == env]
        for label, style in styles.items():
            if group := [run for run in of_env if run.label == label]:
                handles.setdefault(label, _draw_line(panel, group, column, kind, smooth, style))
        panel.set_title(env)
    for panel in list(panels.flat)[len(envs):]:
        panel.set_axis_off()
    _name_axes(panels, len(envs), runs[0].unit, column, smooth)
    add_legend(figure, handles, runs, f'band: {_BANDS[kind]}')
    return figure


def add_legend(figure, handles, runs, title):
    """Puts the legend below the panels, in room of its own.

    It tells the number of seeds once, or for each label where they differ.

    Args:
        figure: with the layout `constrained`.
        handles: {label: what is drawn for it}.
        runs: [Run], of which some may have other labels.
        title: what else there is to tell.
    """
    counts = {label: _seeds(label, runs) for label in handles}
    if len(set(counts.values())) == 1:
        told = next(iter(counts.values()))
        texts, title = list(handles), told if told == '1 seed' else f'{told}; {title}'
    else:
        texts = [f'{label} ({counts[label]})' for label in handles]
    fitting = figure.get_figwidth() / (0.07 * max(map(len, texts)) + 0.6)
    num_rows = math.ceil(len(texts) / max(1, int(fitting)))
    figure.set_figheight(figure.get_figheight() + 0.4 + 0.2 * num_rows)
    figure.legend(handles.values(), texts, loc='outside lower center', ncols=math.ceil(len(texts) / num_rows),
                  title=title, title_fontsize=8)


def in_order(envs):
    """Environments as the paper shows them, others after them by name."""
    def key(env):
        task = env.split('-')[0]
        return (_TASKS.index(task) if task in _TASKS else len(_TASKS), env)

    return sorted(envs, key=key)


def _draw_line(panel, group, column, kind, smooth, style):
    table = aligned(group, column, smooth)
    table.index = table.index / _SCALES[group[0].unit][0]
    mean, low, high = band(table, kind)
    whole = table.notna().all(axis=1) | (table.index < min(table[name].last_valid_index() for name in table))
    often = max(1, len(mean) // 10)     # markers tell lines apart without colour; a few are enough
    line, = panel.plot(mean.index[whole], mean[whole], markevery=often, **style)
    rest = mean[~whole]
    if len(rest):
        joined = mean.loc[mean.index[whole][-1:].append(rest.index)]
        panel.plot(joined.index, joined, color=style['color'], linestyle=':', linewidth=1)
    panel.fill_between(mean.index, low, high, color=style['color'], alpha=0.18, linewidth=0)
    return line


def _name_axes(panels, count, unit, column, smooth):
    """Names on the lowest panel of each column, and on the first of each row."""
    name = 'test return' if column == RETURN else column
    for number, panel in enumerate(panels.flat[:count]):
        panel.locator_params(axis='x', nbins=5)
        if number + panels.shape[1] >= count:
            panel.set_xlabel(f'{unit} ({_SCALES[unit][1]})')
        if number % panels.shape[1] == 0:
            panel.set_ylabel(name + (f', mean of {smooth} tests' if smooth > 1 else ''))


def _seeds(label, runs):
    """`3 seeds`, or `2 to 3 seeds` where environments have more or fewer."""
    counts = [len({run.seed for run in runs if run.label == label and run.env == env})
              for env in {run.env for run in runs if run.label == label}]
    low, high = min(counts), max(counts)
    return f'{low if low == high else f"{low} to {high}"} seed{"" if high == 1 else "s"}'
