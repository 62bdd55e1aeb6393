"""Ablation of a flag: final return, and return over all steps, against its values."""
import math
from typing import Any, NamedTuple

import numpy as np

from figures.curves import LETTER, add_legend, in_order
from figures.labels import same_algorithm
from figures.runs import RETURN
from figures.statistics import area, final
from figures.style import looks, new_figure
from figures.words import axis_name
from utils.errors import UserError

_SAMPLE_SIZE, _LENGTH, _PANEL = 'rrd_sample_size', 'train/length_mean', (3.3, 2.0)
_AXIS, _BESIDE = 2.4, 0.4     # inches: from the first value to the last; room for a text beyond them
_MOST_LETTERS = 24


class _Axis(NamedTuple):
    """The layout of values: `place` positions one, `scale` is 'log' or 'linear', `ticks` is {place: text}."""

    place: Any
    scale: str
    ticks: dict
    rotation: int


def draw_ablation(runs, over, share, column=RETURN):
    """A figure with a row for each environment: final value, and area under the curve, against a flag.

    Error bars are one standard deviation over seeds; a single seed has none. Runs that do not have the flag
    are horizontal lines.
    Over `rrd_sample_size` (K), the axis names its two limits: with K = 1 the best fit is to redistribute
    returns uniformly, and with K = T they are decomposed exactly (arXiv:2111.13485, section 3.2). The second
    is named only if no training episode was shorter.

    Args:
        runs: [Run], whose labels do not show `over`.
        over: name of a flag.
        share: of the tests at the end of a run, whose mean is its final value.
        column: of the runs' rows.

    Returns:
        A matplotlib `Figure`.

    Raises:
        UserError: no run has the flag, or all have the same value of it.
    """
    limits = _limits(runs) if over == _SAMPLE_SIZE else {}
    axis = _axis(_values(runs, over), limits)
    envs, styles = in_order({run.env for run in runs}), looks(runs)
    measures = {'at the end': lambda run: final(run, column, share),
                'mean over steps': lambda run: area(run, column)}
    below = 0.4 + 0.15 * len(limits) + (LETTER * max(map(len, axis.ticks.values())) if axis.rotation else 0)
    figure = new_figure(2 * _PANEL[0] + 0.2, _PANEL[1] * len(envs) + below)
    panels, handles = figure.subplots(len(envs), 2, squeeze=False, sharex=True), {}
    for row, env in zip(panels, envs, strict=True):
        for panel, (name, measure) in zip(row, measures.items(), strict=True):
            _draw_panel(panel, [run for run in runs if run.env == env], over, measure, axis, styles, handles)
            panel.set(title=env, ylabel=f'{axis_name(column)}\n{name}')
    _lay_out(panels, axis, over, limits)
    add_legend(figure, handles, runs, 'error bars and bands: one standard deviation', over)
    return figure


def _lay_out(panels, axis, over, limits):
    """Gives the shared axis of all panels its name, scale and ticks, with some room at both ends."""
    low, high = min(axis.ticks), max(axis.ticks)
    for panel in panels.flat:
        if axis.scale == 'log':
            panel.set_xscale('log', base=2)
            panel.set_xlim(low * (low / high) ** 0.06, high * (high / low) ** 0.06)
        else:
            panel.set_xlim(low - 0.06 * (high - low), high + 0.06 * (high - low))
        panel.set_xticks(list(axis.ticks), axis.ticks.values(), rotation=axis.rotation)
        panel.minorticks_off()
    name = 'K (rrd_sample_size)' if over == _SAMPLE_SIZE else over
    for panel in panels[-1]:
        panel.set_xlabel('\n'.join([name, *(f'K = {k}: {limit}' for k, limit in limits.items())]))


def _values(runs, over):
    """Values of the flag in these runs, sorted; two or more."""
    values = {run.flags[over] for run in runs if over in run.flags}
    if not values:
        names = {name for run in runs for name in run.flags} - same_algorithm()
        differ = [name for name in sorted(names) if len({repr(run.flags.get(name)) for run in runs}) > 1]
        raise UserError(f'--over={over}: no run has this flag; these differ: {", ".join(differ) or "none"}')
    if len(values) == 1:
        raise UserError(f'--over={over}: every run has {over}={values.pop()}; expected two values or more')
    return sorted(values, key=lambda value: (0, value, '') if _is_number(value) else (1, 0, str(value)))


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _axis(values, limits):
    """The `_Axis` of values: to scale if they are numbers and their texts fit, else evenly spaced.

    Args:
        values: of the flag, sorted.
        limits: {value: name} of values that have a name; some may be in no run.
    """
    numbers = all(map(_is_number, values))
    values = sorted({*values, *limits}) if numbers else values
    texts = [f'{value:g}' if isinstance(value, float) else _shortened(str(value)) for value in values]
    if numbers:
        scale = 'log' if values[0] > 0 and values[-1] >= 8 * values[0] else 'linear'
        if _fit(np.log2(values) if scale == 'log' else values, texts):
            return _Axis(float, scale, dict(zip(map(float, values), texts, strict=True)), 0)
    rotation = 0 if _fit(range(len(values)), texts) else 90
    return _Axis(values.index, 'linear', dict(enumerate(texts)), rotation)


def _shortened(text):
    """The end of a long text, where paths differ."""
    return text if len(text) <= _MOST_LETTERS else f'...{text[3 - _MOST_LETTERS:]}'


def _fit(places, texts):
    """Whether texts centred at these places do not overlap each other or those of the next panel."""
    rooms = np.diff(places) / (places[-1] - places[0]) * _AXIS
    widths = [LETTER * (len(one) + len(other) + 1) / 2 for one, other in zip(texts, texts[1:], strict=False)]
    return bool((rooms > widths).all()) and LETTER * max(len(texts[0]), len(texts[-1])) < 2 * _BESIDE


def _limits(runs):
    """{K: name}: one step, and a whole episode of full length.

    Steps of an episode shorter than K are drawn with replacement, so K is exact only if all are that long.
    """
    with_k = [run for run in runs if _SAMPLE_SIZE in run.flags and 'test_timesteps' in run.flags]
    longest = max((run.flags['test_timesteps'] for run in with_k), default=None)
    lengths = [run.rows[_LENGTH].dropna() for run in with_k if _LENGTH in run.rows]
    is_exact = longest is not None and all((values >= longest).all() for values in lengths)
    return {1: 'uniform redistribution'} | ({longest: 'exact decomposition'} if is_exact else {})


def _draw_panel(panel, runs, over, measure, axis, styles, handles):
    for label, style in styles.items():
        group = [run for run in runs if run.label == label]
        with_flag = [run for run in group if over in run.flags]
        if with_flag:
            points = {}
            for run in with_flag:
                points.setdefault(axis.place(run.flags[over]), []).append(measure(run))
            where = sorted(points)
            spread = [_spread(points[x]) for x in where]
            handles[label] = panel.errorbar(where, [mean for mean, _ in spread], [std for _, std in spread],
                                            capsize=2, **style)
        elif group:
            mean, std = _spread([measure(run) for run in group])
            handles[label] = panel.axhline(mean, color=style['color'], linestyle=style['linestyle'])
            if len(group) > 1:
                panel.axhspan(mean - std, mean + std, color=style['color'], alpha=0.12, linewidth=0)


def _spread(values):
    """(mean, standard deviation with n - 1, or NaN of a single value)."""
    return np.mean(values), np.std(values, ddof=1) if len(values) > 1 else math.nan
