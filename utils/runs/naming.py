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
    parts += _variants(args)
    if args.get('env_type') == 'normal':
        parts.append('normal')
    return parts


def _variants(flags):
    """[word] for each flag that names a run and has another value than the original's code."""
    exact = ['exact'] if flags.get('rrd_exact') else []
    usual = {'reward_form': 'step', 'ircr_credit': 'return'}
    return exact + [flags[name] for name, value in usual.items() if flags.get(name, value) != value]


def kind_of(flags):
    """Determines the colour of a run: `'rrd-l'`, `'plain'`, `'dense'`, or the name of its algorithm."""
    if flags['alg'] == 'rrd':
        return 'rrd-l' if flags.get('rrd_bias_correction') else 'rrd'
    if flags['alg'] in ('ircr', 'uniform', *UNOFFICIAL):
        return flags['alg']
    return 'dense' if flags.get('env_type') == 'normal' else 'plain'


def base_label(flags):
    """The label of the algorithm: `RRD-L(RD) + SAC`, or `SAC, dense rewards`."""
    names = {'rrd-l': 'RRD-L(RD)', 'uniform': 'uniform', 'diaster': 'Diaster'}
    name = ' '.join([names.get(kind_of(flags), flags['alg'].upper()), *_variants(flags)])
    basis = f' + {flags["basis_alg"].upper()}' if 'basis_alg' in flags else ''
    return f'{name}{basis}{", dense rewards" if flags.get("env_type") == "normal" else ""}'
