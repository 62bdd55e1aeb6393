"""A scene of a few lines: a block on a line is to be carried beyond 1 m; and demonstrations of it."""
import h5py
import numpy as np

from utils.flags.suites import tasks_of

TASK = tasks_of('libero_spatial')[0]
SPEED = 0.1     # m a step at full command
ARM = 0.0       # position of the arm at the start


class FakeScene:
    """Stands for a `Scene`. Its state is time, position of the arm, that of the block, and held steps."""

    def __init__(self, suite, task, cameras=(), size=4, reflections=True):
        self.name, self.cameras, self.size = (suite, task), cameras, size
        self.is_closed = False

    def start(self, state, model_file=''):
        self._state = np.array(state, np.float64)
        return self._seen()

    def step(self, action):
        time, arm, block, is_held = self._state
        arm = arm + SPEED * np.clip(action[0], -1, 1)
        is_held = action[6] > 0 and (is_held or abs(self._state[1] - block) < 0.25 * SPEED)
        self._state = np.array([time + 1, arm, arm if is_held else block, is_held])
        return self._seen()

    def success(self):
        return bool(self._state[2] > 1 and not self._state[3])

    def state(self):
        return self._state.copy()

    def progress(self):
        return float(min(1.0, max(0.0, self._state[2])))

    def close(self):
        self.is_closed = True

    def _seen(self):
        frame = np.full((self.size, self.size, 3), int(self._state[0]) % 256, np.uint8)
        zeros = {'ee_ori': np.zeros(3), 'ee_states': np.zeros(6), 'gripper_states': np.zeros(2),
                 'robot_states': np.zeros(9), 'joint_states': np.resize(self._state[1:], 7)}
        pictures = {f'{camera}_rgb': frame for camera in self.cameras}
        return {'ee_pos': np.array([self._state[1], 0, 0])} | zeros | pictures


def actions_of(block, extra=0):
    """[T, 7] that carry the block at `block` steps from the arm beyond the goal and rest there."""
    moves = [*np.zeros(extra), *np.ones(block), *np.zeros(1), *np.ones(12 - block), *np.zeros(12)]
    actions = np.zeros((len(moves), 7))
    actions[:, 0], actions[:, 6] = moves, -1
    actions[extra + block:extra + 13, 6] = 1
    return actions


def write_demonstrations(folder, blocks=(2, 3, 4), task=TASK, **attributes):
    """Writes a file in LIBERO's layout, and returns its path."""
    path = folder / f'{task}_demo.hdf5'
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, 'w') as file:
        data = file.create_group('data')
        data.attrs['problem_info'] = '{"language_instruction": "carry the block"}'
        for name, value in attributes.items():
            data.attrs[name] = value
        for number, block in enumerate(blocks):
            demo, actions = data.create_group(f'demo_{number}'), actions_of(block)
            demo['actions'] = actions
            demo['states'] = np.tile([0, ARM, block * SPEED, 0], (len(actions), 1))
            demo['rewards'] = np.arange(len(actions)) == len(actions) - 1
    return path
