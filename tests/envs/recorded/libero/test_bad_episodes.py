"""Invalid episodes: each is an error of one line, or is left out."""
import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from tests.envs.recorded.libero.damage import KEYS, LINK, put, refusal
from tests.envs.recorded.libero.files import write_suite_file

NAN, INF = float('nan'), float('inf')
FRAMES = 'expected uint8 frames of shape [T, height, width, 3], got '


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, demos=3)
    return path


BAD = {
    'no actions': ('actions', None, 'data/demo_1/actions is missing; found dones, obs, rewards, '),
    'no rewards': ('rewards', None, 'data/demo_1/rewards is missing; found '),
    'no obs': ('obs', None, 'data/demo_1/obs is missing; found '),
    'no frames': ('obs/agentview_rgb', None, 'data/demo_1/obs/agentview_rgb is missing; found ee_ori, '),
    'no gripper': ('obs/gripper_states', None, 'data/demo_1/obs/gripper_states is missing; found '),
    'array for group': ('obs', np.zeros(6), 'data/demo_1/obs: expected a group'),
    'group for array': ('actions', {}, 'data/demo_1/actions: expected an array'),
    'narrow actions': ('actions', np.zeros((6, 6)),
                       'data/demo_1/actions: expected numbers of shape [T, 7], got float64 [6, 6]'),
    'flat actions': ('actions', np.zeros(42),
                     'data/demo_1/actions: expected numbers of shape [T, 7], got float64 [42]'),
    'text actions': ('actions', np.full((6, 7), b'1'),
                     'data/demo_1/actions: expected numbers of shape [T, 7], got |S1 [6, 7]'),
    'objects': ('actions', np.full((6, 7), 'text', object),
                'data/demo_1/actions: expected numbers of shape [T, 7], got object [6, 7]'),
    'complex actions': ('actions', np.zeros((6, 7), complex),
                        'data/demo_1/actions: expected numbers of shape [T, 7], got complex128 [6, 7]'),
    'scalar actions': ('actions', 3.0,
                       'data/demo_1/actions: expected numbers of shape [T, 7], got float64 []'),
    'null actions': ('actions', h5py.Empty('f8'),
                     'data/demo_1/actions: expected numbers of shape [T, 7], got float64 []'),
    'NaN in actions': ('actions', np.full((6, 7), NAN), 'data/demo_1/actions: expected finite numbers'),
    'beyond float32': ('actions', np.full((6, 7), 1e39), 'data/demo_1/actions: expected finite numbers'),
    'no steps': ('actions', np.zeros((0, 7)), 'data/demo_1/actions: expected at least 2 steps, got 0'),
    'one step': ('actions', np.zeros((1, 7)), 'data/demo_1/actions: expected at least 2 steps, got 1'),
    'infinite reward': ('rewards', np.full(6, INF), 'data/demo_1/rewards: expected finite numbers'),
    'rewards in rows': ('rewards', np.zeros((6, 1)),
                        'data/demo_1/rewards: expected numbers of shape [T], got float64 [6, 1]'),
    'few rewards': ('rewards', np.zeros(5), 'data/demo_1/rewards: expected 6 steps, as actions have, got 5'),
    'wide pose': ('obs/ee_pos', np.zeros((6, 4)),
                  'data/demo_1/obs/ee_pos: expected numbers of shape [T, 3], got float64 [6, 4]'),
    'long joints': ('obs/joint_states', np.zeros((7, 7)),
                    'data/demo_1/obs/joint_states: expected 6 steps, as actions have, got 7'),
    'NaN in joints': ('obs/joint_states', np.full((6, 7), NAN),
                      'data/demo_1/obs/joint_states: expected finite numbers'),
    'float frames': ('obs/agentview_rgb', np.zeros((6, 8, 8, 3), np.float32),
                     f'data/demo_1/obs/agentview_rgb: {FRAMES}float32 [6, 8, 8, 3]'),
    'signed frames': ('obs/agentview_rgb', np.zeros((6, 8, 8, 3), np.int8), f'{FRAMES}int8 [6, 8, 8, 3]'),
    'four channels': ('obs/agentview_rgb', np.zeros((6, 8, 8, 4), np.uint8), f'{FRAMES}uint8 [6, 8, 8, 4]'),
    'channels first': ('obs/agentview_rgb', np.zeros((6, 3, 8, 8), np.uint8), f'{FRAMES}uint8 [6, 3, 8, 8]'),
    'one frame': ('obs/agentview_rgb', np.zeros((8, 8, 3), np.uint8), f'{FRAMES}uint8 [8, 8, 3]'),
    'empty frames': ('obs/agentview_rgb', np.zeros((6, 0, 8, 3), np.uint8), f'{FRAMES}uint8 [6, 0, 8, 3]'),
    'null frames': ('obs/agentview_rgb', h5py.Empty('u1'), f'{FRAMES}uint8 []'),
    'few frames': ('obs/agentview_rgb', np.zeros((5, 8, 8, 3), np.uint8),
                   'data/demo_1/obs/agentview_rgb: expected 6 steps, as actions have, got 5'),
    'other frames': ('obs/agentview_rgb', np.zeros((6, 8, 9, 3), np.uint8),
                     'expected frames of 8 x 8 pixels, as in the episodes before, got 8 x 9'),
    'linked array': ('actions', h5py.ExternalLink('other.hdf5', '/data/demo_0/actions'),
                     f'data/demo_1/actions{LINK}'),
    'linked frames': ('obs/agentview_rgb', h5py.SoftLink('/data/demo_0/obs/agentview_rgb'),
                      f'data/demo_1/obs/agentview_rgb{LINK}'),
    'linked obs': ('obs', h5py.ExternalLink('other.hdf5', '/data/demo_0/obs'), f'data/demo_1/obs{LINK}'),
    'linked to itself': ('obs', h5py.SoftLink('/data/demo_1/obs'), f'data/demo_1/obs{LINK}'),
}


@pytest.mark.parametrize('name, values, expected', BAD.values(), ids=BAD)
def test_a_bad_episode_is_refused_or_left_out(path, name, values, expected):
    if isinstance(values, dict):
        put(path, name, None)
        name, values = f'{name}/inside', np.zeros(1)
    put(path, name, values)
    assert expected in refusal(path)
    file = read_file(path, KEYS, skip_bad=True)
    assert [(demo.name, demo.first_row) for demo in file.demos] == [('demo_0', 0), ('demo_2', 6)]
    assert list(file.skipped) == ['demo_1'] and expected in file.skipped['demo_1']


def test_data_in_another_file_are_refused(path, tmp_path):
    (tmp_path / 'secret').write_bytes(bytes(6 * 7 * 8))
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        file['data/demo_1'].create_dataset('actions', (6, 7), 'f8', external=str(tmp_path / 'secret'))
    assert refusal(path) == 'data/demo_1/actions keeps its data in another file; expected them in this one'


def test_data_gathered_from_other_files_are_refused(path):
    layout = h5py.VirtualLayout((6, 7), 'f8')
    layout[:] = h5py.VirtualSource('other.hdf5', 'data/demo_0/actions', shape=(6, 7))
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        file['data/demo_1'].create_virtual_dataset('actions', layout)
    assert refusal(path) == 'data/demo_1/actions keeps its data in another file; expected them in this one'


def test_a_type_that_numpy_lacks_is_refused(path):
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        h5py.h5d.create(file['data/demo_1'].id, b'actions', h5py.h5t.UNIX_D32LE,
                        h5py.h5s.create_simple((6, 7)))
    assert 'data/demo_1/actions: expected numbers (No NumPy equivalent' in refusal(path)


def test_a_shape_that_no_memory_holds_is_refused(path):
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        file['data/demo_1'].create_dataset('actions', (10 ** 15, 7), 'f8', chunks=(10, 7))
    assert 'data/demo_1/actions cannot be read: Unable to allocate' in refusal(path)


@pytest.mark.parametrize('values, expected', [
    (np.zeros((6, 0)), ': expected numbers of shape [T, D], got float64 [6, 0]'),
    (np.zeros(6), ': expected numbers of shape [T, D], got float64 [6]'),
    (np.zeros((5, 2)), ': expected 6 steps, as actions have, got 5'), (None, ' is missing; found ')])
def test_a_bad_feature_is_refused(path, values, expected):
    for number in (0, 2):
        with h5py.File(path, 'a') as file:
            file[f'data/demo_{number}/mine'] = np.zeros((6, 2))
    put(path, 'mine', values)
    assert refusal(path, ('feature:mine',)).startswith(f'data/demo_1/mine{expected}')


@pytest.mark.parametrize('key, expected', [
    ('feature:', "data/demo_0: expected the name of an array, got ''"),
    ('feature:obs', 'data/demo_0/obs: expected an array'),
    ('feature:actions/x', 'data/demo_0/actions/x is missing: data/demo_0 is an array'),
    ('feature:../demo_1/actions', 'data/demo_0/.. is missing; found ')])
def test_a_feature_that_is_no_array_of_the_episode_is_refused(path, key, expected):
    assert refusal(path, (key,)).startswith(expected)


def test_a_feature_of_another_width_in_a_later_episode_is_refused_or_left_out(path):
    with h5py.File(path, 'a') as file:
        for number, width in enumerate((2, 3, 2)):
            file[f'data/demo_{number}/mine'] = np.ones((6, width))
    expected = 'data/demo_1: expected 2 numbers of feature a step, as in the episodes before, got 3'
    assert refusal(path, ('feature:mine',)) == expected
    file = read_file(path, ('feature:mine',), skip_bad=True)
    assert [demo.first_row for demo in file.demos] == [0, 6] and file.skipped == {'demo_1': expected}


def test_episodes_of_steps_without_action_alone_are_refused(path):
    put(path, 'actions', np.zeros((6, 7)))
    expected = ('data/demo_1/actions: expected at least one step that is not a no-op, got none '
                '(--libero_noops=drop)')
    assert refusal(path, noops='drop') == expected
    assert len(read_file(path, KEYS).demos) == 3
