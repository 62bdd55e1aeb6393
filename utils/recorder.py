"""Records the steps of the current episode."""
import numpy as np

from utils.types import Episode, Field, flattened, unflattened


class EpisodeRecorder:
    """Collects steps into an `Episode`, which stores each frame once.

    Args:
        spec: names, shapes and types of the recorded arrays.
        capacity: initial capacity in steps; doubled for longer episodes.

    Attributes:
        length: steps recorded so far.
    """

    def __init__(self, spec, capacity=1024):
        self._stacks = {key: field.stack for key, field in spec.observation.items()}
        self._capacity = capacity
        self._frames = {key: _empty(field, capacity + field.stack) for key, field in spec.observation.items()}
        self._actions = _empty(spec.action, capacity)
        self._rewards = _empty(Field((), np.float32), capacity)
        self._terminals = _empty(Field((), bool), capacity)
        self.length = 0

    def begin(self, observation):
        """Starts an episode at o_0: {key: [*shape]}, or [*shape, stack] where frames are stacked."""
        self.length = 0
        for key, stack in self._stacks.items():
            frames = observation[key]
            self._frames[key][:stack] = frames if stack == 1 else np.moveaxis(frames, -1, 0)

    def add(self, action, reward, terminal, observation):
        """Records one step and its next observation; only the last frame of a stack is new."""
        t = self.length
        if t == self._capacity:
            self._grow()
        for key, stack in self._stacks.items():
            frame = observation[key]
            self._frames[key][t + stack] = frame if stack == 1 else frame[..., -1]
        self._actions[t], self._rewards[t], self._terminals[t] = action, reward, terminal
        self.length += 1

    def finish(self):
        """Returns the recorded `Episode` as copies; the next episode starts with `begin`."""
        episode = self._recorded()
        self.length = 0
        return episode

    def state_dict(self):
        """The steps recorded so far."""
        return flattened(self._recorded())

    def load_state_dict(self, state):
        """Restores the steps of `state_dict`."""
        episode = unflattened(state)
        while self._capacity < episode.length:
            self._grow()
        for key, frames in episode.observations.items():
            self._frames[key][:len(frames)] = frames
        for array, values in zip((self._actions, self._rewards, self._terminals), episode[1:], strict=True):
            array[:episode.length] = values
        self.length = episode.length

    def _recorded(self):
        length = self.length
        frames = {key: self._frames[key][:length + stack].copy() for key, stack in self._stacks.items()}
        return Episode(frames, self._actions[:length].copy(), self._rewards[:length].copy(),
                       self._terminals[:length].copy())

    def _grow(self):
        """Doubles the capacity."""
        self._frames = {key: _extended(frames, self._capacity) for key, frames in self._frames.items()}
        self._actions, self._rewards, self._terminals = (
            _extended(array, self._capacity) for array in (self._actions, self._rewards, self._terminals))
        self._capacity *= 2


def _empty(field, rows):
    return np.empty((rows, *field.shape), field.dtype)


def _extended(array, rows):
    """A copy of `array` with `rows` uninitialised rows appended."""
    longer = np.empty((len(array) + rows, *array.shape[1:]), array.dtype)
    longer[:len(array)] = array
    return longer
