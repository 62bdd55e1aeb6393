"""Chooses an off-screen OpenGL that works: EGL, which may use a GPU, or else OSMesa."""
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from utils.errors import UserError
from utils.text import one_line

# value of MUJOCO_GL: the class of robosuite that it stands for
CONTEXTS = {'egl': 'EGLGLContext', 'osmesa': 'OSMesaGLContext'}
NONE = 'glx'            # value of MUJOCO_GL with which robosuite loads no off-screen OpenGL
INSTALL = 'apt-get install -y --no-install-recommends libosmesa6'
_WAIT_S = 60
# the file of the context alone: importing robosuite as a whole takes seconds
_PROBE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location('context', sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
context = module.__dict__[sys.argv[2]](64, 64, -1)
context.make_current()
context.free()
"""


def choose(has_cameras, fails=None):
    """Sets MUJOCO_GL, and PYOPENGL_PLATFORM to match; must run before MuJoCo is imported.

    A MUJOCO_GL that is set already is kept.

    Args:
        has_cameras: whether anything will be rendered; without cameras no OpenGL is needed.
        fails: function from a value of MUJOCO_GL to the reason why it does not work, '' if it does.

    Returns:
        The value of MUJOCO_GL.

    Raises:
        UserError: neither works, or MUJOCO_GL is set to another value.
    """
    chosen = os.environ.get('MUJOCO_GL')
    if chosen is None:
        chosen = _first_that_works(has_cameras, fails or failure)
    elif chosen not in CONTEXTS and (has_cameras or chosen != NONE):
        raise UserError(f'MUJOCO_GL={chosen}: expected egl or osmesa, which need no screen')
    os.environ['MUJOCO_GL'] = chosen
    if chosen in CONTEXTS:
        os.environ['PYOPENGL_PLATFORM'] = chosen
    return chosen


def _first_that_works(has_cameras, fails):
    reasons = {}
    for name in CONTEXTS:
        reasons[name] = fails(name)
        if not reasons[name]:
            return name
    if not has_cameras:
        return NONE
    raise UserError(f'no off-screen OpenGL works ({"; ".join(f"{k}: {v}" for k, v in reasons.items())}); '
                    f'install OSMesa: {INSTALL}')


def failure(name):
    """Why robosuite cannot render with MUJOCO_GL=`name`, '' if it can; tried in a process of its own."""
    folder = Path(importlib.util.find_spec('robosuite').submodule_search_locations[0])
    path = folder / 'renderers' / 'context' / f'{name}_context.py'
    environment = {**os.environ, 'MUJOCO_GL': name, 'PYOPENGL_PLATFORM': name}
    try:
        done = subprocess.run([sys.executable, '-c', _PROBE, path, CONTEXTS[name]], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_WAIT_S)
    except subprocess.TimeoutExpired:
        return f'no answer within {_WAIT_S} s'
    if not done.returncode:
        return ''
    lines = done.stderr.strip().splitlines()
    return one_line(lines[-1]) if lines else f'exit status {done.returncode}'
