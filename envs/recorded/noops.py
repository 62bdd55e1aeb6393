"""Steps of LIBERO's robot that move neither arm nor gripper."""
import numpy as np

_SMALL = 1e-4           # norm of the six numbers that move the arm; a step below it is a no-op for OpenVLA


def idle(actions):
    """[T] whether OpenVLA leaves a step out: `is_noop` in its regenerate_libero_dataset.py.

    The norm of the arm's action is below `_SMALL`, and the gripper's action equals that of the last kept
    step. Before the first kept step only the arm counts.

    Args:
        actions: [T, 7].
    """
    found, gripper = np.zeros(len(actions), bool), None
    for t, action in enumerate(actions):
        found[t] = np.linalg.norm(action[:-1]) < _SMALL and gripper in (None, action[-1])
        if not found[t]:
            gripper = action[-1]
    return found
