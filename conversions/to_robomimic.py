"""Own episodes into HDF5 files in robomimic's layout, one for each task."""
import json
import re

import numpy as np

from conversions.hdf5_files import add_frames
from utils.new_hdf5 import new_file
from utils.unfinished import staged

_LONGEST = 100      # characters of a task in the name of its file


def own_column(key, is_camera):
    """The name of a camera or vector in an episode."""
    return f'obs/{key}'


def write_robomimic(job):
    """Writes `TARGET/NUMBER_TASK.hdf5`; the numbers keep the order of the tasks."""
    groups = {}
    for episode in job.content.episodes:
        groups.setdefault(episode.sentence, []).append(episode)
    digits = len(str(len(groups) - 1))
    with staged(job.target, {'format': 'hdf5', 'env': job.flags.env, 'facts': job.content.facts}) as partial:
        for number, (task, group) in enumerate(groups.items()):
            name = re.sub('[^A-Za-z0-9]+', '_', task).strip('_')[:_LONGEST]
            path = partial / f'{number:0{digits}d}_{name}.hdf5'
            if not path.exists():
                _write_file(path, task, group, job.report)


def _write_file(path, task, episodes, report):
    """Writes one file; it appears when it is whole."""
    with new_file(path) as file:
        data = file.create_group('data')
        data.attrs['problem_info'] = json.dumps({'language_instruction': task})
        total = 0
        for number, episode in enumerate(episodes):
            total += _write_episode(data.create_group(f'demo_{number}'), episode)
            report()
        data.attrs['num_demos'], data.attrs['total'] = len(episodes), total


def _write_episode(group, episode):
    """Writes an episode; the number of its steps.

    A last row without a recorded action is no step: its observation is the last one of `next_obs`.
    """
    length = len(episode.actions) - episode.is_padded
    group['actions'], group['rewards'] = episode.actions[:length], episode.rewards[:length]
    group['dones'] = (np.arange(length) == length - 1).astype(np.uint8)
    group.attrs['num_samples'] = length
    for place, first in (('obs', 0), ('next_obs', 1))[:1 + episode.is_padded]:
        obs = group.create_group(place)
        for key, values in episode.vectors.items():
            obs[key] = values[first:first + length]
    for camera in episode.cameras:
        frames = np.concatenate(list(episode.pictures(camera)))
        add_frames(group['obs'], camera, frames[:length])
        if episode.is_padded:
            add_frames(group['next_obs'], camera, frames[1:])
    return length
