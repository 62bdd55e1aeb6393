"""Data sets in Minari's layout, read as they are stored."""
import json

import h5py
import numpy as np
import pytest

from envs.recorded.minari.read import columns, read_set
from envs.recorded.opening import open_source
from tests.own_data.files import moving, write_robomimic
from tests.own_data.minari import whole, write_minari
from utils.runs.flags import parse_args


@pytest.fixture
def episodes():
    """Two episodes, of 5 and of 7 steps."""
    rng = np.random.default_rng(0)
    return [moving(rng, 5, size=8), moving(rng, 7, size=8)]


def source(path, *flags):
    return open_source(parse_args(['--env=recorded', f'--data_path={path}', *flags]))


def test_columns_are_the_cameras_and_vectors_of_the_observations(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes)
    found = columns(tmp_path / 'one-v0')
    assert {name: (column.kind, column.shape, column.encoding) for name, column in found.items()} == {
        'observations/agentview_image': ('camera', (8, 8, 3), 'raw'),
        'observations/object': ('vector', (2,), ''), 'observations/robot0_eef_pos': ('vector', (1,), '')}


def test_a_box_has_one_column(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', [only(episode, 'object') for episode in episodes])
    assert columns(tmp_path / 'one-v0').keys() == {'observations'}


def only(episode, key):
    return {**episode, **{side: {key: episode[side][key]} for side in ('obs', 'next_obs')}}


def test_nested_dicts_have_paths_and_other_arrays_are_left_out(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes)
    with h5py.File(tmp_path / 'one-v0/data/main_data.hdf5', 'a') as file:
        file['episode_0/observations/goal/place'] = np.zeros((6, 3))
        file['episode_0/observations/goal/number'] = np.zeros(6, np.int64)
        file['episode_0/observations/bits'] = np.zeros((6, 4), np.uint8)
    added = columns(tmp_path / 'one-v0').keys() - {
        f'observations/{key}' for key in ('agentview_image', 'object', 'robot0_eef_pos')}
    assert added == {'observations/goal/place', 'observations/bits'}


def test_episodes_are_those_of_robomimics_layout(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes)
    write_robomimic(tmp_path / 'x.hdf5', episodes)
    ours, others = (source(tmp_path / name).files[0].episodes for name in ('one-v0', 'x.hdf5'))
    for found, expected in zip(ours, others, strict=True):
        assert (found.length, found.total_reward) == (expected.length, expected.total_reward)
        np.testing.assert_array_equal(found.actions, expected.actions)
        np.testing.assert_array_equal(found.rows, expected.rows)
        for key in ('object', 'robot0_eef_pos'):
            np.testing.assert_array_equal(found.vectors[key], expected.vectors[key])


@pytest.mark.parametrize('encoding, largest', [('raw', 0), ('jpeg', 40)])
def test_frames_are_those_that_were_written(tmp_path, episodes, encoding, largest):
    write_minari(tmp_path / 'one-v0', episodes, encoding)
    raw = read_set(tmp_path / 'one-v0', ['observations/agentview_image'])
    found = np.concatenate(list(raw.read('observations/agentview_image', [1])))
    error = np.abs(found.astype(int) - whole(episodes[1])['agentview_image'])
    assert found.shape == (8, 8, 8, 3) and error.max() <= largest


def test_jpegs_of_one_length_are_read_as_pictures(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes[:1], 'jpeg')
    with h5py.File(tmp_path / 'one-v0/data/main_data.hdf5', 'a') as file:
        name = 'episode_0/observations/agentview_image'
        rows = list(file[name][:])
        del file[name]
        file[name] = np.stack([rows[0]] * 6)
    raw = read_set(tmp_path / 'one-v0', ['observations/agentview_image'])
    assert raw.columns['observations/agentview_image'].encoding == 'jpeg'
    assert len(np.concatenate(list(raw.read('observations/agentview_image', [0])))) == 6


@pytest.mark.parametrize('metadata, expected', [
    ({}, 'point/one-v0'), ({'env_spec': json.dumps({'id': 'Hopper-v4'})}, 'Hopper-v4'),
    ({'env_spec': 'no JSON'}, 'point/one-v0'), ({'dataset_id': None}, 'folder-v3')])
def test_the_task_is_the_environment_else_the_set_else_the_folder(tmp_path, episodes, metadata, expected):
    write_minari(tmp_path / 'folder-v3', episodes, **metadata)
    assert source(tmp_path / 'folder-v3').tasks == (expected,)


def test_the_mission_of_an_episode_is_its_task(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes)
    with h5py.File(tmp_path / 'one-v0/data/main_data.hdf5', 'a') as file:
        file['episode_1/observations/mission'] = ['go to the  red ball'] * 8
    assert source(tmp_path / 'one-v0').tasks == ('point/one-v0', 'go to the red ball')


def test_metadata_in_the_attributes_of_the_file_are_those_before_version_0_5(tmp_path, episodes):
    write_minari(tmp_path / 'one-v0', episodes)
    (tmp_path / 'one-v0/data/metadata.json').unlink()
    with h5py.File(tmp_path / 'one-v0/data/main_data.hdf5', 'a') as file:
        file.attrs.update({'dataset_id': 'old-v1', 'minari_version': '0.4.3', 'total_episodes': np.int64(2)})
    assert source(tmp_path / 'one-v0').tasks == ('old-v1',)
    assert read_set(tmp_path / 'one-v0', []).format == 'Minari 0.4.3'


@pytest.mark.parametrize('below, count', [
    ('', 2), ('point', 2), ('point/one-v0', 1), ('point/one-v0/data', 1),
    ('point/one-v0/data/main_data.hdf5', 1)])
def test_a_set_is_found_by_its_folder_its_file_and_the_folders_above(tmp_path, episodes, below, count):
    for name in ('one-v0', 'two-v0'):
        write_minari(tmp_path / 'point' / name, episodes)
    assert len(source(tmp_path / below, '--libero_obs=object').files) == count
