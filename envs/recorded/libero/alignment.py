"""Whether the observation of a recorded step was taken after its action or before it."""
import numpy as np

from envs.recorded.hdf5_checks import BadDataError, numbers
from utils.errors import UserError

ARM = slice(1, 8)       # a state is the time, then positions: those of the seven joints of the arm first
_CLEARLY = 4            # ratio of the larger distance to the smaller; in LIBERO: over 20
_CLOSE = 0.01           # radians
_EXPECTED = 'expected --libero_alignment=after (raw recordings) or before (regenerated ones)'


def alignment_of(path, demos):
    """`'after'` or `'before'`, from the joint angles in observations and in simulator states.

    In a raw file, observation t has the joint angles of state t + 1; in a regenerated one those of state t.

    Args:
        path: the file, for errors.
        demos: [(name, open group)].

    Raises:
        UserError: the alignment cannot be detected, or episodes contradict each other.
    """
    errors, votes = {'after': [], 'before': []}, {}
    for name, demo in demos:
        own = _errors(name, demo)
        for kind, values in own.items():
            errors[kind].append(values)
        if own:
            votes.setdefault(_nearest(_medians(own)), name)
    if not votes:
        raise UserError(f'{path}: cannot detect when observations were taken: no episode has both '
                        f'obs/joint_states [T, 7] and states; {_EXPECTED}')
    if {'after', 'before'} <= votes.keys():
        raise UserError(f'{path}: observations of {votes["after"]} were taken after the actions, those of '
                        f'{votes["before"]} before them; expected one or the other in a file')
    median = _medians({kind: np.concatenate(each) for kind, each in errors.items()})
    if _nearest(median) is None:
        raise UserError(f'{path}: cannot detect from obs/joint_states when observations were taken (they are '
                        f'{median["before"]:.2g} rad from states before the action, {median["after"]:.2g} '
                        f'from those after it); {_EXPECTED}')
    return _nearest(median)


def _errors(name, demo):
    """{kind: [T or T - 1] radians between observations and states}; {} if either is missing."""
    try:
        joints = numbers(demo, 'obs/joint_states', f'data/{name}', width=7)
        states = numbers(demo, 'states', f'data/{name}', len(joints))
    except BadDataError:
        return {}           # another episode may have both
    if len(joints) < 2 or states.shape[1] < ARM.stop:
        return {}
    arm = states[:, ARM]
    return {'after': np.abs(joints[:-1] - arm[1:]).max(axis=1), 'before': np.abs(joints - arm).max(axis=1)}


def _medians(errors):
    return {kind: float(np.median(values)) for kind, values in errors.items()}


def _nearest(median):
    """The kind whose median {kind: radians} is clearly the smaller; None if neither is."""
    nearest, other = sorted(median, key=median.get)
    is_clear = median[nearest] <= _CLOSE and median[other] > _CLEARLY * median[nearest]
    return nearest if is_clear else None
