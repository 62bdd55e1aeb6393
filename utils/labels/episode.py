"""The learned rewards of one stored episode."""
from pathlib import Path
from typing import NamedTuple

import numpy as np

TRAIN, HELD_OUT, NEW = 'train', 'held_out', 'new'      # of a split: whether the model has learned from it
UNKNOWN = 'unknown'     # its run was made by a version that did not record it


class EpisodeLabels(NamedTuple):
    """A reward for every step that a file stores for an episode, those without s or s' included.

    Attributes:
        path: the file or folder that holds the episode.
        name: its name there, such as 'demo_3' or 'episode 12'.
        task: name of its task.
        rewards: [S] float32, finite; 0 where `valid` is False.
        valid: [S] bool, False for a step without s or s', and for one that was left out.
        split: `TRAIN` if the model has learned from the episode, `HELD_OUT` if its run kept it for
            evaluation, `NEW` if its run has not seen it, `UNKNOWN` if its run did not record its episodes.
        recorded_return: undiscounted return of the data; None if they have no outcome.
    """

    path: Path
    name: str
    task: str
    rewards: np.ndarray
    valid: np.ndarray
    split: str
    recorded_return: float | None = None

    @property
    def predicted_return(self):
        """Sum of the rewards."""
        return float(self.rewards.sum(dtype=np.float64))

    @property
    def progress(self):
        """[S] float64 sum of the rewards before each step."""
        return np.cumsum(self.rewards, dtype=np.float64) - self.rewards


def episode_labels(recording, rewards, split, recorded_return):
    """The `EpisodeLabels` of a `Recording`.

    Args:
        recording: the episode, as read from a file.
        rewards: [T] predicted rewards of its steps.
        split: `TRAIN`, `HELD_OUT`, `NEW` or `UNKNOWN`.
        recorded_return: undiscounted return of the data, or None.

    Raises:
        ValueError: a reward is not finite.
    """
    if not np.isfinite(rewards).all():
        raise ValueError(f'expected finite rewards of {recording.path} {recording.name}')
    steps, count = recording.stored_steps, recording.num_stored
    if steps is None:       # made in memory
        steps, count = np.arange(recording.length), recording.length
    spread, valid = np.zeros(count, np.float32), np.zeros(count, bool)
    spread[steps], valid[steps] = rewards, True
    return EpisodeLabels(recording.path, recording.name, recording.task, spread, valid, split,
                         recorded_return)
