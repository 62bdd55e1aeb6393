"""Final returns by environment and algorithm, as Markdown for people and CSV for programs."""
import math
import os

import numpy as np
import pandas as pd

from figures.curves import in_order
from figures.runs import RETURN
from figures.statistics import final, interquartile_interval, interquartile_mean
from figures.style import in_legend_order
from utils.errors import UserError, file_errors
from utils.text import one_line
from utils.whole_files import write_whole

_FORMULA = ('=', '+', '-', '@')         # first characters that make a spreadsheet calculate

COLUMNS = ('environment', 'algorithm', 'mean', 'std', 'iqm', 'iqm_low', 'iqm_high', 'seeds', 'first_end',
           'last_end', 'unit')


def make_table(runs, share, reference='', column=RETURN):
    """A row for each environment and algorithm, a DataFrame with `COLUMNS`.

    Args:
        runs: [Run].
        share: of the tests at the end of a run, whose mean is its final return.
        reference: label whose mean is 1 in additional rows over all environments; empty: no such rows.
        column: of the runs' rows.

    Raises:
        UserError: some environment has no run with the label `reference`.
    """
    finals = {}         # {(environment, label): [(final return, last step)]}
    for run in runs:
        value = final(run, column, share), run.rows.index[-1]
        finals.setdefault((run.env, run.label), []).append(value)
    envs, names = in_order({run.env for run in runs}), in_legend_order(runs)
    rows = [_row(env, name, [[value for value, _ in found]], [end for _, end in found])
            for env in envs for name in names if (found := finals.get((env, name)))]
    if reference:
        rows += _overall(finals, envs, names, reference)
    return pd.DataFrame([(*row, runs[0].unit) for row in rows], columns=COLUMNS)


def _row(env, name, strata, ends):
    values = np.concatenate(strata)
    std = values.std(ddof=1) if len(values) > 1 else math.nan
    return (env, name, values.mean(), std, float(interquartile_mean(values)), *interquartile_interval(strata),
            min(len(stratum) for stratum in strata), min(ends), max(ends))


def _overall(finals, envs, names, reference):
    """Rows over all environments, of labels that every environment has."""
    missing = [env for env in envs if (env, reference) not in finals]
    if missing:
        raise UserError(f'--reference={reference}: no such run in {missing[0]}; there are {", ".join(names)}')
    unit = {env: np.mean([value for value, _ in finals[env, reference]]) for env in envs}
    if low := [env for env in envs if unit[env] <= 0]:
        raise UserError(f'--reference={reference}: its mean in {low[0]} is {unit[low[0]]}; '
                        'expected one above 0')
    rows = []
    for name in names:
        if all((env, name) in finals for env in envs):
            strata = [[value / unit[env] for value, _ in finals[env, name]] for env in envs]
            rows.append(_row(f'all, in units of {reference}', name, strata,
                             [end for env in envs for _, end in finals[env, name]]))
    return rows


def as_markdown(table, column=RETURN):
    """The table as Markdown; the interval of a single seed is a dash."""
    name = 'return' if column == RETURN else column
    lines = [f'| environment | algorithm | final {name} | IQM [95 % interval] | seeds | {table["unit"][0]} |',
             '| --- | --- | --- | --- | --- | --- |']
    most = table['seeds'].max()
    sizes = table[['mean', 'std']].abs().max(axis=1).groupby(table['environment']).transform('max')
    for row, size in zip(table.itertuples(), sizes, strict=True):   # one format for an environment
        number = f'{{:{",.0f" if size >= 100 else ",.2f" if size >= 0.1 else ".3g"}}}'.format
        std = f' ± {number(row.std)}' if not math.isnan(row.std) else ''
        interval = '-' if math.isnan(row.iqm_low) else f'{number(row.iqm_low)}, {number(row.iqm_high)}'
        seeds = f'{row.seeds}' if row.seeds == most else f'**{row.seeds} of {most}**'
        steps = f'{row.last_end:,}'
        if row.first_end != row.last_end:
            steps = f'**{row.first_end:,} to {steps}**'
        lines.append(f'| {row.environment} | {row.algorithm} | {number(row.mean)}{std} | '
                     f'{number(row.iqm)} [{interval}] | {seeds} | {steps} |')
    return '\n'.join(lines) + '\n'


def save_table(table, path, column=RETURN):
    """Writes the table as `path`.md and `path`.csv, each atomically.

    Raises:
        UserError: a file cannot be written.
    """
    shown = table.map(_inert)
    texts = {'.md': as_markdown(table, column), '.csv': shown.to_csv(index=False, lineterminator='\n')}
    for suffix, text in texts.items():
        with file_errors(f'cannot write {path}{suffix}'):
            write_whole(f'{os.fspath(path)}{suffix}', lambda file, text=text: file.write(text.encode()))


def _inert(value):
    """`value`; a text on one line, after an apostrophe if a spreadsheet would take it for a formula."""
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
