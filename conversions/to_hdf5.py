"""Episodes into HDF5 files in LIBERO's layout, one for each task."""
import json
import os

import h5py
import numpy as np

from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import ALIGNMENT
from utils.flags.suites import ENDING
from utils.unfinished import staged
from utils.whole_files import sync


def write_hdf5(target, episodes, sizes, flags, facts):
    """Writes `TARGET/SUITE/TASK_demo.hdf5`; failures into `TARGET/SUITE_failures`.

    Args:
        target: path of the new folder.
        episodes: [`Episode`].
        sizes: {camera: (height, width)}; not needed.
        flags: reads env.
        facts: JSON value that identifies the sources.

    Raises:
        UserError: it cannot be written, or an episode cannot be read.
    """
    groups = {}
    for episode in episodes:
        folder = flags.env if episode.recording.success else f'{flags.env}_failures'
        groups.setdefault((folder, episode.recording.task), []).append(episode)
    with staged(target, {'format': 'hdf5', 'env': flags.env, 'facts': facts}) as partial:
        for (folder, task), group in groups.items():
            path = partial / folder / f'{task}{ENDING}'
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                _write_file(path, group)


def _write_file(path, episodes):
    """Writes one file; it appears when it is whole."""
    unfinished = path.with_name(f'{path.name}.partial')
    with h5py.File(unfinished, 'w') as file:
        data = file.create_group('data')
        data.attrs['problem_info'] = json.dumps({'language_instruction': episodes[0].sentence})
        data.attrs['macros_image_convention'] = 'opengl'        # as in LIBERO's own files
        data.attrs[ALIGNMENT] = 'before'
        for number, episode in enumerate(episodes):
            _write_episode(data.create_group(f'demo_{number}'), episode)
        data.attrs['num_demos'] = len(episodes)
        data.attrs['total'] = sum(len(episode.actions) for episode in episodes)
    sync(unfinished)
    os.replace(unfinished, path)
    sync(path.parent)


def _write_episode(group, episode):
    length, rewards = len(episode.actions), episode.rewards
    is_binary = np.isin(rewards, (0, 1)).all()
    group['actions'] = episode.actions
    group['rewards'] = rewards.astype(np.uint8) if is_binary else rewards
    group['dones'] = (np.arange(length) == length - 1).astype(np.uint8)
    group.attrs['num_samples'] = length
    obs, state = group.create_group('obs'), episode.state
    obs['ee_states'], obs['ee_pos'], obs['ee_ori'] = state[:, :6], state[:, :3], state[:, 3:6]
    obs['gripper_states'] = state[:, 6:]
    if episode.joints is not None:
        obs['joint_states'] = episode.joints
    for camera in episode.file.cameras:
        frames = episode.frames(camera)[:, ::-1]
        obs.create_dataset(CAMERAS[camera], data=frames, compression='gzip', compression_opts=4,
                           chunks=(1, *frames.shape[1:]))
    episode.report()
