"""The report of `python -m envs.recorded DIR`, for files of every format that are made here."""
import logging

import h5py
import numpy as np
import pytest

from envs.recorded.listing import main
from tests.envs.recorded.libero.folders import TASKS, write
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError


@pytest.fixture
def report(caplog):
    """Function of a path, to the lines it writes."""
    def call(path):
        with caplog.at_level(logging.INFO, 'rrd'):
            main([str(path)])
        return '\n'.join(record.getMessage() for record in caplog.records).splitlines()
    return call


def test_a_file_of_robomimic_is_described(tmp_path, report):
    path, rng = tmp_path / 'x.hdf5', np.random.default_rng(0)
    write_robomimic(path, [moving(rng, 5, size=8), moving(rng, 9, size=8)])
    lines = report(path)
    assert lines[:4] == [f'{path}: robomimic HDF5', 'episodes: 2 of 5 to 9 steps, 16 frames', lines[2],
                         'observations: before each action, and after the last']
    assert lines[2].startswith('outcomes: recorded rewards: returns from ')
    assert 'camera: agentview = obs/agentview_image, 8 x 8 raw' in lines
    assert 'vector: object = obs/object, 2 numbers' in lines
    assert f'train: --env=recorded --data_path={path}' in lines
    assert [line.split() for line in lines if line][-1] == ['Lift', '2']


def test_only_commands_that_read_the_set_are_shown(tmp_path, report):
    path = tmp_path / 'a b.hdf5'
    write_robomimic(path, [moving(np.random.default_rng(0), 5)], sentence='turn on the stove')
    assert [line for line in report(path) if line.startswith('train: ')] == [
        f"train: --env=recorded --data_path='{path}'"]


def test_a_damaged_episode_is_listed_and_the_others_are_described(tmp_path, report):
    path, rng = tmp_path / 'x.hdf5', np.random.default_rng(0)
    write_robomimic(path, [moving(rng, 5), moving(rng, 9)])
    with h5py.File(path, 'a') as file:
        del file['data/demo_1/actions']
    lines = report(path)
    assert 'episodes: 1 of 5 to 5 steps, 6 frames' in lines
    assert 'left out: demo_1: data/demo_1/actions is missing; found next_obs, obs, rewards' in lines


def test_episodes_with_the_same_actions_are_reported(tmp_path, report):
    rng = np.random.default_rng(0)
    episodes = [moving(rng, 5), moving(rng, 9)]
    write_robomimic(tmp_path / 'x.hdf5', [*episodes, episodes[0]])
    assert 'warning: 1 episode repeats the actions of another: demo_0, demo_2' in report(tmp_path / 'x.hdf5')


def test_files_of_libero_are_listed_as_such(tmp_path, report):
    write(tmp_path / 'libero_spatial', TASKS[0], demos=2)
    assert report(tmp_path)[0] == f'{tmp_path}/libero_spatial: HDF5 files of LIBERO'


@pytest.mark.parametrize('name, message', [
    ('missing', 'expected recorded episodes; it does not exist'),
    ('n' * 300, 'expected recorded episodes; it does not exist'),
    ('', 'expected a data set in RLDS (features.json and dataset_info.json), of LeRobot (meta/info.json) or '
     'of Minari (data/main_data.hdf5), or HDF5 files of LIBERO or in the layout of robomimic')])
def test_other_places_are_refused(tmp_path, name, message):
    with pytest.raises(UserError) as caught:
        main([str(tmp_path / name)])
    assert str(caught.value) == f'{tmp_path / name}: {message}'


def test_a_path_is_needed():
    with pytest.raises(UserError, match='^expected a folder or a file first: python -m envs.recorded DIR$'):
        main([])
