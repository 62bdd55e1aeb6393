"""Data sets of Minari that are damaged, incomplete or of another kind: each is refused in one line."""
import json

import h5py
import numpy as np
import pytest

from envs.recorded.minari.read import columns, read_set
from tests.own_data.files import moving
from tests.own_data.minari import write_minari
from utils.errors import UserError

WANTED = ('observations/agentview_image', 'observations/object')


@pytest.fixture
def folder(tmp_path):
    """A data set of two episodes, of 5 and of 7 steps, with frames as JPEG."""
    rng = np.random.default_rng(0)
    write_minari(tmp_path / 'one-v0', [moving(rng, 5, size=8), moving(rng, 7, size=8)], 'jpeg')
    return tmp_path / 'one-v0'


def change(folder, name, values):
    with h5py.File(folder / 'data/main_data.hdf5', 'a') as file:
        del file[name]
        if values is not None:
            file[name] = values


def set_metadata(folder, **changed):
    path = folder / 'data/metadata.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


def refusal(folder):
    with pytest.raises(UserError) as caught:
        read_set(folder, WANTED)
    return str(caught.value)


@pytest.mark.parametrize('name, values, message', [
    ('observations/object', None, 'episode_1/observations/object is missing; found agentview_image, '
     'robot0_eef_pos'),
    ('observations/object', np.zeros((7, 2)), 'episode_1/observations/object: expected 8 observations, one '
     'more than actions, got 7'),
    ('observations/object', np.zeros((8, 3)), 'episode_1/observations/object: expected numbers of shape [T, '
     '2], got float64 [8, 3]'),
    ('observations/agentview_image', np.zeros((8, 8, 8, 3), np.uint8), 'episode_1/observations/'
     'agentview_image: expected JPEGs, as in the first episode, got uint8 [8, 8, 8, 3]'),
    ('observations/agentview_image', np.zeros((8, 40), np.uint8), 'episode_1/observations/agentview_image: '
     r"frame 0: expected a JPEG or PNG, got b'\x00\x00\x00\x00\x00\x00\x00\x00'"),
    ('actions', np.zeros((0, 2)), 'episode_1/actions: expected at least one step, got none'),
    ('rewards', np.full(7, np.nan), 'episode_1/rewards: expected finite numbers, got NaN, infinity or more '
     'than 3.4e+38')])
def test_a_damaged_episode_is_refused_or_left_out(folder, name, values, message):
    change(folder, f'episode_1/{name}', values)
    assert refusal(folder) == f'{folder}/data/main_data.hdf5: {message}'
    raw = read_set(folder, WANTED, skip_bad=True)
    assert [episode.name for episode in raw.episodes] == ['episode_0']
    assert raw.skipped == {'episode_1': message}


@pytest.mark.parametrize('space', ['Discrete', 'Dict', 'MultiDiscrete'])
def test_other_actions_than_continuous_ones_are_refused(folder, space):
    set_metadata(folder, action_space=json.dumps({'type': space}))
    assert refusal(folder) == (f'{folder}/data/main_data.hdf5: action_space: expected continuous actions '
                               f'(Box), got {space}')


def test_whole_numbers_as_actions_are_refused_where_the_space_is_not_named(folder):
    set_metadata(folder, action_space=None)
    change(folder, 'episode_0/actions', np.zeros(5, np.int64))
    assert refusal(folder).endswith('episode_0/actions: expected continuous actions (Box), got int64')


def test_a_set_in_arrow_is_refused(folder):
    (folder / 'data/main_data.hdf5').unlink()
    set_metadata(folder, data_format='arrow')
    with pytest.raises(UserError) as caught:
        columns(folder)
    assert str(caught.value) == (
        f"{folder}/data/metadata.json: expected episodes in HDF5, got data_format 'arrow'; write the set "
        "anew with Minari's data_format='hdf5'")


@pytest.mark.parametrize('count, message', [
    (3, 'expected 3 episodes, as total_episodes says, got 2'),
    ('two', "total_episodes: expected a number of episodes, got 'two'")])
def test_another_number_of_episodes_than_declared_is_refused(folder, count, message):
    set_metadata(folder, total_episodes=count)
    assert refusal(folder) == f'{folder}/data/main_data.hdf5: {message}'


@pytest.mark.parametrize('content, message', [
    (b'{', 'metadata.json cannot be read as JSON: '),
    (b'[]', 'metadata.json: expected a JSON dictionary, got a list')])
def test_damaged_metadata_are_refused(folder, content, message):
    (folder / 'data/metadata.json').write_bytes(content)
    assert message in refusal(folder)


def test_a_file_without_episodes_is_refused(folder):
    with h5py.File(folder / 'data/main_data.hdf5', 'w') as file:
        file['data/demo_0'] = 1
    assert refusal(folder).endswith('.hdf5: data: expected episodes named episode_<number>, got data')


def test_groups_that_contain_themselves_are_refused(folder):
    with h5py.File(folder / 'data/main_data.hdf5', 'a') as file:
        file['episode_0/observations/loop'] = file['episode_0/observations']
    assert refusal(folder).endswith('/loop: expected at most 5 groups in each other')


def test_a_truncated_picture_is_refused_with_its_frame(folder):
    with h5py.File(folder / 'data/main_data.hdf5', 'a') as file:
        pictures = file['episode_1/observations/agentview_image']
        pictures[3] = pictures[3][:-80]
    assert refusal(folder).endswith('frame 3: expected a whole JPEG, got one without an end')
