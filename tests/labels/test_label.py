"""`label.py` end to end, on tiny data in several formats."""
import json

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest

import convert
import label
from tests.recorded_runs import LENGTHS, train_run, user
from utils.labels.table import PROVENANCE


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        for path in folder.glob('*/*.hdf5'):
            close_or_open(path)
        train_run(folder, 'run', '--cycles=1')
        yield folder


def close_or_open(path):
    """Makes the gripper of a file's actions -1 or 1, which other formats than HDF5 need."""
    with h5py.File(path, 'r+') as file:
        for demo in file['data'].values():
            demo['actions'][:, 6] = np.where(demo['actions'][:, 6] > 0, 1, -1)


def table(path):
    read = pq.read_table(path)
    return read.to_pydict(), json.loads(read.schema.metadata[PROVENANCE])


def rows(columns, *names):
    return sorted(zip(*(columns[name] for name in names), strict=True))


@pytest.fixture(scope='module', params=['rlds', 'lerobot'])
def converted(place, request):
    """The successes of `place` in another format."""
    folder = place / request.param
    convert.main([f'--to={request.param}', f'{place}/libero_spatial', f'{folder}', '--encoding=png'])
    return folder


def test_another_format_of_the_same_episodes_has_the_same_rewards_and_splits(place, converted):
    path = place / f'{converted.name}.parquet'
    label.main([str(place / 'run'), f'--data_path={converted}', f'--sidecar={path}'])
    found, _ = table(path)
    whole, _ = table(place / 'run/rewards.parquet')
    expected = [row for row in valid_rows(whole) if 'failures' not in row[0]]
    assert [row[1:3] for row in expected] == [row[1:3] for row in valid_rows(found)]
    np.testing.assert_allclose([row[3] for row in valid_rows(found)], [row[3] for row in expected],
                               rtol=1e-4, atol=1e-6)


def valid_rows(columns):
    """[(file, task, split, reward)] of the valid steps, in the order of tasks and splits."""
    found = zip(*(columns[name] for name in ('file', 'task', 'split', 'reward', 'valid')), strict=True)
    return sorted([row[:4] for row in found if row[4]], key=lambda row: row[1:3])


def test_a_sidecar_of_the_runs_own_successes_has_the_rewards_of_its_end(place):
    label.main([str(place / 'run'), f'--data_path={place}/libero_spatial', f'--sidecar={place}/own.parquet'])
    columns, notes = table(place / 'own.parquet')
    whole, _ = table(place / 'run/rewards.parquet')
    names = ('file', 'episode', 'step', 'reward', 'valid', 'split', 'recorded_return')
    assert rows(columns, *names) == [row for row in rows(whole, *names) if 'failures' not in row[0]]
    assert len(columns['step']) == 2 * sum(LENGTHS)
    assert (notes['run'], notes['training_episodes'], notes['episodes']) == ('run', 4, 6)
    assert not list(place.glob('own.parquet.*'))
