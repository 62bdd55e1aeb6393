"""Finds episodes of the training set among those that are held out."""
import numpy as np

from utils.errors import UserError

_SAME = 1e-6    # of actions; copies of an episode in two formats differ by 3e-8


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
