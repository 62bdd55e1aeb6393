"""Files in robomimic's layout, whole and damaged."""
import h5py
import numpy as np
import pytest

from envs.recorded.opening import open_source
from envs.recorded.robomimic.read import columns, read_file
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError
from utils.runs.flags import parse_args

WANTED = ('obs/agentview_image', 'obs/object')


@pytest.fixture
def path(tmp_path):
    """A file of two episodes of 5 and 7 steps."""
    rng = np.random.default_rng(0)
    write_robomimic(tmp_path / 'x.hdf5', [moving(rng, 5, size=8), moving(rng, 7, size=8)])
    return tmp_path / 'x.hdf5'


def source(path, *flags):
    return open_source(parse_args(['--env=recorded', f'--data_path={path}', *flags]))


def test_columns_are_the_cameras_and_vectors_of_obs(path):
    found = columns(path)
    assert {name: (column.kind, column.shape) for name, column in found.items()} == {
        'obs/agentview_image': ('camera', (8, 8, 3)), 'obs/object': ('vector', (2,)),
        'obs/robot0_eef_pos': ('vector', (1,))}


def test_vectors_of_no_numbers_and_frames_of_no_pixels_are_left_out(path):
    with h5py.File(path, 'a') as file:
        file['data/demo_0/obs/nothing'] = np.zeros((5, 0))
        file['data/demo_0/obs/dark'] = np.zeros((5, 0, 8, 3), np.uint8)
    assert columns(path).keys() == {'obs/agentview_image', 'obs/object', 'obs/robot0_eef_pos'}


def test_arrays_are_those_of_the_file(path):
    raw = read_file(path, WANTED)
    with h5py.File(path) as file:
        demo = file['data/demo_1']
        assert np.array_equal(raw.episodes[1].actions, demo['actions'][:])
        assert np.array_equal(raw.episodes[1].rewards, demo['rewards'][:].astype(np.float32))
        assert np.array_equal(raw.episodes[1].vectors['obs/object'], demo['obs/object'][:].astype(np.float32))
        last = demo['next_obs/object'][-1].astype(np.float32)
        assert np.array_equal(raw.episodes[1].final_vectors['obs/object'], last)
        whole = np.concatenate([demo['obs/agentview_image'][:], demo['next_obs/agentview_image'][-1:]])
    assert np.array_equal(np.concatenate(list(raw.read('obs/agentview_image', [1]))), whole)


def test_without_next_obs_the_last_step_has_no_observation_after_it(tmp_path):
    write_robomimic(tmp_path / 'x.hdf5', [moving(np.random.default_rng(0), 5, size=8, next_obs=False)])
    recording = source(tmp_path).files[0].episodes[0]
    assert recording.length == 4 and recording.vectors['object'].shape == (5, 2)


def test_with_next_obs_all_steps_are_kept(path):
    assert [recording.length for recording in source(path).files[0].episodes] == [5, 7]


@pytest.mark.parametrize('attributes, expected', [
    ({'env_name': 'Lift'}, 'Lift'), ({'env_name': 'Lift', 'sentence': 'lift "the" cube'}, 'lift the cube'),
    ({'env_name': ''}, 'x')])
def test_the_task_is_the_sentence_else_the_environment_else_the_file(tmp_path, attributes, expected):
    write_robomimic(tmp_path / 'x.hdf5', [moving(np.random.default_rng(0), 5)], **attributes)
    assert source(tmp_path).tasks == (expected,)


def test_every_file_of_a_folder_is_read_and_the_masks_are_not(path):
    write_robomimic(path.with_name('y.hdf5'), [moving(np.random.default_rng(1), 4)], 'Can')
    found = source(path.parent, '--libero_obs=object')
    assert [len(file.episodes) for file in found.files] == [2, 1] and found.tasks == ('Lift', 'Can')


def change(path, name, values):
    with h5py.File(path, 'a') as file:
        del file[name]
        if values is not None:
            file[name] = values


@pytest.mark.parametrize('name, values, message', [
    ('data/demo_1/obs/object', None, 'data/demo_1/obs/object is missing; found agentview_image, '
     'robot0_eef_pos'),
    ('data/demo_1/obs/object', np.zeros((3, 2)), 'data/demo_1/obs/object: expected 7 steps, as actions '
     'have, got 3'),
    ('data/demo_1/rewards', np.full(7, np.nan), 'data/demo_1/rewards: expected finite numbers, got NaN, '
     'infinity or more than 3.4e+38'),
    ('data/demo_1/obs/agentview_image', np.zeros((7, 4, 8, 3), np.uint8), 'data/demo_1/obs/agentview_image: '
     'expected frames of [8, 8, 3], as in the first episode, got [4, 8, 3]')])
def test_a_damaged_episode_is_refused_or_left_out(path, name, values, message):
    change(path, name, values)
    with pytest.raises(UserError) as caught:
        read_file(path, WANTED)
    assert str(caught.value) == f'{path}: {message}'
    raw = read_file(path, WANTED, skip_bad=True)
    assert len(raw.episodes) == 1 and raw.skipped == {'demo_1': message}


@pytest.mark.parametrize('content, message', [
    (b'', 'cannot be read as HDF5: '), (b'text', 'cannot be read as HDF5: ')])
def test_what_is_no_hdf5_is_refused(tmp_path, content, message):
    (tmp_path / 'x.hdf5').write_bytes(content)
    with pytest.raises(UserError, match=message):
        source(tmp_path)


def test_a_folder_of_no_format_is_refused_with_its_content(tmp_path):
    (tmp_path / 'readme.txt').touch()
    with pytest.raises(UserError) as caught:
        source(tmp_path)
    assert str(caught.value) == (
        f'--data_path={tmp_path}: expected features.json and dataset_info.json (RLDS), meta/info.json '
        '(LeRobot), data/main_data.hdf5 (Minari) or .hdf5 files (robomimic), got readme.txt')
