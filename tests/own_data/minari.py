"""Writes data sets in Minari's layout."""
import json

import cv2
import h5py
import numpy as np

BOX = json.dumps({'type': 'Box', 'dtype': 'float32', 'shape': [2], 'low': [-1, -1], 'high': [1, 1]})


def write_minari(folder, episodes, encoding='raw', **metadata):
    """Writes one data set.

    Args:
        folder: of the data set, a new one.
        episodes: list of {'actions': [T, A], 'rewards': [T], 'obs': {key: [T, ...]}, 'next_obs': likewise},
            as for `write_robomimic`; a single key is a Box, otherwise a Dict of Boxes.
        encoding: of frames, 'raw' or 'jpeg'.
        metadata: values of `metadata.json` that differ from the usual ones; None leaves one out.
    """
    (folder / 'data').mkdir(parents=True)
    usual = {'total_episodes': len(episodes), 'data_format': 'hdf5', 'action_space': BOX,
             'dataset_id': 'point/one-v0', 'minari_version': '0.5.4'}
    values = {name: value for name, value in {**usual, **metadata}.items() if value is not None}
    (folder / 'data/metadata.json').write_text(json.dumps(values))
    with h5py.File(folder / 'data/main_data.hdf5', 'w') as file:
        for number, episode in enumerate(episodes):
            group = file.create_group(f'episode_{number}')
            group.attrs.update({'id': number, 'total_steps': len(episode['actions'])})
            group['actions'], group['rewards'] = episode['actions'], episode['rewards']
            group['terminations'] = np.zeros(len(episode['actions']), bool)
            group['truncations'] = np.arange(len(episode['actions'])) == len(episode['actions']) - 1
            for key, values in whole(episode).items():
                name = 'observations' if len(episode['obs']) == 1 else f'observations/{key}'
                _write(group, name, values, encoding)


def whole(episode):
    """{key: [T + 1, ...]} of all observations of an episode."""
    return {key: np.concatenate([values, episode['next_obs'][key][-1:]])
            for key, values in episode['obs'].items()}


def _write(group, name, values, encoding):
    if values.dtype != np.uint8 or encoding == 'raw':
        group[name] = values
        return
    pictures = group.create_dataset(name, len(values), h5py.vlen_dtype(np.uint8))
    for step, frame in enumerate(values):
        pictures[step] = cv2.imencode('.jpg', cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))[1].ravel()
