"""One task of the simulator: set it to a recorded state, step it, and ask whether the goal holds."""
import atexit
import weakref

import numpy as np

from envs.libero_sim import progress, sensors, simulator
from envs.libero_sim.fixtures import place
from envs.libero_sim.packages import package_folder
from utils.errors import UserError

NUM_ACTIONS = 7         # numbers of an action


class Scene:
    """A task of LIBERO, headless.

    The same start and the same actions give the same states, bit for bit, whatever was played before.

    Args:
        suite: name of a suite, such as 'libero_spatial'.
        task: name of a task, as in `<task>_demo.hdf5`.
        cameras: any of 'agentview' and 'eye_in_hand'; without cameras only the physics is computed.
        size: height and width of pictures, pixels.
        reflections: whether surfaces mirror. The recordings in `data/libero_sample` were made without, which
            halves the time of a picture.

    Raises:
        UserError: the simulator, its assets or an off-screen OpenGL are missing, or there is no such task.
    """

    def __init__(self, suite, task, cameras=('agentview', 'eye_in_hand'), size=128, reflections=True):
        for camera in cameras:
            if camera not in sensors.CAMERAS:
                raise UserError(f'camera {camera!r}: expected agentview or eye_in_hand')
        self._cameras, self._size = tuple(cameras), size
        self._env = simulator.make(suite, task, bool(cameras))
        self._end = weakref.finalize(self, self._env.close)
        atexit.register(self._end)      # before EGL ends, which Python would do first
        sensors.switch_observables_off(self._env)
        self._reflectance = self._env.sim.model._model.mat_reflectance.copy()
        self.show_reflections(reflections)
        self._goal, self._first = progress.goal_of(self._env), None

    @property
    def instruction(self):
        """The sentence of the task's BDDL file."""
        return self._env.language_instruction

    def sample(self, seed):
        """[S] a state from which an episode may start, drawn by the rules of the task.

        Args:
            seed: of the draw; the fixtures stand where `start(state, seed=seed)` places them.
        """
        self._reset(seed)
        return self.state()

    def start(self, state, model_file='', seed=0):
        """Begins an episode from a state.

        Fixtures are placed by a seeded reset, as they are not part of a state. The command of the gripper,
        which the simulator adds up outside of its state, begins at half open, as after any reset.

        Args:
            state: [S] flattened MuJoCo state: time, positions, velocities.
            model_file: text of the XML model of a recording, whose fixtures stand elsewhere; '' for those of
                the seeded reset.
            seed: of the reset.

        Returns:
            The observation before the first action, as of `step`.

        Raises:
            UserError: the state has another size, or the model does not fit.
        """
        env, state = self._env, np.asarray(state, np.float64)
        self._reset(seed)
        size = len(self.state())
        if state.shape != (size,) or not np.isfinite(state).all():
            raise UserError(f'expected a state of {size} finite numbers, as this task has, got {state.shape}')
        if model_file:
            place(env, model_file, package_folder())
        gripper = env.robots[0].gripper     # a soft reset keeps the command of the last episode
        gripper.current_action = np.zeros(gripper.dof)
        env.set_state(state)
        env.sim.forward()
        env.check_success()                 # as LIBERO's own reset does
        env._post_process()
        self._first = progress.moment(env, self._goal) if self._goal else None
        return self._observation()

    def step(self, action):
        """Takes one control step of 1/20 s.

        Args:
            action: [7] in [-1, 1]: motion of the arm, its rotation, and the gripper, +1 to close it.

        Returns:
            {key: array} of the moment after the step, by the keys of LIBERO's recordings: `agentview_rgb`,
            `eye_in_hand_rgb` [size, size, 3] uint8 (first row at the bottom), `ee_pos`, `ee_ori`,
            `ee_states`, `gripper_states`, `joint_states` and `robot_states` float64.

        Raises:
            UserError: the action has another shape, or numbers that are not finite.
        """
        action = np.asarray(action, np.float64)
        if action.shape != (NUM_ACTIONS,) or not np.isfinite(action).all():
            raise UserError(f'expected an action of {NUM_ACTIONS} finite numbers, got {action}')
        self._env.step(action)
        return self._observation()

    def show_reflections(self, on):
        """Lets surfaces mirror, or stops them."""
        self._env.sim.model._model.mat_reflectance[:] = self._reflectance * bool(on)

    def picture(self, camera='agentview', size=None):
        """[size, size, 3] uint8 of the present state; the first row is at the bottom."""
        return sensors.picture(self._env, camera, size or self._size)

    def success(self):
        """Whether the goal holds, by the simulator's own test."""
        return bool(self._env.check_success())

    def state(self):
        """[S] float64 flattened MuJoCo state: time, positions, velocities."""
        return self._env.get_sim_state()

    def progress(self):
        """True progress in [0, 1] since `start`; None where the goal has no formula (see `progress.py`)."""
        if self._first is None:
            return None
        return progress.progress(self._first, progress.moment(self._env, self._goal), self.success())

    def close(self):
        """Frees the simulator; a second call does nothing."""
        self._end()
        atexit.unregister(self._end)
        self._env = None

    def _reset(self, seed):
        kept = np.random.get_state()        # LIBERO draws from the generator of the whole process
        try:
            self._env.seed(seed)
            self._env.reset()
        finally:
            np.random.set_state(kept)

    def _observation(self):
        pictures = {sensors.CAMERAS[camera][1]: self.picture(camera) for camera in self._cameras}
        return pictures | sensors.vectors(self._env)
