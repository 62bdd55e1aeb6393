"""Gymnasium environments of vectors, with actions in [-1, 1] or numbers of discrete actions."""
import math

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete

from envs.base import FLOAT32_MAX, Observation, Step, facts_of, fits_float32, unusable
from envs.simulated.replay import Replay
from utils.errors import DivergedError, UserError
from utils.types import Field, Spec


class VectorEnvironment:
    """A Gymnasium environment of vectors, each episode cut at `max_steps`.

    A terminal state is reported as such, except at step `max_steps`: there the episode always counts as cut
    and is bootstrapped, as in the original.

    Args:
        raw: a Gymnasium environment without time limit.
        max_steps: limit of the steps of an episode.
        seed: of the first reset.
        discrete: whether actions are numbers, for dqn, or vectors in [-1, 1].

    Raises:
        UserError: the spaces are unsupported.

    Attributes:
        raw: the Gymnasium environment.
        episode_steps: steps taken since the last reset.
    """

    def __init__(self, raw: gymnasium.Env, max_steps: int, seed: int, discrete: bool = False):
        self.raw, self.max_steps, self.episode_steps = raw, max_steps, 0
        self.facts = facts_of(raw)
        self.spec = _spec(raw, discrete)
        self._raw_action = _numbered(raw.action_space) if discrete else _scaled(raw.action_space)
        self._play = Replay(raw, int(seed))

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""
        state = self._play.reset()
        self.episode_steps = 0
        return self._observation(state)

    def step(self, action) -> Step:
        """Takes one step; `action` is float32 [A] in [-1, 1], and not clipped, or a number.

        Raises:
            DivergedError: the simulation returned an observation or a reward that is not finite, or beyond
                the range of float32.
        """
        state, reward, terminated, truncated = self._play.step(self._raw_action(action))
        self.episode_steps += 1
        if not math.isfinite(reward):
            raise self._diverged(f'reward {reward}')
        if not fits_float32(reward):
            raise self._diverged(f'a reward of {reward}, beyond the range of float32,')
        timed_out = self.episode_steps == self.max_steps
        return Step(self._observation(state), reward, terminated and not timed_out,
                    terminated or truncated or timed_out)

    def state_dict(self) -> dict:
        """As `Environment.state_dict`: the data for a replay of the unfinished episode."""
        return self._play.state_dict()

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        if 'wrappers' in self.facts and 'actions' in state and 'rewards' not in state:
            raise UserError(f'--resume=True: {self.facts["id"]} was begun by an older version, which did not '
                            f'save rewards; {", ".join(self.facts["wrappers"])} may have changed them since')
        self.episode_steps = self._play.load_state_dict(state)

    def close(self) -> None:
        """Closes the simulator."""
        self.raw.close()

    def _observation(self, state):
        state = np.asarray(state)
        if not np.isfinite(state).all():
            raise self._diverged('an observation that is not finite')
        if not fits_float32(state):
            largest = state.flat[np.abs(state).argmax()]
            raise self._diverged(f'a value of {largest} in an observation, beyond the range of float32,')
        return {'state': np.array(state, np.float32)}       # a copy: some return their own buffer

    def _diverged(self, what):
        return DivergedError(f'{self.facts["id"]}: {what} at step {self.episode_steps} of an episode')


def _scaled(box):
    """A function from [-1, 1] to the bounds of a space."""
    # in float64, so that -1 and 1 become the bounds themselves, and symmetric bounds a plain product
    low, high = box.low.astype(np.float64), box.high.astype(np.float64)
    scale, centre = (high - low) / 2, (high + low) / 2      # [A], [A]

    def scaled(action):
        raw = (action * scale + centre).astype(box.dtype)
        # rounding must not lead outside; an action that is outside itself is not clipped, as in the original
        return np.where(np.abs(action) <= 1.0, np.clip(raw, box.low, box.high), raw)

    return scaled


def _numbered(discrete):
    """A function from 0, 1, 2 ... to the numbers of a space."""
    return lambda action: int(action) + int(discrete.start)


def _spec(raw, discrete):
    """The `Spec` of an environment, or a UserError about unsupported spaces."""
    env_id = raw.spec.id
    try:
        observation, action = raw.observation_space, raw.action_space
    except AttributeError as error:
        raise unusable(env_id, f'expected an observation_space and an action_space: {error}') from error
    if discrete and not isinstance(action, Discrete):
        raise unusable(env_id, f'expected Discrete actions for dqn, got {action}')
    if not discrete:
        _check_box(env_id, action)
    if not isinstance(observation, Box) or not _is_vector(observation):
        raise unusable(env_id, f'expected observations in a Box of rank 1, got {observation}')
    field = Field((), np.int32) if discrete else Field(action.shape)
    return Spec({'state': Field(observation.shape)}, field, int(action.n) if discrete else 0)


def _check_box(env_id, action):
    if isinstance(action, Discrete):
        raise unusable(env_id, f'expected a Box of actions for sac, td3 and ddpg, got {action}')
    if not isinstance(action, Box) or not _is_vector(action) or action.dtype.kind != 'f':
        raise unusable(env_id, f'expected actions in a Box of floats of rank 1, got {action}')
    if not action.is_bounded():
        raise unusable(env_id, f'expected finite action bounds, got {action}')
    if max(np.abs(action.low).max(), np.abs(action.high).max()) >= FLOAT32_MAX:
        raise unusable(env_id, f'expected action bounds within the range of float32, got {action}')


def _is_vector(box):
    return len(box.shape) == 1 and box.shape[0] > 0
