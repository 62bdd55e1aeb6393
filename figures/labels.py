"""What the runs in a figure are called: by their flags, as far as these tell them apart."""
from collections import defaultdict

# flags that make no other algorithm of a run
SAME = ('env', 'env_category', 'seed', 'tag', 'run_dir', 'resume', 'epochs', 'cycles', 'test_rollouts',
        'save_rews', 'save_every', 'keep_checkpoints', 'save_buffer', 'inter_op_threads', 'intra_op_threads',
        'libero_path', 'libero_failures', 'cache_dir')
_SHORT = {'rrd_sample_size': 'K'}


def kind_of(flags):
    """`'rrd'`, `'rrd-l'`, `'ircr'`, `'dense'` or `'plain'`: what gives a run its colour."""
    if flags['alg'] == 'rrd':
        return 'rrd-l' if flags.get('rrd_bias_correction') else 'rrd'
    if flags['alg'] == 'ircr':
        return 'ircr'
    return 'dense' if flags.get('env_type') == 'normal' else 'plain'


def base_label(flags):
    """The algorithm by name: `RRD-L(RD) + SAC`, or `SAC, dense rewards`."""
    name = {'rrd': 'RRD', 'rrd-l': 'RRD-L(RD)', 'ircr': 'IRCR'}.get(kind_of(flags), flags['alg'].upper())
    basis = f' + {flags["basis_alg"].upper()}' if 'basis_alg' in flags else ''
    exact = ' exact' if flags.get('rrd_exact') else ''
    return f'{name}{exact}{basis}{", dense rewards" if flags.get("env_type") == "normal" else ""}'


def labels(all_flags, over=''):
    """The label of each run: its algorithm, and every flag in which runs of this algorithm differ.

    Defaults that differ between environments are no difference.

    Args:
        all_flags: [{name: value}], one a run.
        over: a flag that is told elsewhere, with all that follows from it.

    Returns:
        [text], in the same order.
    """
    varying = defaultdict(set)
    groups = defaultdict(list)
    told = [{name: value for name, value in flags.items() if name != over} for flags in all_flags]
    for flags, rest in zip(all_flags, told, strict=True):
        groups[base_label(rest), flags['env'], repr(flags.get(over))].append(rest)
    for (label, *_), group in groups.items():
        names = set.intersection(*(set(flags) for flags in group)) - {*SAME}    # others are of other versions
        varying[label] |= {name for name in names if len({repr(flags[name]) for flags in group}) > 1}
    return [', '.join([label, *(f'{_SHORT.get(name, name)} = {flags[name]}'
                                for name in sorted(varying[label]) if name in flags)])
            for flags in told for label in [base_label(flags)]]
