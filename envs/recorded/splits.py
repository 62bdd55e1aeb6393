"""Splits recorded episodes into a training set and a held-out set."""
from collections import Counter

import numpy as np

from utils.errors import UserError

_SEED = 6       # of the order of episodes, independent of the run's seed: averaged runs share a split


def split(recordings, fraction, fold=0, holdout_tasks=()):
    """Splits recordings into those that are learned from and those that are held out.

    If tasks are named, their episodes are held out. Otherwise one block of a shuffled order is held out of
    each task, for successes and failures separately. Blocks of different folds are disjoint. They cover all
    episodes if 1 / `fraction` is an integer and there are at least as many episodes. Of two episodes or
    more, at least one is in each set.

    Args:
        recordings: list of `Recording`.
        fraction: share of the episodes of each task that is held out, unless tasks are named.
        fold: index of the block, below 1 / `fraction`.
        holdout_tasks: names of tasks of which every episode is held out.

    Returns:
        (training recordings, held-out recordings), each in the given order.

    Raises:
        UserError: no episode would be left to learn from.
    """
    held_out = {position for position, recording in enumerate(recordings) if recording.task in holdout_tasks}
    if not holdout_tasks:
        for positions in _groups(recordings).values():
            held_out.update(positions[place] for place in _block(len(positions), fraction, fold))
    parts = [[recording for position, recording in enumerate(recordings) if (position in held_out) == held]
             for held in (False, True)]
    if not parts[0]:
        raise UserError(f'--holdout_tasks={",".join(holdout_tasks)} holds out every episode; '
                        'expected at least one to learn from')
    return parts[0], parts[1]


def _groups(recordings):
    """{(task, success): positions of its recordings in `recordings`, shuffled, kinds of failure spread}."""
    groups = {}
    for position, recording in enumerate(recordings):
        groups.setdefault((recording.task, recording.success), []).append(position)
    return {group: _spread(positions, [recordings[position].mode for position in positions],
                           np.random.default_rng([_SEED, *f'{group}'.encode()]))
            for group, positions in groups.items()}


def _spread(positions, modes, rng):
    """`positions` in a random order in which every mode is spread as evenly as possible."""
    order = rng.permutation(len(positions))
    counts, passed, keys = Counter(modes[place] for place in order), Counter(), {}
    for place in order:
        mode = modes[place]
        keys[place] = ((passed[mode] + 0.5) / counts[mode], list(counts).index(mode))
        passed[mode] += 1
    return [positions[place] for place in sorted(order, key=keys.get)]


def _block(count, fraction, fold):
    """The places, out of `count`, that are held out in a fold."""
    if fraction == 0 or count < 2:
        return range(0)
    # 1e-9: three folds of 1/3 end at `count` despite the rounding of 1/3
    first, end = (min(count, int(count * fraction * edge + 0.5 + 1e-9)) for edge in (fold, fold + 1))
    if first == end or count * fraction < 1 - 1e-9:     # fewer episodes than folds: folds must share some
        return range(fold % count, fold % count + 1)
    return range(first, min(end, first + count - 1))
