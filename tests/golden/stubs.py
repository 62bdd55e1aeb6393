"""Stand-ins for what the recordings were made around."""
import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box


class RawEnv(gymnasium.Env):
    """The environment below the wrappers, of episodes with known lengths.

    Step t (from 1) of episode e (resets, from 0) shows [e, t, 0.5] and ends the episode at
    t = lengths[e % len(lengths)].

    Args:
        lengths: of the episodes, in turn.
        high: [A] bound of the actions on both sides.
        reward: function of (e, t).

    Attributes:
        actions: every action that arrived.
    """

    spec = EnvSpec('Raw-v0')

    def __init__(self, lengths, high, reward=lambda episode, t: 0.5 * t - 1.0):
        high = np.asarray(high, np.float32)
        self.action_space, self.observation_space = Box(-high, high), Box(-np.inf, np.inf, (3,))
        self.lengths, self.reward, self.episode, self.t, self.actions = lengths, reward, -1, 0, []

    def reset(self, seed=None, options=None):
        """Begins the next episode; `seed` and `options` change nothing."""
        self.episode, self.t = self.episode + 1, 0
        return self._state(), {}

    def step(self, action):
        """Counts, and keeps `action`."""
        self.t += 1
        self.actions.append(action)
        end = self.t >= self.lengths[self.episode % len(self.lengths)]
        return self._state(), self.reward(self.episode, self.t), bool(end), False, {}

    def _state(self):
        return np.array([self.episode, self.t, 0.5])
