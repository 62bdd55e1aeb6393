"""Which numbers of an action open and close the gripper."""
import numpy as np

from utils.errors import UserError

SIGNS, UNIT, OTHER = '-1 open, +1 close', '1 open, 0 close', 'other'
_CLOSE = 1e-3
WIDTH = 7       # of an action of LIBERO's robot; the last number is the gripper's


def convention(actions):
    """`SIGNS`, `UNIT` or `OTHER`, from all actions of a set: [[T, A]].

    One episode may hold only open or only closed; so the whole set decides.
    """
    values = np.concatenate([each[:, -1] for each in actions])
    is_one, is_minus = np.abs(values - 1) <= _CLOSE, np.abs(values + 1) <= _CLOSE
    if (is_one | (np.abs(values) <= _CLOSE)).all() and not is_one.all():
        return UNIT
    return SIGNS if is_minus.any() and (np.abs(values) <= 1 + _CLOSE).all() else OTHER


def canonical(actions, found):
    """[T, A] with `SIGNS`."""
    if found != UNIT:
        return actions
    return np.concatenate([actions[:, :-1], 1 - 2 * actions[:, -1:]], axis=1)


def check(found, actions, label):
    """Raises a UserError unless the convention is known."""
    if found == OTHER:
        values = np.concatenate([each[:, -1] for each in actions])
        raise UserError(f'{label}: expected a gripper (last number of an action) of -1 and 1, or of 0 and 1, '
                        f'got {values.min():g} to {values.max():g}')
