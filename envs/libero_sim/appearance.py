"""How a recording was drawn: with surfaces that mirror, or without."""
import numpy as np

from envs.libero_sim.recorded import first_moment, suite_and_task
from envs.libero_sim.scene import Scene
from envs.libero_sim.sensors import CAMERAS

_SIZE = 128


def drawn(path, moment):
    """{whether surfaces mirror: [H, W, 3] uint8} of a recorded moment, by the fixed camera.

    Args:
        path: of the recording.
        moment: a `Moment` of it.

    Raises:
        UserError: the simulator cannot be used, or the moment is of another task.
    """
    scene, pictures = Scene(*suite_and_task(path), cameras=('agentview',), size=_SIZE), {}
    scene.start(moment.state, moment.model_file)
    for reflections in (True, False):
        scene.show_reflections(reflections)
        pictures[reflections] = scene.picture()
    scene.close()
    return pictures


def mirrors(path):
    """Whether surfaces mirror in a recording, by its first picture; True if it has none by the fixed camera.

    Args:
        path: of the recording.

    Raises:
        UserError: as of `drawn`, or the file cannot be read.
    """
    moment = first_moment(path)
    stored = moment.pictures.get(CAMERAS['agentview'][1])
    if stored is None:
        return True
    pictures = drawn(path, moment)
    return difference(pictures[True], stored) <= difference(pictures[False], stored)


def difference(drawn, stored):
    """Mean absolute difference of two pictures, of 255, after both are reduced to blocks of 1/8 of a side."""
    return float(np.abs(_blocks(drawn) - _blocks(stored)).mean())


def _blocks(picture):
    """[8, 8, 3] mean colours; comparable whatever the sizes."""
    height, width = (side - side % 8 for side in picture.shape[:2])
    return picture[:height, :width].reshape(8, height // 8, 8, width // 8, 3).mean(axis=(1, 3))
