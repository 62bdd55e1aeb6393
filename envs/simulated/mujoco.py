"""Creates Gymnasium environments by id, in particular those of MuJoCo."""
import logging
import warnings

import gymnasium

from envs.base import unusable
from envs.simulated.impact import ImpactCost
from utils.flags.checks import CONTINUOUS
from utils.flags.env_names import suggestion

LOG = logging.getLogger('rrd')      # the run's own: terminal and log.txt

# original: v2, on mujoco-py; v4 is the nearest that can still be installed; see docs/fidelity.md
SUCCESSORS = {name: (name.replace('-v2', '-v4'), {}) for name in CONTINUOUS} | {
    'Ant-v2': ('Ant-v4', {'use_contact_forces': True})}     # v2's 111 observations; 27 without
IMPACT_COSTS = {'Humanoid-v2': {'weight': 0.5e-6, 'limit': 10.0}}       # v4 has none


def make_raw(env_id: str, render_mode: str | None = None) -> gymnasium.Env:
    """The Gymnasium environment for `env_id`, without time limit and without printed warnings.

    The original's `-v2` ids are replaced by their successors, with the rewards of gym 0.18.3. MuJoCo's
    warnings are written to the log of the run; otherwise MuJoCo would print them and write a file
    MUJOCO_LOG.TXT.

    Args:
        env_id: of the environment.
        render_mode: 'rgb_array' to render frames.

    Raises:
        UserError: the id is unknown, a dependency is missing, or its module or constructor raises.
    """
    if env_id.startswith('ALE/'):
        raise unusable(env_id, 'expected the name of the game alone, such as Pong')
    gymnasium_id, options = SUCCESSORS.get(env_id, (env_id, {}))
    if render_mode is not None:         # a constructor without this parameter is fine too
        options = {**options, 'render_mode': render_mode}
    raw = _made(env_id, gymnasium_id, options)
    if raw.spec.id != gymnasium_id.split(':')[-1]:      # Gymnasium resolves a bare name to the newest version
        raise unusable(env_id, f'expected an id with its version, such as {raw.spec.id}')
    return ImpactCost(raw, **IMPACT_COSTS[env_id]) if env_id in IMPACT_COSTS else raw


def _made(env_id, gymnasium_id, options):
    """The environment of an id of Gymnasium; errors name `env_id`, what the user gave."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            import mujoco  # here, so that a missing package is reported

            mujoco.set_mju_user_warning(LOG.debug)      # on loading: deprecations in Gymnasium's own models
            raw = gymnasium.make(gymnasium_id, max_episode_steps=-1, disable_env_checker=True,
                                 **options)
            mujoco.set_mju_user_warning(_warn)
    except (gymnasium.error.DependencyNotInstalled, ImportError, OSError, RuntimeError, TypeError,
            ValueError) as error:
        raise unusable(env_id, f'cannot be made: {error}') from error
    except gymnasium.error.Error as error:
        # ids that Gymnasium no longer supports name no class
        known = [name for name, spec in gymnasium.registry.items() if isinstance(spec.entry_point, str)]
        raise unusable(env_id, f'unknown; {suggestion(env_id, known)}') from error
    except Exception as error:          # of a module or a constructor that is the user's own
        raise unusable(env_id, f'cannot be made: {type(error).__name__}: {error}') from error
    return raw


def _warn(message):
    """Logs a warning of the simulation: after an instability, MuJoCo continues from a reset state."""
    LOG.warning('warning: MuJoCo: %s', message)
