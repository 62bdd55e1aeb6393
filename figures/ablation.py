"""What a flag is worth: final return, and return over all steps, against its values."""
import numpy as np

from figures.curves import add_legend, in_order
from figures.labels import SAME
from figures.runs import RETURN
from figures.statistics import area, final
from figures.style import looks, new_figure
from utils.errors import UserError

_SAMPLE_SIZE, _PANEL = 'rrd_sample_size', (3.3, 2.3)


def draw_ablation(runs, over, share, column=RETURN):
    """A figure with a row for each environment: final value, and area under the curve, against a flag.

    Error bars are one standard deviation over seeds. Runs that do not have the flag are horizontal lines.
    Over `rrd_sample_size` (K), the axis shows its two limits: with K = 1 the best fit is to redistribute
    returns uniformly, and with K = T they are decomposed exactly (arXiv:2111.13485, section 3.2).

    Args:
        runs: [Run], of which the labels do not tell `over`.
        over: name of a flag.
        share: of the tests at the end of a run, whose mean is its final value.
        column: of the runs' rows.

    Returns:
        A matplotlib `Figure`.

    Raises:
        UserError: no run has the flag, or all have the same value of it.
    """
    values = _values(runs, over)
    place, scale, ticks = _axis(values, _limits(runs) if over == _SAMPLE_SIZE else {})
    envs, styles = in_order({run.env for run in runs}), looks(runs)
    measures = {'at the end': lambda run: final(run, column, share),
                'mean over steps': lambda run: area(run, column)}
    figure = new_figure(2 * _PANEL[0] + 0.2, _PANEL[1] * len(envs))
    panels, handles = figure.subplots(len(envs), 2, squeeze=False), {}
    for row, env in zip(panels, envs, strict=True):
        for panel, (name, measure) in zip(row, measures.items(), strict=True):
            of_env = [run for run in runs if run.env == env]
            _draw_panel(panel, of_env, over, measure, place, styles, handles)
            panel.set(title=f'{env}: {name}', ylabel=_named(column),
                      xlabel='K (rrd_sample_size)' if over == _SAMPLE_SIZE else over)
            if scale == 'log':
                panel.set_xscale('log', base=2)
            panel.set_xticks(list(ticks), ticks.values())
            panel.minorticks_off()
    add_legend(figure, handles, runs, 'error bars and bands: one standard deviation')
    return figure


def _values(runs, over):
    """Values of the flag in these runs, sorted; two or more."""
    values = {run.flags[over] for run in runs if over in run.flags}
    if not values:
        names = {name for run in runs for name in run.flags} - {*SAME}
        differ = [name for name in sorted(names) if len({repr(run.flags.get(name)) for run in runs}) > 1]
        raise UserError(f'--over={over}: no run has this flag; these differ: {", ".join(differ) or "none"}')
    if len(values) == 1:
        raise UserError(f'--over={over}: every run has {over}={values.pop()}; expected two values or more')
    return sorted(values, key=lambda value: (isinstance(value, str), value))


def _axis(values, limits):
    """How values are laid out: on a scale where they are numbers, otherwise side by side.

    Args:
        values: of the flag, sorted.
        limits: {value: text} of those that have a name; also of some that no run has.

    Returns:
        (function of a value to its place, 'log' or 'linear', {place: text below it}).
    """
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return values.index, 'linear', {place: str(value) for place, value in enumerate(values)}
    places = sorted({*values, *limits})
    scale = 'log' if places[0] > 0 and places[-1] >= 8 * places[0] else 'linear'
    return float, scale, {float(value): f'{value:g}' + limits.get(value, '') for value in places}


def _limits(runs):
    """{K: text}: one step, and the whole of an episode that is not cut short."""
    longest = max((run.flags['test_timesteps'] for run in runs
                   if _SAMPLE_SIZE in run.flags and 'test_timesteps' in run.flags), default=None)
    whole = {} if longest is None else {longest: '\nexact\ndecomposition'}
    return {1: '\nuniform\nredistribution'} | whole


def _draw_panel(panel, runs, over, measure, place, styles, handles):
    for label, style in styles.items():
        group = [run for run in runs if run.label == label]
        with_flag = [run for run in group if over in run.flags]
        if with_flag:
            points = {}
            for run in with_flag:
                points.setdefault(place(run.flags[over]), []).append(measure(run))
            where = sorted(points)
            spread = [_spread(points[x]) for x in where]
            handles[label] = panel.errorbar(where, [mean for mean, _ in spread], [std for _, std in spread],
                                            capsize=2, **style)
        elif group:
            mean, std = _spread([measure(run) for run in group])
            handles[label] = panel.axhline(mean, color=style['color'], linestyle=style['linestyle'])
            panel.axhspan(mean - std, mean + std, color=style['color'], alpha=0.12, linewidth=0)


def _spread(values):
    """(mean, standard deviation with n - 1, or 0 of a single value)."""
    return np.mean(values), np.std(values, ddof=1) if len(values) > 1 else 0.0


def _named(column):
    return 'test return' if column == RETURN else column
