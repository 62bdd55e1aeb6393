"""Episodes of a suite into HDF5 files in LIBERO's layout, one for each task."""
import json

import numpy as np

from conversions.hdf5_files import add_frames
from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import ALIGNMENT
from utils.flags.suites import ENDING
from utils.new_hdf5 import new_file
from utils.unfinished import staged


def write_hdf5(job):
    """Writes `TARGET/SUITE/TASK_demo.hdf5`; failures into `TARGET/SUITE_failures`."""
    env, groups = job.flags.env, {}
    for episode in job.content.episodes:
        folder = env if episode.success else f'{env}_failures'
        groups.setdefault((folder, episode.recording.task), []).append(episode)
    with staged(job.target, {'format': 'hdf5', 'env': env, 'facts': job.content.facts}) as partial:
        for (folder, task), group in groups.items():
            path = partial / folder / f'{task}{ENDING}'
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                _write_file(path, group, job.report)


def _write_file(path, episodes, report):
    """Writes one file; it appears when it is whole."""
    with new_file(path) as file:
        data = file.create_group('data')
        data.attrs['problem_info'] = json.dumps({'language_instruction': episodes[0].sentence})
        data.attrs['macros_image_convention'] = 'opengl'        # as in LIBERO's own files
        data.attrs[ALIGNMENT] = 'before'
        for number, episode in enumerate(episodes):
            _write_episode(data.create_group(f'demo_{number}'), episode)
            report()
        data.attrs['num_demos'] = len(episodes)
        data.attrs['total'] = sum(len(episode.actions) for episode in episodes)


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
    for camera in episode.cameras:
        add_frames(obs, CAMERAS[camera], episode.frames(camera)[:, ::-1])
