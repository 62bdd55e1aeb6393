"""Continuous control: Gymnasium's environments of vectors, MuJoCo's above all, played in [-1, 1]."""
import difflib
import logging
import math
import warnings

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete

from envs.base import Observation, Step
from envs.replay import Replay
from utils.errors import DivergedError, UserError
from utils.types import Field, Spec

LOG = logging.getLogger('rrd')      # the run's own: terminal and log.txt

# original: v2, on mujoco-py; v4 is the nearest that can still be installed; see README, Differences
SUCCESSORS = {f'{task}-v2': (f'{task}-v4', {}) for task in (
    'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup')} | {
    'Ant-v2': ('Ant-v4', {'use_contact_forces': True})}     # v2's 111 observations; 27 without


class ContinuousEnvironment:
    """A Gymnasium environment played with actions in [-1, 1], each episode cut at `max_steps`.

    A terminal state is told as such, but for step `max_steps`: there the episode always counts as cut
    and is bootstrapped, as in the original.

    Args:
        raw: a Gymnasium environment without time limit.
        max_steps: steps of an episode at most.
        seed: of the first reset.

    Attributes:
        raw: the environment below.
        episode_steps: steps taken since the last reset.
    """

    def __init__(self, raw: gymnasium.Env, max_steps: int, seed: int):
        self.raw, self.max_steps, self.episode_steps = raw, max_steps, 0
        kwargs = {name: value for name, value in raw.spec.kwargs.items() if name != 'render_mode'}
        self.facts = {'id': raw.spec.id, 'kwargs': kwargs}
        self.spec = _spec(raw)
        # in float64, so that -1 and 1 become the bounds themselves, and symmetric bounds a plain product
        low, high = raw.action_space.low.astype(np.float64), raw.action_space.high.astype(np.float64)
        self._scale, self._centre = (high - low) / 2, (high + low) / 2     # [A], [A]
        self._action_dtype = raw.action_space.dtype
        self._play = Replay(raw, int(seed))

    def reset(self) -> Observation:
        """Begins an episode; its first observation."""
        state = self._play.reset()
        self.episode_steps = 0
        return self._observation(state)

    def step(self, action) -> Step:
        """Acts once; `action` is float32 [A] in [-1, 1], and not clipped.

        Raises:
            DivergedError: the simulation gave an observation or a reward that is not finite.
        """
        raw_action = (action * self._scale + self._centre).astype(self._action_dtype)
        state, reward, terminated, truncated = self._play.step(raw_action)
        self.episode_steps += 1
        if not math.isfinite(reward):
            raise self._diverged(f'reward {reward}')
        timed_out = self.episode_steps == self.max_steps
        return Step(self._observation(state), float(reward), bool(terminated and not timed_out),
                    bool(terminated or truncated or timed_out))

    def state_dict(self) -> dict:
        """As `Environment.state_dict`: how to play the open episode again."""
        return self._play.state_dict()

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self.episode_steps = self._play.load_state_dict(state)

    def close(self) -> None:
        """Gives the simulator back."""
        self.raw.close()

    def _observation(self, state):
        state = np.array(state, np.float32)     # a copy: some environments hand out their own buffer
        if not np.isfinite(state).all():
            raise self._diverged('an observation that is not finite')
        return {'state': state}

    def _diverged(self, what):
        return DivergedError(f'{self.facts["id"]}: {what} at step {self.episode_steps} of an episode')


def make_raw(env_id: str, render_mode: str | None = None) -> gymnasium.Env:
    """The Gymnasium environment for `env_id`, without time limit and without chatter.

    The original's `-v2` ids become their successors. MuJoCo's warnings go to the log of the run; otherwise
    it would print them and leave a MUJOCO_LOG.TXT behind.

    Args:
        env_id: of the environment.
        render_mode: 'rgb_array' to have pictures of it.

    Raises:
        UserError: the id is unknown, or something it needs is missing.
    """
    gymnasium_id, options = SUCCESSORS.get(env_id, (env_id, {}))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            import mujoco  # here, where its absence can be told

            mujoco.set_mju_user_warning(LOG.debug)      # on loading: deprecations in Gymnasium's own models
            raw = gymnasium.make(gymnasium_id, max_episode_steps=-1, disable_env_checker=True,
                                 render_mode=render_mode, **options)
            mujoco.set_mju_user_warning(_warn)
    except (gymnasium.error.DependencyNotInstalled, ImportError, OSError, RuntimeError, TypeError,
            ValueError) as error:
        raise _unusable(env_id, f'cannot be made: {error}') from error
    except gymnasium.error.Error as error:
        raise _unusable(env_id, f'unknown; nearest: {_nearest(env_id)}') from error
    if raw.spec.id != gymnasium_id.split(':')[-1]:      # Gymnasium takes the newest version of a bare name
        raise _unusable(env_id, f'expected an id with its version, such as {raw.spec.id}')
    return raw


def _warn(message):
    """Tells what MuJoCo met while simulating: after an instability it goes on from a reset state."""
    LOG.warning('warning: MuJoCo: %s', message)


def _nearest(env_id):
    """Up to three ids that look like `env_id`; those that Gymnasium keeps only to refuse name no class."""
    known = {name for name, spec in gymnasium.registry.items() if isinstance(spec.entry_point, str)}
    return ', '.join(difflib.get_close_matches(env_id, sorted(known | set(SUCCESSORS)))) or 'none'


def _spec(raw):
    """The `Spec` of an environment with vectors for observations and actions; others are refused."""
    observation, action = raw.observation_space, raw.action_space
    if isinstance(action, Discrete):
        raise _unusable(raw.spec.id, f'expected a Box of actions for sac, td3 and ddpg, got {action}')
    if not isinstance(action, Box) or not _is_vector(action) or action.dtype.kind != 'f':
        raise _unusable(raw.spec.id, f'expected actions in a Box of floats of rank 1, got {action}')
    if not action.is_bounded():
        raise _unusable(raw.spec.id, f'expected finite action bounds, got {action}')
    if not isinstance(observation, Box) or not _is_vector(observation):
        raise _unusable(raw.spec.id, f'expected observations in a Box of rank 1, got {observation}')
    return Spec({'state': Field(observation.shape)}, Field(action.shape))


def _is_vector(box):
    return len(box.shape) == 1 and box.shape[0] > 0


def _unusable(env_id, reason):
    return UserError(' '.join(f'--env={env_id}: {reason}'.split()))     # one line, whatever a library wrote
