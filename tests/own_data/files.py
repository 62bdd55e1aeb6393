"""Writes files in robomimic's layout."""
import json

import h5py
import numpy as np


def write_robomimic(path, episodes, env_name='Lift', sentence=''):
    """Writes one file.

    Args:
        path: of the file.
        episodes: list of {'actions': [T, A], 'obs': {key: [T, ...]}, and optionally 'next_obs', 'rewards'}.
        env_name: in the attribute env_args.
        sentence: the instruction, in the attribute problem_info; '' for none.
    """
    with h5py.File(path, 'w') as file:
        data = file.create_group('data')
        data.attrs['env_args'] = json.dumps({'env_name': env_name, 'type': 1, 'env_kwargs': {}})
        if sentence:
            data.attrs['problem_info'] = json.dumps({'language_instruction': sentence})
        for number, episode in enumerate(episodes):
            demo = data.create_group(f'demo_{number}')
            demo.attrs['num_samples'] = len(episode['actions'])
            for name in ('actions', 'rewards'):
                if name in episode:
                    demo[name] = episode[name]
            for group in ('obs', 'next_obs'):
                for key, values in episode.get(group, {}).items():
                    demo[f'{group}/{key}'] = values
        file['mask/train'] = np.array([b'demo_0'])


def moving(rng, length, task=0, size=0, next_obs=True):
    """One episode of a point that moves to a goal; its rewards are how much nearer it comes, in all 0 to 1.

    Args:
        rng: source of the motion.
        length: T.
        task: 0 or 1; whose goal is at 1 or at -1.
        size: height and width of frames that show the point; 0 for none.
        next_obs: whether the observations after each step are stored.
    """
    goal, position = (1.0, -1.0)[task], np.zeros(length + 1)
    actions = rng.uniform(-0.12, 0.12, (length, 2)).astype(np.float32)
    actions[:, 0] += goal * rng.uniform(0, 0.1)
    for t in range(length):
        position[t + 1] = np.clip(position[t] + actions[t, 0], -1, 1)
    near = 1 - np.abs(goal - position).clip(0, 1)
    observed = {'object': np.stack([position, position ** 2], axis=1), 'robot0_eef_pos': position[:, None]}
    if size:
        observed['agentview_image'] = _frames(position, size)
    episode = {'actions': actions, 'rewards': np.diff(near),
               'obs': {key: values[:-1] for key, values in observed.items()}}
    return episode | ({'next_obs': {key: values[1:] for key, values in observed.items()}} if next_obs else {})


def _frames(position, size):
    """[T, size, size, 3] black frames with a white column where the point is."""
    frames = np.zeros((len(position), size, size, 3), np.uint8)
    columns = np.rint((position + 1) / 2 * (size - 1)).astype(int)
    frames[np.arange(len(position)), :, columns] = 255
    return frames
