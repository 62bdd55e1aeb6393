"""The sample that comes with the project, opened with h5py alone."""
import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from envs.recorded.libero.paths import SAMPLE
from utils.flags.suites import task_of, tasks_of

FILES = sorted(SAMPLE.glob('*/*_demo.hdf5'))
NAMES = [f'{path.parent.name}/{path.name}' for path in FILES]
SHAPES = {'actions': (7,), 'states': (92,), 'robot_states': (9,), 'rewards': (), 'dones': (),
          'obs/agentview_rgb': (56, 56, 3), 'obs/eye_in_hand_rgb': (56, 56, 3), 'obs/ee_pos': (3,),
          'obs/ee_ori': (3,), 'obs/ee_states': (6,), 'obs/gripper_states': (2,), 'obs/joint_states': (7,)}


@pytest.fixture(params=FILES, ids=NAMES)
def path(request):
    return request.param


@pytest.fixture
def data(path):
    with h5py.File(path) as file:
        yield file['data']


def test_it_has_successes_and_failures_of_two_tasks():
    folders = [path.parent.name for path in FILES]
    assert folders == ['libero_spatial'] * 2 + ['libero_spatial_failures'] * 2
    assert len({task_of(path) for path in FILES} & set(tasks_of('libero_spatial'))) == 2


def test_it_is_smaller_than_12_mb():
    assert sum(path.stat().st_size for path in SAMPLE.rglob('*')) < 12e6


def test_every_episode_has_the_arrays_of_liberos_layout(data):
    for demo in data.values():
        count = int(demo.attrs['num_samples'])
        assert {name: demo[name].shape for name in SHAPES} == {
            name: (count, *shape) for name, shape in SHAPES.items()}


def test_the_counts_in_the_attributes_are_true(data):
    assert data.attrs['num_demos'] == len(data) == 5
    assert data.attrs['total'] == sum(len(demo['actions']) for demo in data.values())


def test_successes_have_return_1_and_failures_0(path, data):
    returns = {demo['rewards'][:].sum() for demo in data.values()}
    assert returns == {0 if path.parent.name.endswith('_failures') else 1}


def test_observations_are_those_after_the_actions(data):
    for demo in data.values():
        joints, states = demo['obs/joint_states'][:-1], demo['states'][:, 1:8]     # after the time
        assert abs(joints - states[1:]).mean() < 0.1 * abs(joints - states[:-1]).mean()


def test_progress_is_known_for_every_step(path, data):
    with np.load(path.with_name(f'progress_{task_of(path)}.npz'), allow_pickle=False) as known:
        for name, demo in data.items():
            assert known[f'{name}/progress'].shape == demo['rewards'].shape
            assert (known[f'{name}/mode'] == 'success') == bool(demo['rewards'][-1])


def test_the_kinds_of_failure_of_a_task_differ(path):
    if path.parent.name.endswith('_failures'):
        with np.load(path.with_name(f'progress_{task_of(path)}.npz'), allow_pickle=False) as known:
            assert len({str(known[f'demo_{number}/mode']) for number in range(5)}) == 5


def test_no_file_names_a_machine(path):
    assert re.search(rb'/(home|root|work|tmp|Users|mnt)/', path.read_bytes()) is None


def test_its_readme_says_what_it_is():
    text = ' '.join(Path(SAMPLE, 'README.md').read_text().split())
    assert 'simulated with the LIBERO simulator by a scripted policy' in text
    assert 'not the human demonstrations' in text
