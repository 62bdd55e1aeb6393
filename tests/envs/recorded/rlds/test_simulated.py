"""The data set in RLDS that was replayed from LIBERO's HDF5 files, against these files."""
import functools
import json
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest

from envs.recorded.rlds.find import find_sets
from envs.recorded.rlds.read import read_set
from envs.recorded.rlds.schema import OPENVLA, features_json

LIBERO = Path(__file__).parents[4].parent / 'shared' / 'libero'
STATE, JOINTS = 'observation/state', 'observation/joint_state'
CAMERAS = {'observation/image': 'agentview_rgb', 'observation/wrist_image': 'eye_in_hand_rgb'}
pytestmark = [pytest.mark.data,
              pytest.mark.skipif(not LIBERO.is_dir(), reason='no simulated LIBERO files in ../shared')]


@functools.cache
def replayed():
    return read_set(find_sets(LIBERO / 'rlds', 'libero_spatial')[0], (STATE, JOINTS, *CAMERAS))


@pytest.fixture(params=range(9))
def pair(request):
    """(position in the set, `RawEpisode`, its recording, its steps there) of one episode."""
    episode = replayed().episodes[request.param]
    with h5py.File(LIBERO / 'datasets' / 'libero_spatial' / Path(episode.origin).name) as file:
        for demo in file['data'].values():
            steps = matching(demo['actions'][()], episode.actions)
            if steps is not None:
                yield request.param, episode, demo, steps
                return
    pytest.fail('no recording has these actions')


def matching(recorded, actions):
    """Steps of a recording that have these actions in this order; None if there are no such."""
    steps, step = [], 0
    for action in actions:
        while step < len(recorded) and np.abs(recorded[step] - action).max() > 1e-6:
            step += 1
        if step == len(recorded):
            return None
        steps.append(step)
        step += 1
    return np.array(steps)


def test_the_set_is_read_whole():
    file = replayed()
    assert len(file.episodes) == 9 and sum(len(episode.actions) for episode in file.episodes) == 804
    assert file.skipped == {} and {file.columns[camera].encoding for camera in CAMERAS} == {'jpeg'}
    assert {episode.task for episode in file.episodes} == {
        'pick up the black bowl from table center and place it on the plate',
        'pick up the black bowl between the plate and the ramekin and place it on the plate'}


def test_features_are_written_as_in_the_set():
    stored = json.loads((replayed().path / 'features.json').read_text())
    assert features_json(OPENVLA) == stored


def test_actions_are_those_of_the_recording_without_no_ops(pair):
    _, episode, demo, steps = pair
    assert np.abs(demo['actions'][()][steps] - episode.actions).max() < 3e-8
    idle = np.delete(demo['actions'][()], steps, axis=0)
    assert len(idle) >= 7 and np.linalg.norm(idle[:, :6], axis=1).max() < 1e-4
    assert episode.rewards.tolist() == [0] * (len(steps) - 1) + [1]


def test_a_state_is_the_one_before_its_action(pair):
    """A recording has the state after each action; the replay differs from it by a few millimetres."""
    _, episode, demo, steps = pair
    position = demo['obs/ee_pos'][()]
    error = np.abs(episode.vectors[STATE][1:, :3] - position[steps[1:] - 1]).max(axis=1)
    after = np.abs(episode.vectors[STATE][1:, :3] - position[steps[1:]]).max(axis=1)
    assert error.max() < 0.006 and np.median(after) > 1.3 * np.median(error)
    assert np.abs(episode.vectors[JOINTS][1:] - demo['obs/joint_states'][()][steps[1:] - 1]).max() < 0.16
    assert np.abs(episode.vectors[STATE][1:, 3:6] - demo['obs/ee_ori'][()][steps[1:] - 1]).max() < 0.06


@pytest.mark.parametrize('camera, tolerance', [('observation/image', 4), ('observation/wrist_image', 10)])
def test_frames_are_those_of_the_recording_rotated(pair, camera, tolerance):
    """As stored; the recording's are upside down, so these are upright and mirrored."""
    position, _, demo, steps = pair
    frames = np.concatenate(list(replayed().read(camera, [position])))
    small = np.stack([cv2.resize(frame, (128, 128), interpolation=cv2.INTER_AREA) for frame in frames[1:]])
    recorded = demo[f'obs/{CAMERAS[camera]}'][()][steps[1:] - 1].astype(int)
    assert np.abs(small - recorded[:, ::-1, ::-1]).mean() < tolerance
    assert np.abs(small - recorded[:, ::-1, ::-1, ::-1]).mean() > 12        # red and blue exchanged
    for other in (recorded, recorded[:, ::-1], recorded[:, :, ::-1]):
        assert np.abs(small - other).mean() > 40
