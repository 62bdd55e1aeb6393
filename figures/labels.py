"""Labels of the runs in a figure: the algorithm, and the flags that distinguish its runs."""
from collections import defaultdict

from utils.flags.table import every_flag
from utils.runs.naming import base_label

_SHORT = {'rrd_sample_size': 'K'}


def same_algorithm():
    """{name} of recorded values that make no other algorithm."""
    # env_category follows from env, and older versions name some categories otherwise
    return {flag.name for flag in every_flag() if not flag.role.makes_algorithm} | {'env_category'}


def labels(all_flags, over=''):
    """The label of each run: its algorithm, and every flag in which runs of this algorithm differ.

    Defaults that differ between environments do not count as a difference.

    Args:
        all_flags: [{name: value}], one a run.
        over: a flag that the figure shows elsewhere, with its consequences.

    Returns:
        [text], in the same order.
    """
    varying = defaultdict(set)
    groups = defaultdict(list)
    without = [{name: value for name, value in flags.items() if name != over} for flags in all_flags]
    for flags, rest in zip(all_flags, without, strict=True):
        groups[base_label(rest), flags['env'], repr(flags.get(over))].append(rest)
    for (label, *_), group in groups.items():
        names = set.intersection(*map(set, group)) - same_algorithm()       # the rest is of other versions
        varying[label] |= {name for name in names if len({repr(flags[name]) for flags in group}) > 1}
    return [', '.join([label, *(f'{_SHORT.get(name, name)} = {flags[name]}'
                                for name in sorted(varying[label]) if name in flags)])
            for flags in without for label in [base_label(flags)]]
