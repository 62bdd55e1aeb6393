"""One disturbance of a demonstration, as functions of its actions and nothing else.

An action is [7]: motion of the arm, its rotation, and the gripper, +1 to close it and -1 to open it.
"""
from typing import NamedTuple

import numpy as np

NOISE = (0.2, 1.0)      # standard deviation of the noise on the arm's commands, of their full scale
ROTATED = 0.25          # of it, on rotation: demonstrations turn less than they move
OPEN_STEPS = (5, 30)    # how long the gripper is opened
OFFSET = (1.5, 6.0)     # sum of the added commands; at LIBERO's gains a sum of 1 moves the arm by 1.1 cm
OFFSET_STEPS = 20       # of the approach, over which they are spread
PAUSE = (5, 40)         # steps


class Disturbed(NamedTuple):
    """Actions with one disturbance.

    Attributes:
        actions: [T, 7] float64.
        step: number of the first action that was changed, added or left out.
    """

    actions: np.ndarray
    step: int


def rest(gripper, count):
    """[count, 7] actions that move nothing and leave the gripper's command at `gripper`."""
    return np.tile([*np.zeros(6), gripper], (count, 1))


def noise(actions, rng, others=()):
    """Gaussian noise on the arm's commands from a random step on."""
    step, changed = int(rng.integers(len(actions))), actions.copy()
    scale = np.exp(rng.uniform(*np.log(NOISE))) * np.repeat([1, ROTATED], 3)
    changed[step:, :6] += scale * rng.standard_normal((len(actions) - step, 6))
    return Disturbed(changed.clip(-1, 1), step)


def gripper_opened(actions, rng, others=()):
    """The gripper opened for a while at a random step at which it is closed."""
    step, changed = int(rng.choice(_closed(actions))), actions.copy()
    changed[step:step + rng.integers(OPEN_STEPS[0], OPEN_STEPS[1] + 1), 6] = -1
    return Disturbed(changed, step)


def gripper_kept_open(actions, rng, others=()):
    """The gripper kept open when it should close first, for some of its closed steps or all of them."""
    closed, changed = _closed(actions), actions.copy()
    changed[closed[:rng.integers(1, len(closed) + 1)], 6] = -1
    return Disturbed(changed, int(closed[0]))


def offset(actions, rng, others=()):
    """A displacement in a random direction, added to some steps of the approach."""
    closed, changed = _closed(actions), actions.copy()
    end = int(rng.integers(1, max(1, closed[0] if len(closed) else len(actions)) + 1))
    step, direction = max(0, end - OFFSET_STEPS), rng.standard_normal(3)
    changed[step:end, :3] += rng.uniform(*OFFSET) * direction / np.linalg.norm(direction) / (end - step)
    return Disturbed(changed.clip(-1, 1), step)


def stop(actions, rng, others=()):
    """The arm stops at a random step, and rests for some of the steps that are left."""
    step = int(rng.integers(1, len(actions)))
    still = rest(actions[step - 1, 6], int(rng.integers(1, len(actions) - step + 1)))
    return Disturbed(np.concatenate([actions[:step], still]), step)


def other_actions(actions, rng, others=()):
    """The actions of another demonstration of the task from a random step on.

    Args:
        actions: [T, 7] of a demonstration.
        rng: `np.random.Generator`.
        others: [[T', 7]] of the other demonstrations.
    """
    other = others[rng.integers(len(others))]
    step = int(rng.integers(min(len(actions), len(other))))
    return Disturbed(np.concatenate([actions[:step], other[step:]]), step)


def pause(actions, rng, others=()):
    """The arm rests for a while at a random step, and then continues."""
    step = int(rng.integers(1, len(actions)))
    still = rest(actions[step - 1, 6], int(rng.integers(PAUSE[0], PAUSE[1] + 1)))
    return Disturbed(np.concatenate([actions[:step], still, actions[step:]]), step)


KINDS = {each.__name__: each
         for each in (noise, gripper_opened, offset, other_actions, stop, gripper_kept_open, pause)}


def possible(actions, others):
    """[name of a kind] that changes these actions.

    Args:
        actions: [T, 7] of a demonstration, T of 2 or more.
        others: [[T', 7]] of the other demonstrations of its task.
    """
    without = [] if len(_closed(actions)) else ['gripper_opened', 'gripper_kept_open']
    without += [] if others else ['other_actions']
    return [name for name in KINDS if name not in without]


def _closed(actions):
    """Numbers of the steps at which the gripper is commanded to close."""
    return np.flatnonzero(actions[:, 6] > 0)
