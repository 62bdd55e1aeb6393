"""The replay store written out plainly: a list of steps, each with its own observations."""
from typing import NamedTuple

import numpy as np


class Step(NamedTuple):
    """One stored step; `episode` counts all that were ever added, `t` the steps within it."""

    episode: int
    t: int
    observation: dict
    action: np.ndarray
    reward: float
    next_observation: dict
    terminal: float


class ListStore:
    """What `EpisodeStore` must hold, step by step.

    Args:
        spec: names and stacks of the observations.
        max_steps: most steps held.
        drop: 'episodes' or 'steps', what leaves when there are more.
    """

    def __init__(self, spec, max_steps, drop):
        self._spec, self._max_steps, self._drop = spec, max_steps, drop
        self.steps, self.episodes_added, self.num_added = [], 0, 0

    def append(self, episode):
        """Adds the steps of an episode, then drops the oldest until no more than `max_steps` are left."""
        for t in range(len(episode.rewards)):
            self.steps.append(Step(self.episodes_added, t, self._observation(episode, t), episode.actions[t],
                                   episode.rewards[t], self._observation(episode, t + 1),
                                   1.0 if episode.terminals[t] else 0.0))
        self.episodes_added += 1
        self.num_added += len(episode.rewards)
        while len(self.steps) > self._max_steps:
            oldest = self.steps[0].episode
            self.steps.pop(0)
            while self._drop == 'episodes' and self.steps[0].episode == oldest:
                self.steps.pop(0)

    def _observation(self, episode, t):
        observation = {}
        for key, field in self._spec.observation.items():
            frames = episode.observations[key]
            if field.stack == 1:
                observation[key] = frames[t]
            else:
                observation[key] = np.stack([frames[t + i] for i in range(field.stack)], axis=-1)
        return observation
