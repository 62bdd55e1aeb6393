"""Names of run directories and labels of algorithms.

Both contain every flag with `names_run`, and no other flag.
"""
import re

from utils.flags.algorithms import UNOFFICIAL
from utils.flags.table import every_flag


def run_name(args, swept=None):
    """`<tag, or algorithm>-<env>-seed<k>`, of letters, digits, `.`, `_` and `-` only.

    Without a tag, the algorithm part contains all that distinguishes two runs of the paper. That is `rrd-l`
    for RRD-L(RD), the basis algorithm, and `normal` for rewards at each step.

    Args:
        args: flags of the run.
        swept: {name: value} of flags that differ between the runs of a sweep. Those that the name does not
            already contain are inserted before the seed.
    """
    shown = {flag.name for flag in every_flag() if flag.names_run}
    details = [f'{name}{value}' for name, value in (swept or {}).items() if name not in shown]
    parts = [args.tag] if args.tag else _algorithm(args)
    return re.sub(r'[^A-Za-z0-9._-]', '_', '-'.join([*parts, args.env, *details, f'seed{args.seed}']))


def _algorithm(args):
    parts = ['rrd-l' if kind_of(args) == 'rrd-l' else args.alg]
    if 'basis_alg' in args:
        parts.append(args.basis_alg)
    if args.get('rrd_exact'):
        parts.append('exact')
    if args.get('reward_form', 'step') != 'step':
        parts.append(args.reward_form)
    if args.get('env_type') == 'normal':
        parts.append('normal')
    return parts


def kind_of(flags):
    """`'rrd'`, `'rrd-l'`, `'ircr'`, `'lrr'`, `'diaster'`, `'dense'` or `'plain'`: the colour of a run."""
    if flags['alg'] == 'rrd':
        return 'rrd-l' if flags.get('rrd_bias_correction') else 'rrd'
    if flags['alg'] in ('ircr', *UNOFFICIAL):
        return flags['alg']
    return 'dense' if flags.get('env_type') == 'normal' else 'plain'


def base_label(flags):
    """The label of the algorithm: `RRD-L(RD) + SAC`, or `SAC, dense rewards`."""
    names = {'rrd-l': 'RRD-L(RD)', 'diaster': 'Diaster'}
    name = names.get(kind_of(flags), flags['alg'].upper())
    basis = f' + {flags["basis_alg"].upper()}' if 'basis_alg' in flags else ''
    exact = ' exact' if flags.get('rrd_exact') else ''
    form = flags.get('reward_form', 'step')
    exact += '' if form == 'step' else f' {form}'
    return f'{name}{exact}{basis}{", dense rewards" if flags.get("env_type") == "normal" else ""}'
