"""Reads args.json and progress.csv of runs, and test records of the authors' code."""
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from figures.labels import labels
from figures.original import are_steps, read_original
from figures.sources import find_sources
from utils.errors import UserError
from utils.flags.table import every_flag
from utils.foreign.files import DamagedError
from utils.foreign.tables import read_frame
from utils.runs.naming import kind_of
from utils.runs.record import NAME, read_args
from utils.text import one_line

RETURN = 'test/return_mean'
_REQUIRED = ('alg', 'env', 'seed')      # every record has them: labels and panels need them
STEPS, UPDATES = 'environment steps', 'updates'
_COUNTS = {'timesteps': STEPS, 'updates': UPDATES}       # the first that a run has is its x axis


class Run(NamedTuple):
    """The numbers of one run.

    Attributes:
        path: of its directory or file.
        env: the environment.
        label: the algorithm, as in a legend.
        kind: what determines its colour.
        seed: distinguishes it from other runs with this label.
        flags: {name: value}; empty if unknown.
        made_as: id of the environment that was really made.
        unit: of the index of `rows`, `STEPS` or `UPDATES`.
        rows: DataFrame with the columns of progress.csv, one row a cycle.
    """

    path: Path
    env: str
    label: str
    kind: str
    seed: int
    flags: dict
    made_as: str
    unit: str
    rows: Any


def read_runs(paths, column=RETURN, over='', report=lambda text: None):
    """The runs at `paths`, in the order of the paths.

    Args:
        paths: directories of runs, or that hold runs; .npz files of the authors' code.
        column: required in every run.
        over: a flag that the labels omit.
        report: function of a text, called for a run that has no number in the column yet and is skipped.

    Returns:
        [Run], one or more.

    Raises:
        UserError: there is no run, something cannot be read, or runs cannot be compared.
    """
    runs = []
    for source in find_sources(paths):
        run = _read_npz(source, column) if source.suffix == '.npz' else _read_run(source, column)
        if run.rows[column].notna().any():
            runs.append(run)
        else:
            report(f'{source} has no {column} yet and is skipped')
    if not runs:
        raise UserError(f'{", ".join(map(str, paths))}: no run has {column} yet')
    runs = _named(runs, over)
    _check_comparable(runs, over)
    return runs


def _named(runs, over):
    """The runs with labels and kinds that do not show the flag `over`."""
    if over in _REQUIRED:
        raise UserError(f'--over={over}: expected a flag of an algorithm')
    flags = [run.flags for run in runs if run.flags]
    names = iter(labels(flags, over))
    kinds = (kind_of({name: value for name, value in each.items() if name != over}) for each in flags)
    return [run._replace(label=next(names), kind=next(kinds)) if run.flags else run for run in runs]


def _read_run(directory, column):
    record = read_args(directory)
    flags = {one_line(name): one_line(value) if isinstance(value, str) else value
             for name, value in record['flags'].items()}        # they are shown in figures and tables
    _check_flags(directory / NAME, flags)
    table = read_csv(directory / 'progress.csv')
    count = next((name for name in _COUNTS if name in table), None)
    if count is None:
        raise UserError(f'{directory / "progress.csv"} has neither a column timesteps nor updates')
    if column not in table or column == count:
        have = ', '.join(name for name in table if '/' in name)
        raise UserError(f'{directory / "progress.csv"} has no column {column} to draw; it has {have}')
    if not are_steps(table[count]):
        raise UserError(f'{directory / "progress.csv"}: {count} are not whole numbers that grow '
                        'from row to row')
    if np.isinf(table[column]).any():
        raise UserError(f'{directory / "progress.csv"}: {column} is not finite')
    table[count] = table[count].astype(int)
    made_as = one_line(str(record['environment'].get('id', flags['env'])))
    return Run(directory, flags['env'], '', '', flags['seed'], flags, made_as, _COUNTS[count],
               table.set_index(count))


def _check_flags(path, flags):
    """Refuses a record without required flags, or one of another program."""
    if missing := [name for name in _REQUIRED if name not in flags]:
        raise UserError(f'{path} has no flag {missing[0]}')
    for name, value in flags.items():
        if name in ('alg', 'env', 'basis_alg') and not isinstance(value, str):
            raise UserError(f'{path}: {name} is {value!r}; expected a text')
        if isinstance(value, list | dict):
            raise UserError(f'{path}: {name} is {value!r}; expected a text or a number')


def _read_npz(path, column):
    if column != RETURN:
        raise UserError(f'{path} has only test returns, and no {column}')
    label, env, steps, returns = read_original(path)
    rows = pd.DataFrame({RETURN: returns}, index=pd.Index(steps, name='timesteps'))
    return Run(path, env, label, 'original', str(path), {}, '', STEPS, rows)


def read_csv(path):
    """A DataFrame of numbers; an incomplete last line is skipped.

    Raises:
        UserError: it cannot be read, is empty, or has a value that is not a number.
    """
    try:
        table = read_frame(path)
    except DamagedError as error:
        raise UserError(f'{path} is no table of numbers: {error.cause}') from error
    if not len(table.columns):
        raise UserError(f'{path} is empty; expected a header and a row for each cycle')
    if not isinstance(table.index, pd.RangeIndex):      # pandas takes surplus columns for row names
        raise UserError(f'{path} is no table of numbers: rows are longer than the header')
    texts = [name for name in table if len(table) and not pd.api.types.is_numeric_dtype(table[name])]
    if texts:
        raise UserError(f'{path} is no table of numbers: {texts[0]} has other values')
    return table.astype(float)


def _check_comparable(runs, over):
    """Refuses runs with different units, and the same run twice."""
    units, known, made = {}, {}, defaultdict(dict)
    changing = [flag.name for flag in every_flag() if flag.changes_returns and flag.name != over]
    for run in runs:
        units.setdefault(run.unit, run)
        key = run.label, run.env, run.seed, run.flags.get(over)
        if key in known:
            raise UserError(f'{known[key]} and {run.path} have the same algorithm, environment and seed; '
                            'leave one of them out')
        known[key] = run.path
        if run.flags:
            made[run.env, 'simulator'].setdefault(run.made_as, run.path)
        for name in changing:
            if name in run.flags:
                made[run.env, name].setdefault(run.flags[name], run.path)
    if len(units) > 1:
        (unit, one), (other, two) = units.items()
        raise UserError(f'mixed units: {one.path} counts {unit}, {two.path} counts {other}')
    for (env, name), values in made.items():
        if len(values) > 1:
            (value, one), (other, two) = list(values.items())[:2]
            raise UserError(f'mixed units: the returns of {env} have {name} {value} in {one}, '
                            f'and {other} in {two}')
