"""Whether the observation of a recorded step was taken after its action or before it."""
import numpy as np

from envs.libero_checks import BadDataError, numbers
from utils.errors import UserError

ARM = slice(1, 8)       # a state is the time, then positions: those of the seven joints of the arm first
_CLEARLY = 4            # times as far from the other as from the one; in LIBERO: over 20 times
_CLOSE = 0.01           # radians
_EXPECTED = 'expected --libero_alignment=after (raw recordings) or before (regenerated ones)'


def alignment_of(path, demos):
    """`'after'` or `'before'`, from the joint angles that observations and simulator states share.

    In a raw file observation t has the arm of state t + 1, in a regenerated one that of state t.

    Args:
        path: the file, for errors.
        demos: [(name, open group)].

    Raises:
        UserError: the file does not tell.
    """
    errors = {'after': [], 'before': []}
    for name, demo in demos:
        try:
            joints = numbers(demo, 'obs/joint_states', f'data/{name}', width=7)
            states = numbers(demo, 'states', f'data/{name}', len(joints))
        except BadDataError:
            continue        # another episode may tell
        if len(joints) > 1 and states.shape[1] >= ARM.stop:
            arm = states[:, ARM]
            errors['after'].append(np.abs(joints[:-1] - arm[1:]).max(axis=1))
            errors['before'].append(np.abs(joints - arm).max(axis=1))
    if not errors['after']:
        raise UserError(f'{path}: no episode has both obs/joint_states [T, 7] and states, which would tell '
                        f'when its observations were taken; {_EXPECTED}')
    median = {kind: float(np.median(np.concatenate(each))) for kind, each in errors.items()}
    nearest, other = sorted(median, key=median.get)
    if median[nearest] > _CLOSE or median[other] <= _CLEARLY * median[nearest]:
        raise UserError(f'{path}: obs/joint_states do not tell when observations were taken (they are '
                        f'{median["before"]:.2g} rad from states before the action, {median["after"]:.2g} '
                        f'from those after it); {_EXPECTED}')
    return nearest
