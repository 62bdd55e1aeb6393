"""Stand-ins for the raw environments of the recordings."""
import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box

from tests.fakes import NO_SIMULATOR

PICTURE, NUM_ACTIONS = (210, 160, 3), 4      # of the raw games


def numbers(episode, t):
    """A vector that encodes episode and step."""
    return np.array([episode, t, 0.5])


def noise(episode, t):
    """A colour picture of squares, another for each episode and step."""
    squares = np.random.RandomState(1000 * (episode + 2) + t).randint(0, 256, size=(21, 16, 3))
    return squares.astype(np.uint8).repeat(10, axis=0).repeat(10, axis=1)


def halves(episode, t):
    """A colour frame that encodes the episode on its left half and the step on its right one."""
    picture = np.empty(PICTURE, np.uint8)
    picture[:, :PICTURE[1] // 2], picture[:, PICTURE[1] // 2:] = episode % 256, t % 256
    return picture


class RawEnv(gymnasium.Env):
    """The environment below the wrappers, of episodes with known lengths.

    Step t (from 1) of episode e (resets, from 0) ends the episode at t = lengths[e % len(lengths)].

    Args:
        lengths: of the episodes, in turn.
        action_space: a Gymnasium space.
        reward: function of (e, t).
        show: function of (e, t) that gives the observation.

    Attributes:
        actions: every action that arrived.
    """

    spec, ale = EnvSpec('Raw-v0'), NO_SIMULATOR

    def __init__(self, lengths, action_space, reward=lambda episode, t: 0.5 * t - 1.0, show=numbers):
        self.action_space, self.observation_space = action_space, Box(-np.inf, np.inf, (3,))
        self.lengths, self.reward, self.show = lengths, reward, show
        self.episode, self.t, self.actions = -1, 0, []

    def reset(self, seed=None, options=None):
        """Begins the next episode; `seed` and `options` change nothing."""
        self.episode, self.t = self.episode + 1, 0
        return self.show(self.episode, self.t), {}

    def step(self, action):
        """Counts, and keeps `action`."""
        self.t += 1
        self.actions.append(action)
        end = self.t >= self.lengths[self.episode % len(self.lengths)]
        return self.show(self.episode, self.t), self.reward(self.episode, self.t), bool(end), False, {}


def symmetric_box(high):
    """The space of continuous actions within [A] bounds on both sides."""
    high = np.asarray(high, np.float32)
    return Box(-high, high)
