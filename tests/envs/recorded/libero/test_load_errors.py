"""Recorded episodes that are incompatible."""
import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load_all
from tests.envs.recorded.libero.folders import TASKS, flags_for, isolate, write
from utils.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path, monkeypatch)


def refusal(tmp_path, **flags):
    with pytest.raises(UserError) as error:
        load_all(flags_for(tmp_path, **flags))
    return str(error.value)


@pytest.fixture
def suite(tmp_path):
    """Files of two tasks."""
    return [write(tmp_path / 'libero_spatial', task) for task in TASKS]


def test_frames_of_two_sizes_are_refused(tmp_path, suite):
    other = write(tmp_path / 'failed', TASKS[0], success=False, size=10)
    assert refusal(tmp_path, libero_failures=str(other.parent)) == (
        f'agentview has several sizes: 8 x 8 pixels in {suite[0]}, 10 x 10 pixels in {other}; expected one '
        'for all files')


def test_features_of_two_lengths_are_refused(tmp_path, suite):
    for length, path in enumerate(suite, 2):
        with h5py.File(path, 'a') as file:
            for demo in file['data'].values():
                demo['obs/mine'] = np.zeros((6, length), np.float32)
    assert refusal(tmp_path, libero_obs='feature:obs/mine') == (
        f'feature has several sizes: 2 numbers in {suite[0]}, 3 numbers in {suite[1]}; expected one for all '
        'files')


def test_failures_that_no_flag_names_are_refused(tmp_path, suite):
    other = write(tmp_path / 'libero_spatial', TASKS[1], success=False)
    assert refusal(tmp_path) == (
        f'--libero_path: {other} demo_0: the return is 0; expected successes (above 0) (--libero_mixed=True '
        'reads both from --libero_path, --libero_skip_bad=True leaves it out)')


def test_successes_among_failures_are_refused(tmp_path, suite):
    other = write(tmp_path / 'failed', TASKS[0], success=True, seed=3)
    assert refusal(tmp_path, libero_failures=str(other.parent)) == (
        f'--libero_failures: {other} demo_0: the return is 1; expected failures (0 or less) '
        '(--libero_skip_bad=True leaves it out)')


def test_files_of_bad_episodes_alone_leave_nothing(tmp_path):
    path = write(tmp_path / 'libero_spatial', TASKS[0])
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo['actions']
    assert refusal(tmp_path, libero_skip_bad=True) == (
        f'--libero_skip_bad=True leaves no episode of 1 files, the first of which is {path} (demo_0: '
        'data/demo_0/actions is missing; found dones, obs, rewards, robot_states, states)')


def test_invalid_episodes_that_are_left_out_are_reported(tmp_path, suite):
    with h5py.File(suite[0], 'a') as file:
        del file['data/demo_1/actions']
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True))
    assert len(dataset.recordings) == 3
    assert dataset.notices[-1].startswith(f'left out: {suite[0]} demo_1: ')


def test_a_task_whose_episodes_are_all_bad_is_no_task(tmp_path, suite):
    with h5py.File(suite[0], 'a') as file:
        for demo in file['data'].values():
            del demo['actions']
    assert load_all(flags_for(tmp_path, libero_skip_bad=True)).tasks == (TASKS[1],)
