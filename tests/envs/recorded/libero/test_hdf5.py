"""The contents of a file of episodes, against those that h5py reads."""
import json

import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from tests.envs.recorded.libero.files import write_suite_file

KEYS = ('agentview', 'wrist', 'proprio')


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'task_demo.hdf5'
    write_suite_file(path, lengths=[6, 4, 5])
    return path


def change(path, **arrays):
    """Puts arrays of demo_1 in place of those of the file; `__` in a name stands for `/`."""
    with h5py.File(path, 'a') as file:
        for name, values in arrays.items():
            name = f'data/demo_1/{name.replace("__", "/")}'
            if name in file:
                del file[name]
            file[name] = values


def stored(path, name):
    with h5py.File(path) as file:
        return file[f'data/{name}'][()]


def test_the_properties_of_the_file_are_read(path):
    file = read_file(path, KEYS)
    assert (file.path, file.instruction, file.alignment, file.orientation, file.cameras, file.skipped) == (
        path, 'move the bowl', 'after', 'opengl', {'agentview_rgb': (8, 8), 'eye_in_hand_rgb': (8, 8)}, {})


def test_height_comes_before_width(path):
    change(path, obs__side_rgb=np.zeros((4, 8, 10, 3), np.uint8))
    assert read_file(path, KEYS).cameras['side_rgb'] == (8, 10)


def test_rows_count_the_stored_frames_of_the_whole_file(path):
    demos = read_file(path, KEYS).demos
    assert [(demo.name, demo.first_row, demo.num_stored, demo.rows.tolist()) for demo in demos] == [
        ('demo_0', 0, 6, [0, 1, 2, 3, 4, 5]), ('demo_1', 6, 4, [6, 7, 8, 9]),
        ('demo_2', 10, 5, [10, 11, 12, 13, 14])]
    assert demos[0].rows.dtype == np.int64


def test_episodes_are_in_the_order_of_their_numbers(tmp_path):
    write_suite_file(tmp_path / 'x.hdf5', lengths=range(2, 13))
    demos = read_file(tmp_path / 'x.hdf5', ()).demos
    assert [demo.name for demo in demos] == [f'demo_{number}' for number in range(11)]
    assert [demo.num_stored for demo in demos] == list(range(2, 13))


@pytest.mark.parametrize('alignment, kept', [('after', slice(1, None)), ('before', slice(None, -1))])
def test_the_step_without_both_observations_is_left_out(path, alignment, kept):
    demo = read_file(path, KEYS, alignment=alignment).demos[1]
    assert demo.actions.dtype == np.float32
    np.testing.assert_array_equal(demo.actions, np.float32(stored(path, 'demo_1/actions')[kept]))
    assert demo.rows.tolist() == [6, 7, 8, 9]


def test_proprioception_is_pose_gripper_and_joints(path):
    vectors = read_file(path, ('proprio',)).demos[1].vectors
    parts = [stored(path, f'demo_1/obs/{name}') for name in ('ee_pos', 'ee_ori', 'gripper_states',
                                                             'joint_states')]
    assert list(vectors) == ['proprio'] and vectors['proprio'].dtype == np.float32
    np.testing.assert_array_equal(vectors['proprio'], np.float32(np.hstack(parts)))


@pytest.mark.parametrize('missing', ['ee_pos', 'ee_ori'])
def test_a_pose_may_be_in_one_array(path, missing):
    expected = read_file(path, ('proprio',)).demos[1].vectors['proprio']
    with h5py.File(path, 'a') as file:
        del file[f'data/demo_1/obs/{missing}']
    np.testing.assert_array_equal(read_file(path, ('proprio',)).demos[1].vectors['proprio'], expected)


def test_an_additional_array_is_a_feature(path):
    for number, steps in enumerate((6, 4, 5)):
        with h5py.File(path, 'a') as file:
            file[f'data/demo_{number}/mine/feature'] = np.arange(2. * steps).reshape(steps, 2)
    vectors = read_file(path, ('feature:mine/feature',)).demos[1].vectors
    assert list(vectors) == ['feature'] and vectors['feature'].tolist() == [[0, 1], [2, 3], [4, 5], [6, 7]]


@pytest.mark.parametrize('rewards', [np.uint8([0, 200, 200, 0]), np.float32([.5, .25, 0, 399.25])])
def test_the_return_is_of_every_stored_step(path, rewards):
    change(path, rewards=rewards)
    assert read_file(path, KEYS).demos[1].total_reward == 400


def test_arrays_that_were_not_requested_may_be_missing(path):
    change(path, obs__eye_in_hand_rgb=np.zeros(3), obs__ee_pos=np.zeros((1, 1)), extra=[b'text'])
    with h5py.File(path, 'a') as file:
        del file['data/demo_0/obs/eye_in_hand_rgb'], file['data/demo_2/obs/gripper_states']
    file = read_file(path, ('agentview',))
    assert len(file.demos) == 3 and file.demos[0].vectors == {}


def test_sizes_of_cameras_that_were_not_requested_may_differ(path):
    change(path, obs__eye_in_hand_rgb=np.zeros((4, 5, 6, 3), np.uint8))
    assert read_file(path, ('agentview',)).cameras['eye_in_hand_rgb'] == (8, 8)     # of the first episode


def act(path, *steps):
    """Sets the actions of demo_1 from pairs (first number for the arm, gripper)."""
    change(path, actions=[[arm, 0, 0, 0, 0, 0, gripper] for arm, gripper in steps])


def dropped(path):
    demo = read_file(path, KEYS, noops='drop').demos[1]
    return demo.rows.tolist(), demo.actions[:, 0].round(4).tolist()


def test_idle_steps_are_dropped_with_their_next_observations(path):
    act(path, (.1, -1), (.2, -1), (9e-5, -1), (.4, -1))
    assert dropped(path) == ([6, 7, 9], pytest.approx([.2, .4]))


def test_the_first_observation_is_kept_when_the_first_step_is_dropped(path):
    act(path, (.1, -1), (0, -1), (.3, -1), (.4, -1))
    assert dropped(path) == ([6, 8, 9], pytest.approx([.3, .4]))


def test_a_step_that_moves_the_gripper_alone_is_kept(path):
    act(path, (.1, -1), (0, 1), (0, 1), (0, -1))
    assert dropped(path) == ([6, 7, 9], [0, 0])


def test_the_gripper_is_compared_with_the_last_kept_step(path):
    """The first step is dropped for its arm alone, and so the second one is."""
    act(path, (0, -1), (0, 1), (.3, 1), (0, 1))
    assert dropped(path) == ([6, 8], pytest.approx([.3]))


def test_a_step_at_the_threshold_is_kept(path):
    act(path, (.1, -1), (1e-4, -1), (.3, -1), (.4, -1))
    assert dropped(path)[0] == [6, 7, 8, 9]


def test_vectors_are_those_of_the_steps_that_are_kept(path):
    every = read_file(path, ('proprio',)).demos[1].vectors['proprio']
    act(path, (.1, -1), (.2, -1), (0, -1), (.4, -1))
    demo = read_file(path, ('proprio',), noops='drop').demos[1]
    np.testing.assert_array_equal(demo.vectors['proprio'], every[[0, 1, 3]])
    assert demo.total_reward == 1 and demo.num_stored == 4


@pytest.mark.parametrize('info, instruction', [
    ({'language_instruction': 'a "b"\n c'}, 'a b c'), ({'language_instruction': ['"', 'a', '"']}, 'a'),
    ({'language_instruction': ['a', 1]}, ''), ({'language_instruction': {'a': 1}}, ''), ({}, ''),
    ([1], ''), (None, '')])
def test_the_instruction_is_read_if_there_is_one(path, info, instruction):
    with h5py.File(path, 'a') as file:
        file['data'].attrs['problem_info'] = json.dumps(info)
    assert read_file(path, KEYS).instruction == instruction


@pytest.mark.parametrize('text', ['{', '[' * 30000, b'\xff', 3, h5py.Empty('f8'), '__import__("os")'])
def test_an_unreadable_instruction_is_empty(path, text):
    with h5py.File(path, 'a') as file:
        file['data'].attrs['problem_info'] = text
    assert read_file(path, KEYS).instruction == ''
