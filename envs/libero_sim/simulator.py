"""Builds LIBERO's environment of one task, without a screen and without questions."""
import contextlib
import io
import logging
import sys

from envs.libero_sim import opengl
from envs.libero_sim.assets import check_assets
from envs.libero_sim.config import use_private_settings
from envs.libero_sim.packages import package_folder
from envs.libero_sim.tasks import bddl_file
from utils.errors import UserError
from utils.text import one_line


def make(suite, task, has_cameras):
    """LIBERO's `ControlEnv` of a task; its robot is driven by OSC_POSE, 20 actions a second.

    It resets softly: that takes 0.2 s, a reset that builds the model again 3 s, and the state is the same.
    The simulator never ends an episode by itself.

    Args:
        suite: name of a suite.
        task: name of a task.
        has_cameras: whether it can render; without cameras it needs no OpenGL.

    Raises:
        UserError: a package, the assets or OpenGL are missing, or there is no such task.
    """
    package = package_folder()
    path = bddl_file(package, suite, task)
    check_assets(package)
    backend = opengl.choose(has_cameras)
    make_env = _imported(package)
    try:
        with _quiet():
            return make_env(bddl_file_name=str(path), use_camera_obs=False, has_renderer=False,
                            has_offscreen_renderer=has_cameras, hard_reset=False, ignore_done=True)
    except (FileNotFoundError, ValueError) as error:      # MuJoCo raises the latter for a mesh or a texture
        raise UserError(f'{suite} {task}: the simulator cannot be built: {one_line(str(error))}') from error
    except (ImportError, AttributeError, RuntimeError) as error:      # of OpenGL's bindings
        if not has_cameras:
            raise
        raise UserError(f'{suite} {task}: cannot render with MUJOCO_GL={backend} ({one_line(str(error))}); '
                        f'install OSMesa: {opengl.INSTALL}') from error


def _imported(package):
    """LIBERO's class of environments."""
    if 'libero.libero' not in sys.modules:
        use_private_settings(package)
    try:
        with _quiet():
            from libero.libero.envs.env_wrapper import ControlEnv
    except PermissionError as error:        # robosuite's log, where another user of this machine has one
        raise UserError(f'robosuite cannot write {error.filename}: remove it, or allow writing') from error
    return ControlEnv


@contextlib.contextmanager
def _quiet():
    """Drops robosuite's lines about private macros and controllers, which it prints and logs."""
    logging.getLogger('robosuite_logs').setLevel(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()):
        yield
