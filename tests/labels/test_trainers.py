"""Tables for trainers of LeRobot data sets, against the trainers' own formulas."""
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from labels.trainers import write_rabc, write_returns
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError
from utils.labels.episode import NEW, EpisodeLabels
from utils.labels.table import PROVENANCE

REWARDS = {'episode 0': [.5, .25, 0], 'episode 1': [-.5, 0], 'episode 2': [1, 2, 3, 0]}


def labels_of(folder, names=tuple(REWARDS)):
    return [EpisodeLabels(folder, name, 'task', np.float32(REWARDS[name]),
                          np.arange(len(REWARDS[name])) < len(REWARDS[name]) - 1, NEW) for name in names]


def read(path):
    table = pq.read_table(path)
    return {name: str(kind) for name, kind in zip(table.column_names, table.schema.types, strict=True)}, \
        table.to_pydict(), json.loads(table.schema.metadata[PROVENANCE])


@pytest.fixture(params=[sets.write_v21, sets.write_v30], ids=['v2.1', 'v3.0'])
def folder(request, tmp_path):
    return request.param(tmp_path / 'set')


def test_progress_is_the_sum_of_the_rewards_before_a_frame(folder):
    write_rabc(folder / 'sarm_progress.parquet', folder, labels_of(folder), {'run': 'mine'}, 2)
    kinds, columns, notes = read(folder / 'sarm_progress.parquet')
    assert kinds == {'index': 'int64', 'episode_index': 'int64', 'frame_index': 'int64',
                     'progress_sparse': 'float', 'weight': 'float'}
    assert columns['index'] == list(range(9)) and columns['episode_index'] == [0] * 3 + [1] * 2 + [2] * 4
    assert columns['frame_index'] == [0, 1, 2, 0, 1, 0, 1, 2, 3]
    assert columns['progress_sparse'] == [0, .5, .75, 0, -.5, 0, 1, 3, 6]
    assert (notes['run'], notes['splits']) == ('mine', dict.fromkeys(REWARDS, NEW))


def test_kappa_is_the_mean_and_the_deviation_of_what_rabc_calls_progress_deltas(folder):
    texts = write_rabc(folder / 'sarm_progress.parquet', folder, labels_of(folder), {}, 2)
    deltas = [.75, .25, 0, -.5, 0, 3, 5, 3, 0]
    kappa = np.mean(deltas) + np.std(deltas)
    assert read(folder / 'sarm_progress.parquet')[2]['kappa'] == pytest.approx(kappa)
    assert texts[0].startswith(f'kappa for RA-BC: {kappa:.4g}')


def test_a_return_is_the_sum_of_the_rewards_from_a_frame_on(folder):
    path = folder / 'meta/returns_rrd.parquet'
    before = (folder / 'meta/info.json').read_bytes()
    texts = write_returns(path, folder, labels_of(folder), {}, 2)
    kinds, columns, notes = read(path)
    assert kinds == {'episode_index': 'int64', 'frame_index': 'int64', 'return': 'float', 'reward': 'float',
                     'prompt': 'string'}
    assert columns['return'] == [.75, .25, 0, -.5, 0, 6, 5, 3, 0]
    assert columns['reward'] == [.5, .25, 0, -.5, 0, 1, 2, 3, 0]
    assert columns['prompt'] == [sets.TASKS[0]] * 3 + [sets.TASKS[1]] * 2 + [sets.TASKS[0]] * 4
    assert notes['return'] == {'min': -.5, 'max': 6.0} and '"min": -0.5, "max": 6' in texts[0]
    assert (folder / 'meta/info.json').read_bytes() == before


def test_episodes_without_labels_have_no_rows_and_are_counted(folder):
    texts = write_rabc(folder / 'sarm_progress.parquet', folder, labels_of(folder, ['episode 2']), {}, 2)
    assert read(folder / 'sarm_progress.parquet')[1]['index'] == [5, 6, 7, 8]
    assert texts[0] == f'warning: 2 of 3 episodes of {folder} were left out and have no rows'


def test_labels_of_another_length_are_refused(folder):
    labels = [labels_of(folder)[2]._replace(name='episode 0')]
    with pytest.raises(UserError, match='episode 0: expected labels of 3 frames, got 4'):
        write_rabc(folder / 'sarm_progress.parquet', folder, labels, {}, 2)
    assert not (folder / 'sarm_progress.parquet').exists()
