"""Finds episodes of the training set among those that are held out."""
import numpy as np

from utils.errors import UserError

_SAME = 1e-6    # of actions; copies of an episode in two formats differ by 3e-8


def check_apart(recordings, held_out):
    """Raises a UserError if an episode has the actions of one in the other list."""
    by_length = {}
    for recording in recordings:
        by_length.setdefault(recording.length, []).append(recording)
    for recording in held_out:
        for other in by_length.get(recording.length, ()):
            if recording.task == other.task and np.allclose(recording.actions, other.actions, rtol=0,
                                                            atol=_SAME):
                raise UserError(f'{recording.path} {recording.name} has the same actions as {other.path} '
                                f'{other.name}; one of them is learned from and the other is held out; '
                                'expected every episode once')
