"""Finds copies of episodes, by their actions."""
import numpy as np

from utils.errors import UserError

_SAME = 1e-6    # of actions; copies of an episode in two formats differ by 3e-8
_SHOWN = 5      # groups of copies that a report names


def check_apart(recordings, held_out):
    """Raises a UserError if an episode has the actions of one in the other list."""
    alike = {}
    for recording in recordings:
        alike.setdefault((recording.task, recording.length), []).append(recording)
    # a few steps exclude almost all pairs at once; all steps of all pairs took minutes for 3,000 episodes
    some = {key: np.stack([_some(recording) for recording in group]) for key, group in alike.items()}
    for recording in held_out:
        key = recording.task, recording.length
        if key not in alike:
            continue
        for place in np.flatnonzero((np.abs(some[key] - _some(recording)) <= _SAME).all(axis=1)):
            other = alike[key][place]
            if np.allclose(recording.actions, other.actions, rtol=0, atol=_SAME):
                raise UserError(f'{recording.path} {recording.name} has the same actions as {other.path} '
                                f'{other.name}; one of them is learned from and the other is held out; '
                                'expected every episode once')


def _some(recording):
    """[3 A] actions of the first, the middle and the last step."""
    return recording.actions[[0, len(recording.actions) // 2, -1]].ravel()


def copies(actions):
    """[[positions]] of the episodes with the same actions, within 1e-6; others are left out.

    Args:
        actions: [[T, A]] of each episode.
    """
    by_shape = {}
    for position, each in enumerate(actions):
        by_shape.setdefault(each.shape, []).append(position)
    found = [group for positions in by_shape.values() if len(positions) > 1
             for group in _groups(actions, positions)]
    return sorted(found)


def copy_lines(names, actions):
    """[line] about the episodes of a set that have the same actions; [] if there are none.

    Args:
        names: of the episodes.
        actions: [[T, A]] of each.
    """
    groups = copies(actions)
    if not groups:
        return []
    shown = '; '.join(', '.join(names[position] for position in group[:_SHOWN])
                      + (f' and {len(group) - _SHOWN} more' if len(group) > _SHOWN else '')
                      for group in groups[:_SHOWN])
    more = f'; and {len(groups) - _SHOWN} more groups' if len(groups) > _SHOWN else ''
    count = sum(len(group) - 1 for group in groups)
    return [f'warning: {count} episode{"s repeat" if count > 1 else " repeats"} the actions of another: '
            f'{shown}{more}']


def _groups(actions, positions):
    """As `copies`, of episodes of one shape.

    Copies have nearly the same weighted mean. So an episode is compared only with those close to it in the
    order of these means, and of a group of copies only with the first.
    """
    weights = np.random.default_rng(0).random(actions[positions[0]].size)
    means = {position: float(actions[position].ravel() @ weights / weights.sum()) for position in positions}
    firsts, groups = [], {}
    for position in sorted(positions, key=means.get):
        # twice the tolerance: the means are rounded
        firsts = [first for first in firsts if means[position] - means[first] <= 2 * _SAME]
        same = next((first for first in firsts if _is_same(actions[position], actions[first])), None)
        if same is None:
            firsts.append(position)
        groups.setdefault(position if same is None else same, []).append(position)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _is_same(one, other):
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=_SAME)
