"""The tasks of LIBERO as Gymnasium's `rrd/Libero-v0`; importing this module registers it."""
import cv2
import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict

from envs.libero_sim.scene import NUM_ACTIONS, Scene

ID = 'rrd/Libero-v0'
# {key of a reward model: (camera of a scene, its key in the recordings)}
CAMERAS = {'agentview': ('agentview', 'agentview_rgb'), 'wrist': ('eye_in_hand', 'eye_in_hand_rgb')}
# {key of a reward model: parts of it by their keys in the recordings}
VECTORS = {'proprio': ('ee_pos', 'ee_ori', 'gripper_states', 'joint_states'),
           'state': ('ee_pos', 'ee_ori', 'gripper_states')}
_SIZES = {'proprio': 15, 'state': 8}
_RENDERED = 128         # pixels of LIBERO's recordings
_FILMED = 256
_LARGEST = 2 ** 31      # above any seed of a start


class LiberoEnv(gymnasium.Env):
    """A task of LIBERO; ends at its goal.

    The observation is a Dict by the keys of reward models (`--libero_obs`): frames [size, size, 3] uint8,
    upright and not mirrored, `proprio` [15] and `state` [8] float32. Actions are those of the recordings. The
    reward is 1 at the goal, else 0. `info` has `is_success`, and `progress` where the goal has a formula.

    Args:
        suite: name of a suite, such as 'libero_spatial'.
        task: name of a task, as in `<task>_demo.hdf5`.
        cameras: any of 'agentview' and 'wrist'.
        size: height and width of frames, pixels; drawn at 128 like recordings, then resized by areas.
        horizon: steps after which an episode is truncated.
        render_mode: 'rgb_array', or None.
        reflections: as for `Scene`.

    Raises:
        UserError: the simulator is missing, or there is no such task.
        ValueError: there is no such camera.
    """

    metadata = {'render_modes': ['rgb_array'], 'render_fps': 20}

    def __init__(self, suite, task, cameras=('agentview',), size=84, horizon=300, render_mode=None,
                 reflections=True):
        if unknown := [camera for camera in cameras if camera not in CAMERAS]:
            raise ValueError(f'camera {unknown[0]!r}: expected agentview or wrist')
        self.render_mode, self._cameras, self._size, self._horizon = render_mode, cameras, size, horizon
        drawn = {CAMERAS[camera][0] for camera in cameras} | ({'agentview'} if render_mode else set())
        self._scene = Scene(suite, task, tuple(sorted(drawn)), _RENDERED, reflections)
        self.action_space = Box(-1.0, 1.0, (NUM_ACTIONS,), np.float32)
        self.observation_space = Dict(
            {camera: Box(0, 255, (size, size, 3), np.uint8) for camera in cameras}
            | {key: Box(-np.inf, np.inf, (_SIZES[key],), np.float32) for key in VECTORS})
        self._steps = None

    def reset(self, *, seed=None, options=None):
        """Begins an episode.

        Args:
            seed: of the places of objects and fixtures; None continues the stream.
            options: {'state': [S]} starts from a simulator state, such as one of a recording, and
                {'model_file': text} with its fixtures; None draws a state by the rules of the task.

        Raises:
            UserError: the state does not fit the task.
        """
        super().reset(seed=seed)
        self._steps = 0
        if options and 'state' in options:
            seen = self._scene.start(options['state'], options.get('model_file', ''))
        else:
            drawn = int(self.np_random.integers(_LARGEST))
            seen = self._scene.start(self._scene.sample(drawn), seed=drawn)
        return self._observation(seen), self._info()

    def step(self, action):
        """Takes one control step of 1/20 s.

        Raises:
            gymnasium.error.ResetNeeded: `reset` was not called.
            UserError: the action has another shape, or numbers that are not finite.
        """
        if self._steps is None:
            raise gymnasium.error.ResetNeeded('expected a call of reset before the first step')
        seen = self._scene.step(action)
        self._steps += 1
        info = self._info()
        success = info['is_success']
        truncated = not success and self._steps >= self._horizon
        return self._observation(seen), float(success), success, truncated, info

    def render(self):
        """[256, 256, 3] uint8 by the fixed camera, upright; None without a render mode."""
        return None if self.render_mode is None else np.ascontiguousarray(
            self._scene.picture('agentview', _FILMED)[::-1])

    def close(self):
        """Frees the simulator."""
        self._scene.close()

    def _info(self):
        progress = self._scene.progress()
        return {'is_success': self._scene.success(), **({} if progress is None else {'progress': progress})}

    def _observation(self, seen):
        frames = {camera: upright(seen[CAMERAS[camera][1]], self._size) for camera in self._cameras}
        return frames | {key: np.concatenate([seen[part] for part in parts]).astype(np.float32)
                         for key, parts in VECTORS.items()}


def upright(picture, size):
    """[size, size, 3] of a stored picture, whose first row is at the bottom; resized as for reward models."""
    turned = np.ascontiguousarray(picture[::-1])
    if len(turned) == size:
        return turned
    return cv2.resize(turned, (size, size),
                      interpolation=cv2.INTER_AREA if size <= len(turned) else cv2.INTER_LINEAR)


gymnasium.register(ID, entry_point='envs.libero_sim.environment:LiberoEnv')
