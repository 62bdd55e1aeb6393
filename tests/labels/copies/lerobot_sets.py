"""Tiny data sets of LeRobot with all metadata, and what tests of copies read of them."""
import json

import numpy as np

from envs.recorded.lerobot.info import REWARD
from envs.recorded.lerobot.new_episode import Layout, NewEpisode
from envs.recorded.lerobot.write import write_set
from tests.envs.recorded.lerobot.sets import CAMERA, LENGTHS, SIDE, frames, pq, write_v21

NAMES = {f'episode {number}': length for number, length in enumerate(LENGTHS)}


def statistics(values):
    values = np.asarray(values, np.float64)
    return {'min': [values.min()], 'max': [values.max()], 'mean': [values.mean()], 'std': [values.std()],
            'count': [len(values)]}


def made_v21(folder, camera='image'):
    write_v21(folder, camera)
    with open(folder / 'meta/episodes_stats.jsonl', 'w') as file:
        for number, length in enumerate(LENGTHS):
            stats = {'timestamp': statistics(range(length)), REWARD: statistics([0] * (length - 1) + [1])}
            file.write(json.dumps({'episode_index': number, 'stats': stats}) + '\n')
    return folder


def made_v30(folder, rewards=True, encoding='png'):
    """A set by the project's own writer, with all metadata of LeRobot."""
    episodes = []
    for number, length in enumerate(LENGTHS):
        own = np.float32([0] * (length - 1) + [1]) if rewards else None
        episodes.append(NewEpisode('open the door', np.ones((length, 3), np.float32),
                                   {'observation.state': np.ones((length, 2), np.float32)},
                                   {CAMERA: lambda n=number, t=length: iter([frames(n, t)])}, own))
    write_set(folder, episodes, Layout(10, {CAMERA: (SIDE, SIDE)}, encoding))
    return folder


def tables_of(folder):
    """{relative path: `pyarrow.Table`} of the data files."""
    return {path.relative_to(folder).as_posix(): pq.read_table(path)
            for path in sorted((folder / 'data').rglob('*.parquet'))}


def column(folder, name):
    return [value for table in tables_of(folder).values() for value in table.column(name).to_pylist()]


def read_json(path):
    return json.loads(path.read_text())
