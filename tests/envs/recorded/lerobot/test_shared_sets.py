"""The sets that LeRobot itself wrote, against the HDF5 files that they were made of."""
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest

from envs.recorded.lerobot.read import read_set

pytest.importorskip('pyarrow', reason='pyarrow is in requirements.txt')
pytest.importorskip('av', reason='av is in requirements-formats.txt')

SHARED = Path(__file__).parents[4].parent / 'shared'
BETWEEN = 'pick up the black bowl between the plate and the ramekin and place it on the plate'
CENTER = 'pick up the black bowl from table center and place it on the plate'
# (folder, task, demo) in the order of the episodes; the first four are successes
EPISODES = [('libero_spatial', BETWEEN, 0), ('libero_spatial', BETWEEN, 1), ('libero_spatial', CENTER, 0),
            ('libero_spatial', CENTER, 1), ('libero_spatial_failures', BETWEEN, 0),
            ('libero_spatial_failures', BETWEEN, 4), ('libero_spatial_failures', CENTER, 1),
            ('libero_spatial_failures', CENTER, 4)]
VIDEO = 'observation.images.'
# {set: (cameras, vector of the state)}
SETS = {'lerobot_v21': (['image', 'wrist_image'], 'state'),
        'lerobot_v21_video': ([f'{VIDEO}image', f'{VIDEO}wrist_image'], 'observation.state'),
        'lerobot_v30_video': ([f'{VIDEO}image', f'{VIDEO}image2'], 'observation.state')}
every_set = pytest.mark.parametrize('name', SETS)
pytestmark = pytest.mark.skipif(not (SHARED / 'lerobot').is_dir() or not (SHARED / 'libero').is_dir(),
                                reason=f'{SHARED} with the sets that LeRobot wrote is missing')


def read(name, *more):
    cameras, state = SETS[name]
    return read_set(SHARED / 'lerobot' / name, [*cameras, state, *more])


def originals(key):
    """Yields the array `key` of each episode, as the HDF5 file has it."""
    for folder, task, demo in EPISODES:
        path = SHARED / 'libero/datasets' / folder / f'{task.replace(" ", "_")}_demo.hdf5'
        with h5py.File(path) as file:
            yield file[f'data/demo_{demo}/{key}'][()]


@every_set
def test_actions_are_those_of_the_recordings_from_the_second_on(name):
    for episode, actions in zip(read(name).episodes, originals('actions'), strict=True):
        expected = actions[1:].copy()
        if name == 'lerobot_v21_video':
            expected[:, 6] = (1 - expected[:, 6]) / 2       # 1 open, 0 close
        assert np.abs(episode.actions - expected).max() <= 1e-6


@every_set
def test_states_are_those_of_the_recordings_but_the_last(name):
    parts = [originals(f'obs/{key}') for key in ('ee_pos', 'ee_ori', 'gripper_states')]
    for episode, *arrays in zip(read(name).episodes, *parts, strict=True):
        state = episode.vectors[SETS[name][1]]
        assert np.abs(state - np.concatenate(arrays, axis=1)[:-1]).max() <= 1e-5


def test_joint_angles_are_those_of_the_recordings():
    key = 'observation.states.joint_state'
    for episode, joints in zip(read('lerobot_v21_video', key).episodes, originals('obs/joint_states'),
                               strict=True):
        assert np.abs(episode.vectors[key] - joints[:-1]).max() <= 1e-5


@every_set
@pytest.mark.parametrize('camera, key', [(0, 'agentview_rgb'), (1, 'eye_in_hand_rgb')])
def test_frames_are_turned_by_180_degrees_from_the_recordings(name, camera, key):
    file = read(name)
    column = SETS[name][0][camera]
    frames = np.concatenate(list(file.read(column, list(range(8)))))
    expected = np.concatenate([stored[:-1, ::-1, ::-1] for stored in originals(f'obs/{key}')])
    height, width = file.columns[column].shape[:2]
    expected = np.stack([cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA)
                         for each in expected])
    assert frames.shape == expected.shape
    error = np.abs(frames.astype(int) - expected).mean(axis=(1, 2, 3))
    assert error.max() <= 4


@every_set
def test_tasks_are_the_names_of_the_files(name):
    assert [episode.task for episode in read(name).episodes] == [task for _, task, _ in EPISODES]


def test_only_the_third_set_says_which_episodes_failed():
    file = read('lerobot_v30_video')
    assert [episode.success for episode in file.episodes] == [True] * 4 + [False] * 4
    assert [episode.rewards.sum() for episode in file.episodes] == [1] * 4 + [0] * 4
    assert {episode.success for name in ('lerobot_v21', 'lerobot_v21_video')
            for episode in read(name).episodes} == {None}
