"""Draws figures and tables of runs: curves, ablations, learned against true rewards, final returns."""
import logging
import sys

from figures.curves import draw_curves
from figures.runs import RETURN, read_runs
from figures.statistics import BANDS
from figures.style import check_suffix, save
from figures.table import as_markdown, make_table, save_table
from utils.command_line import read
from utils.errors import UserError, run
from utils.flags import Flag, resolve
from utils.run_dir import expanded

LOG = logging.getLogger('rrd')
COLUMN = Flag('column', str, RETURN, 'column of progress.csv')
SHARE = Flag('final_share', float, 0.1, 'share of the tests, the last, whose mean is the final return', low=1e-9, high=1)
TABLES = {
    'curves': (
        Flag('out', str, 'curves.png', 'figure to write: .png, .pdf or .svg'), COLUMN,
        Flag('band', str, 'std', 'what a band shows over seeds', choices=BANDS),
        Flag('smooth', int, 1, 'tests of a running mean, the present one and those before', low=1),
    ),
    'table': (
        Flag('out', str, 'table', 'name of the files to write, without .md and .csv'), COLUMN, SHARE,
        Flag('reference', str, '', 'algorithm, as the table calls it, in units of which rows over all '
             'environments are added'),
    ),
}


def main(argv=None):
    """Makes one figure or table; `argv` is the command line, None for that of this process."""
    mode, paths, flags = parse_words(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(stream=sys.stdout, format='%(message)s')
    LOG.setLevel(logging.INFO)
    MODES[mode](paths, flags)


def curves(paths, flags):
    """Learning curves."""
    check_suffix(flags.out)
    runs = read_runs(paths, flags.column, tell=LOG.warning)
    save(draw_curves(runs, flags.column, flags.band, flags.smooth), flags.out)
    LOG.info('%d runs: %s', len(runs), flags.out)


def table(paths, flags):
    """Final returns."""
    runs = read_runs(paths, flags.column, tell=LOG.warning)
    made = make_table(runs, flags.final_share, flags.reference, flags.column)
    save_table(made, expanded('out', flags.out))
    LOG.info('%s%d runs: %s.md, %s.csv', as_markdown(made), len(runs), flags.out, flags.out)


MODES = {'curves': curves, 'table': table}


def parse_words(words):
    """(what to make, paths, `Args`) of a command line.

    Raises:
        UserError: no such thing can be made, there is no path, or a flag cannot be used.
    """
    first = next((i for i, word in enumerate(words) if word.startswith('-')), len(words))
    mode, paths = next(iter(words[:first]), ''), words[1:first]
    tables = {f'plot.py {mode}': TABLES[mode]} if mode in TABLES else {
        f'plot.py {name}': flags for name, flags in TABLES.items()}
    if mode not in TABLES and not {'-h', '--help'} & {*words}:
        raise UserError(f'plot.py {mode}: expected one of {", ".join(TABLES)}, and runs: python plot.py curves log')
    given = read(tables, words[first:], description=__doc__,
                 usage=f'python plot.py {mode or "{" + ",".join(TABLES) + "}"} RUN_DIR... [--flag=value ...]')
    if not paths:
        raise UserError(f'plot.py {mode}: expected directories of runs: python plot.py {mode} log')
    return mode, [expanded('run', path) for path in paths], resolve(tables, (), given, None)


if __name__ == '__main__':
    run(main)
