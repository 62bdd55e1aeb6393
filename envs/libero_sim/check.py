"""Checks the simulator: builds a task of each suite, and compares pictures with recorded ones."""
import platform
import time
from pathlib import Path

import numpy as np

from envs.libero_sim import opengl, recorded
from envs.libero_sim.appearance import difference, drawn
from envs.libero_sim.assets import check_assets
from envs.libero_sim.own_python import ROOT
from envs.libero_sim.packages import package_folder, versions
from envs.libero_sim.scene import NUM_ACTIONS, Scene
from envs.libero_sim.sensors import CAMERAS
from envs.libero_sim.tasks import suites, tasks
from utils.errors import UserError
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.logs.console import plain_logger
from utils.logs.tables import text_table

TABLE = {
    'What to check': (
        Flag('libero_path', str, '', 'folder of recordings, or one, whose start frames are compared; empty: '
             'those of the sample'),
    ),
}
SAMPLE = Path('data', 'libero_sample', 'libero_spatial')
DARKEST = 10.0          # mean brightness of a picture, of 255: below it nothing was drawn
_RATIO = (0.95, 1.05)   # of brightness to the recorded one
_STEPS = 3


def main(words):
    """Reports versions, assets, OpenGL, a task of each suite, and recorded frames.

    Args:
        words: the command line.

    Raises:
        UserError: something that the simulator needs is missing, or pictures are black.
    """
    args = parse(TABLE, (), words, None, description=__doc__,
                 usage='python -m envs.libero_sim check [--flag=value ...]')
    report = plain_logger().info
    package = package_folder()
    found = versions()
    report('%s', ', '.join([f'Python {platform.python_version()}', *(f'{k} {v}' for k, v in found.items())]))
    check_assets(package)
    report('assets: %s', (package / 'assets').resolve())
    paths = recorded.files(args.libero_path or ROOT / SAMPLE)
    report('off-screen OpenGL: %s', opengl.choose(True))
    report('\n%s\n', text_table(
        ['suite', 'build, s', 'step, s', 'brightness: fixed', 'wrist', 'progress', 'task'],
        [_built(suite, tasks(package, suite)[0]) for suite in suites(package)], left=(0, 5, 6)))
    rows = [_compared(path, found['mujoco'], report) for path in paths]
    report('%s', text_table(['recorded start frame', 'brightness', 'rendered', 'difference',
                             'without reflections', 'difference'], rows))
    for text in remarks(rows, found['mujoco']):
        report('%s', text)


def _built(suite, task):
    """A row about one task: seconds, brightness, and whether its true progress is known."""
    start = time.perf_counter()
    scene = Scene(suite, task)
    scene.start(scene.state())
    built = time.perf_counter()
    for _ in range(_STEPS):
        seen = scene.step(np.zeros(NUM_ACTIONS))
    step_s = (time.perf_counter() - built) / _STEPS
    levels = [float(seen[key].mean()) for _, key in CAMERAS.values()]
    known = scene.progress() is not None
    scene.close()
    if min(levels) < DARKEST:
        raise UserError(f'{suite} {task}: pictures are black (mean {min(levels):.0f} of 255): rendering with '
                        f'this OpenGL does not work; set MUJOCO_GL to the other of egl and osmesa')
    return [suite, f'{built - start:.1f}', f'{step_s:.3f}', *(f'{level:.0f}' for level in levels),
            'known' if known else '-', task]


def _compared(path, mujoco, report):
    """A row about the fixed camera's start frame of a recording: stored, rendered, without reflections."""
    moment = recorded.first_moment(path)
    if warning := recorded.version_warning(moment.mujoco, mujoco):
        report('%s', warning)
    key = CAMERAS['agentview'][1]
    if key not in moment.pictures:
        raise UserError(f'{path}: expected pictures by obs/{key}, got {", ".join(moment.pictures) or "none"}')
    stored = moment.pictures[key]
    row = ['/'.join(path.parts[-2:]), f'{stored.mean():.1f}']
    for picture in drawn(path, moment).values():
        row += [f'{picture.mean():.1f}', f'{difference(picture, stored):.2f}']
    return row


def remarks(rows, mujoco):
    """[text] about rows of `_compared`: darker or brighter pictures, and reflections."""
    texts = []
    for name, stored, *numbers in rows:
        levels, errors = ([float(each) for each in numbers[first::2]] for first in (0, 1))
        nearest = int(errors[1] < errors[0])
        ratio = levels[nearest] / max(float(stored), 1e-9)
        if nearest:
            texts.append(f'{name}: recorded without reflections; perturb it with --reflections=False')
        if not _RATIO[0] <= ratio <= _RATIO[1]:
            texts.append(f'warning: {name}: pictures are {ratio:.2f} times as bright as the recorded ones; '
                         f'MuJoCo >= 3.3.3 renders darker (here {mujoco}); do not mix them in training')
    return texts
