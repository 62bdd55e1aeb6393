"""Tiny files in LIBERO's HDF5 layout."""
import json

import h5py
import numpy as np

BEFORE, AFTER = 'before', 'after'


def write_suite_file(path, demos=2, length=6, size=8, success=True, alignment='after',
                     cameras=('agentview_rgb', 'eye_in_hand_rgb'), seed=0, convention='opengl', lengths=None,
                     compression='gzip'):
    """Writes one file of one task.

    Args:
        path: of the file.
        demos: number of episodes.
        length: stored steps of each.
        size: height and width of frames.
        success: whether the last reward is 1.
        alignment: whether observation t has the arm of the state before action t, or of the one after it.
        cameras: names of the cameras.
        seed: of all numbers.
        convention: attribute `macros_image_convention`, or None for none.
        lengths: stored steps of each episode, in place of `demos` and `length`.
        compression: of frames, or None for none.
    """
    rng = np.random.default_rng(seed)
    lengths = lengths or [length] * demos
    with h5py.File(path, 'w') as file:
        data = file.create_group('data')
        data.attrs['problem_info'] = json.dumps({'language_instruction': ['"', 'move the bowl', '"']})
        data.attrs['num_demos'], data.attrs['total'] = len(lengths), sum(lengths)
        if convention:
            data.attrs['macros_image_convention'] = convention
        for number, steps in enumerate(lengths):
            _write_demo(data.create_group(f'demo_{number}'), steps, size, success, alignment, cameras,
                        compression, rng)


def _write_demo(demo, length, size, success, alignment, cameras, compression, rng):
    joints = rng.normal(size=(length + 1, 7)).cumsum(axis=0)      # before every action, and after the last
    states = rng.normal(size=(length, 20))
    states[:, 1:8] = joints[:-1]
    demo['actions'] = rng.uniform(-1, 1, (length, 7))
    demo['states'] = states
    demo['robot_states'] = rng.normal(size=(length, 9))
    demo['rewards'] = np.uint8([0] * (length - 1) + [success])
    demo['dones'] = np.uint8([0] * (length - 1) + [1])
    demo.attrs['num_samples'] = length
    obs = demo.create_group('obs')
    obs['joint_states'] = joints[1:] if alignment == 'after' else joints[:-1]
    obs['ee_pos'], obs['ee_ori'] = rng.normal(size=(length, 3)), rng.normal(size=(length, 3))
    obs['ee_states'] = np.concatenate([obs['ee_pos'], obs['ee_ori']], axis=1)
    obs['gripper_states'] = rng.normal(size=(length, 2))
    for camera in cameras:
        obs.create_dataset(camera, data=rng.integers(256, size=(length, size, size, 3), dtype=np.uint8),
                           compression=compression)
