"""Gymnasium's environments by id, MuJoCo's above all: the one place that makes them."""
import difflib
import logging
import warnings

import gymnasium

from envs.base import unusable
from utils.flags.atari_games import ATARI_GAMES
from utils.flags.checks import CONTINUOUS

LOG = logging.getLogger('rrd')      # the run's own: terminal and log.txt

# original: v2, on mujoco-py; v4 is the nearest that can still be installed; see README, Differences
SUCCESSORS = {name: (name.replace('-v2', '-v4'), {}) for name in CONTINUOUS} | {
    'Ant-v2': ('Ant-v4', {'use_contact_forces': True})}     # v2's 111 observations; 27 without


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
    if env_id.startswith('ALE/'):
        raise unusable(env_id, 'expected the name of the game alone, such as Pong')
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
        raise unusable(env_id, f'cannot be made: {error}') from error
    except gymnasium.error.Error as error:
        raise unusable(env_id, f'unknown; nearest: {_nearest(env_id)}') from error
    if raw.spec.id != gymnasium_id.split(':')[-1]:      # Gymnasium takes the newest version of a bare name
        raise unusable(env_id, f'expected an id with its version, such as {raw.spec.id}')
    return raw


def _warn(message):
    """Tells what MuJoCo met while simulating: after an instability it goes on from a reset state."""
    LOG.warning('warning: MuJoCo: %s', message)


def _nearest(env_id):
    """Up to three names like `env_id`; ids that Gymnasium keeps only to refuse name no class."""
    known = {name for name, spec in gymnasium.registry.items() if isinstance(spec.entry_point, str)}
    return ', '.join(difflib.get_close_matches(env_id, sorted({*known, *SUCCESSORS, *ATARI_GAMES}))) or 'none'
