"""When observations were taken, detected from joint angles alone."""
from pathlib import Path

import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from tests.envs.recorded.libero.files import write_suite_file
from utils.errors import UserError

LIBERO = Path(__file__).parents[4].parent / 'shared' / 'libero'
EXPECTED = 'expected --libero_alignment=after (raw recordings) or before (regenerated ones)'


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, demos=3)
    return path


def move(path, joints, arm, demos=3):
    """Sets joint angles, all seven alike: [T] of observations, [T] of states."""
    with h5py.File(path, 'a') as file:
        for number in range(demos):
            file[f'data/demo_{number}/obs/joint_states'][:] = np.float64(joints)[:, None]
            file[f'data/demo_{number}/states'][:, 1:8] = np.float64(arm)[:, None]


def refusal(path, **options):
    with pytest.raises(UserError) as error:
        read_file(path, ('proprio',), **options)
    return str(error.value)


@pytest.mark.parametrize('alignment', ['after', 'before'])
def test_the_alignment_of_a_file_is_detected(tmp_path, alignment):
    write_suite_file(tmp_path / 'x.hdf5', alignment=alignment)
    assert read_file(tmp_path / 'x.hdf5', ('proprio',)).alignment == alignment


@pytest.mark.parametrize('lag, alignment', [(0, 'before'), (1, 'after')])
def test_small_differences_do_not_matter(path, lag, alignment):
    move(path, 0.05 * (np.arange(6) + lag) + [.009, -.009] * 3, 0.05 * np.arange(6))
    assert read_file(path, ('proprio',)).alignment == alignment


def test_one_wrong_step_does_not_matter(path):
    move(path, [.1, .2, 3, .4, .5, .6], [0, .1, .2, .3, .4, .5])
    assert read_file(path, ('proprio',)).alignment == 'after'


def test_the_flag_overrides_detection(tmp_path):
    write_suite_file(tmp_path / 'x.hdf5', alignment='before')
    assert read_file(tmp_path / 'x.hdf5', ('proprio',), alignment='after').alignment == 'after'


def test_an_arm_that_stands_still_is_ambiguous(path):
    move(path, [1] * 6, [1] * 6)
    assert refusal(path) == (
        f'{path}: cannot detect from obs/joint_states when observations were taken (they are 0 rad from '
        f'states before the action, 0 from those after it); {EXPECTED}')


def test_another_arm_is_ambiguous(path):
    move(path, [2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1])
    assert '(they are 1 rad from states before the action, 1 from those after it)' in refusal(path)


def test_neither_is_near_enough(path):
    move(path, [.12, .22, .32, .42, .52, .62], [0, .1, .2, .3, .4, .5])
    assert '(they are 0.12 rad from states before the action, 0.02 from those after it)' in refusal(path)


def test_neither_is_much_nearer(path):
    move(path, .006 * np.arange(6) + .0025, .006 * np.arange(6))
    assert '(they are 0.0025 rad from states before the action, 0.0035 from those after it)' in refusal(path)


def test_episodes_that_stand_still_follow_the_others(path):
    move(path, [1] * 6, [1] * 6, demos=1)
    assert read_file(path, ('proprio',)).alignment == 'after'


def test_episodes_that_contradict_each_other_are_refused(path):
    move(path, [0, .1, .2, .3, .4, .5], [0, .1, .2, .3, .4, .5], demos=1)
    assert refusal(path) == (
        f'{path}: observations of demo_1 were taken after the actions, those of demo_0 before them; expected '
        'one or the other in a file')


@pytest.mark.parametrize('missing', ['states', 'obs/joint_states'])
def test_a_file_without_states_or_joints_is_ambiguous(path, missing):
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo[missing]
    message = refusal(path)
    assert message.startswith(
        f'{path}: cannot detect when observations were taken: no episode has both obs/joint_states [T, 7] '
        f'and states (data/demo_0/{missing} is missing; found ') and message.endswith(f'); {EXPECTED}')


@pytest.mark.parametrize('name, values, expected', [
    ('states', np.full((6, 20), np.nan), '(data/demo_0/states: expected finite numbers, got NaN'),
    ('obs/joint_states', np.ones((7, 7)),
     '(data/demo_0/obs/joint_states: expected 6 steps, as actions have, got 7: one more, as if the '
     'observation after the last action were stored too; expected one for each action)'),
    ('states', np.ones((6, 3)), '(data/demo_0/states: expected at least 8 numbers a step, got 3)')])
def test_the_reason_why_an_array_is_unusable_is_given(path, name, values, expected):
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo[name]
            demo[name] = values
    assert expected in refusal(path)


def test_with_skip_bad_the_episodes_that_contradict_most_others_are_left_out(path):
    move(path, [0, .1, .2, .3, .4, .5], [0, .1, .2, .3, .4, .5], demos=1)
    file = read_file(path, ('proprio',), skip_bad=True)
    assert file.alignment == 'after' and [demo.name for demo in file.demos] == ['demo_1', 'demo_2']
    assert file.skipped == {'demo_0': 'data/demo_0: its observations were taken before the actions, those of '
                                      'most episodes of the file after them'}


def test_with_skip_bad_a_tie_is_refused(tmp_path):
    write_suite_file(tmp_path / 'x.hdf5', demos=2)
    move(tmp_path / 'x.hdf5', [0, .1, .2, .3, .4, .5], [0, .1, .2, .3, .4, .5], demos=1)
    assert 'expected one or the other in a file' in refusal(tmp_path / 'x.hdf5', skip_bad=True)


@pytest.mark.parametrize('alignment', ['auto', 'after'])
@pytest.mark.parametrize('arrays', [['states', 'obs/joint_states'], ['states'], ['obs/joint_states']])
def test_a_tail_of_zeros_is_refused_or_left_out(path, arrays, alignment):
    with h5py.File(path, 'a') as file:
        for name in arrays:
            file[f'data/demo_1/{name}'][2:] = 0
    expected = (f'data/demo_1/{arrays[0]}: the last 4 of 6 steps are zeros, as if the array had been filled '
                'only in part')
    assert refusal(path, alignment=alignment) == f'{path}: {expected}'
    file = read_file(path, ('proprio',), alignment, skip_bad=True)
    assert [demo.name for demo in file.demos] == ['demo_0', 'demo_2'] and file.skipped == {'demo_1': expected}


@pytest.mark.parametrize('states', [np.zeros((6, 7)), np.zeros((5, 20)), np.full((6, 20), np.nan)])
def test_invalid_states_are_ignored_in_detection(path, states):
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo['states']
            demo['states'] = states
    assert 'no episode has both' in refusal(path)


def test_neither_is_required_with_the_flag(path):
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo['states'], demo['obs/joint_states']
    assert len(read_file(path, ('agentview',), alignment='before').demos) == 3


def test_one_episode_with_states_is_enough(path):
    with h5py.File(path, 'a') as file:
        del file['data/demo_0/states'], file['data/demo_2/states']
    assert read_file(path, ('proprio',)).alignment == 'after'


@pytest.mark.data
@pytest.mark.skipif(not LIBERO.is_dir(), reason='the simulated LIBERO files are not in ../shared')
def test_every_file_of_the_simulator_was_recorded_after_the_actions():
    paths = sorted(LIBERO.glob('*/*/*_demo.hdf5'))
    assert {read_file(path, ()).alignment for path in paths} == {'after'} and len(paths) == 13
