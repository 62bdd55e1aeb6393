"""Recorded episodes from two small files, against what h5py reads in them."""
import functools
import json
import shutil

import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load, load_all
from tests.envs.recorded.libero.folders import TASKS, flags_for, isolate, write
from utils.types import Field


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path, monkeypatch)


@pytest.fixture
def flags(tmp_path):
    return functools.partial(flags_for, tmp_path)


@pytest.fixture
def suite(tmp_path):
    """Files of two tasks, the second one first."""
    return [write(tmp_path / 'libero_spatial', task, seed=seed) for seed, task in enumerate(TASKS)][::-1]


@pytest.fixture
def failures(tmp_path):
    return write(tmp_path / 'failed', TASKS[0], success=False, demos=4, seed=5)


def write_progress(path, demos=2, length=6, mode='success'):
    """True progress that is the number of the stored step."""
    arrays = {f'demo_{demo}/{name}': value for demo in range(demos)
              for name, value in (('progress', np.arange(length)), ('mode', np.array(mode)))}
    np.savez(path.with_name(f'progress_{path.name.removesuffix("_demo.hdf5")}.npz'), **arrays)


def test_every_episode_is_found_in_the_order_of_the_suite(suite, flags):
    dataset = load_all(flags())
    assert [(recording.task, recording.name) for recording in dataset.recordings] == [
        (task, demo) for task in TASKS for demo in ('demo_0', 'demo_1')]
    assert dataset.tasks == TASKS and dataset.held_out == []


def test_the_spec_lists_cameras_first(suite, flags):
    spec = load_all(flags(libero_obs='proprio,wrist,agentview')).spec
    assert list(spec.observation.items()) == [
        ('wrist', Field((8, 8, 3), np.uint8)), ('agentview', Field((8, 8, 3), np.uint8)),
        ('proprio', Field((15,)))]
    assert (spec.action, spec.num_actions, spec.context) == (Field((7,)), 0, 10)


def test_observations_have_the_fields_of_the_spec(suite, flags):
    dataset = load_all(flags())
    observation = dataset.recordings[0].observation(np.arange(3))
    assert {key: Field(values.shape[1:], values.dtype.type) for key, values in observation.items()} == (
        dataset.spec.observation)


@pytest.mark.parametrize('alignment, actions', [('after', slice(1, None)), ('before', slice(None, -1))])
def test_steps_are_those_of_the_file(tmp_path, flags, alignment, actions):
    path = write(tmp_path / 'libero_spatial', TASKS[0], alignment=alignment)
    recording = load_all(flags(libero_alignment=alignment)).recordings[1]
    with h5py.File(path) as file:
        demo = file['data/demo_1']
        np.testing.assert_array_equal(recording.actions, demo['actions'][actions].astype(np.float32))
        seen = recording.observation(np.arange(recording.length + 1))
        np.testing.assert_array_equal(seen['agentview'], demo['obs/agentview_rgb'][:][:, ::-1])
        np.testing.assert_array_equal(seen['proprio'][:, :6], demo['obs/ee_states'][:].astype(np.float32))
        assert recording.total_reward == demo['rewards'][:].sum() == 1


def test_a_task_is_encoded_by_its_index_in_the_suite(suite, flags):
    assert [int(recording.context.argmax()) for recording in load_all(flags()).recordings] == [3, 3, 4, 4]


def test_vectors_of_tasks_can_come_from_a_file(tmp_path, suite, flags):
    np.savez(tmp_path / 'v.npz', **{task: np.full(3, place) for place, task in enumerate(TASKS)})
    dataset = load_all(flags(task_embedding=str(tmp_path / 'v.npz')))
    assert dataset.recordings[3].context.tolist() == [1, 1, 1] and dataset.spec.context == 3


def test_progress_is_aligned_with_the_observations(suite, flags):
    write_progress(suite[1])
    known, _, unknown, _ = load_all(flags()).recordings
    assert known.progress.tolist() == [0, 1, 2, 3, 4, 5] and unknown.progress is None
    assert len(known.progress) == len(known.rows) and known.mode == ''


def test_progress_skips_steps_that_are_dropped(tmp_path, flags):
    path = write(tmp_path / 'libero_spatial', TASKS[0])
    write_progress(path)
    with h5py.File(path, 'a') as file:
        file['data/demo_1/actions'][3] = file['data/demo_1/actions'][2] * [0, 0, 0, 0, 0, 0, 1]
    recording = load_all(flags(libero_noops='drop')).recordings[1]
    assert recording.progress.tolist() == [0, 1, 2, 4, 5]


def test_failures_are_read_with_their_kinds(suite, failures, flags):
    write_progress(failures, demos=4, mode='miss')
    dataset = load_all(flags(libero_failures=str(failures.parent)))
    failed = [recording for recording in dataset.recordings if not recording.success]
    assert [(recording.path, recording.mode) for recording in failed] == [(failures, 'miss')] * 4


def test_a_share_of_each_task_and_kind_is_held_out(suite, failures, flags):
    dataset = load(flags(libero_failures=str(failures.parent)))
    assert sorted((recording.task, recording.success) for recording in dataset.held_out) == sorted(
        [(TASKS[0], False), (TASKS[0], False), (TASKS[0], True), (TASKS[1], True)])
    assert len(dataset.recordings) == 4
    assert dataset.notices[-1] == '4 episodes are learned from, 4 are held out'


def test_tasks_can_be_held_out(suite, flags):
    dataset = load(flags(val_fraction=0.0, holdout_tasks=TASKS[0]))
    assert {recording.task for recording in dataset.held_out} == {TASKS[0]}
    assert {recording.task for recording in dataset.recordings} == {TASKS[1]}


def test_the_episodes_that_were_read_are_reported(suite, failures, flags):
    assert load_all(flags(libero_failures=str(failures.parent))).notices == [
        '8 episodes of 2 of the 10 tasks of libero_spatial, 4 of them failures, 40 steps; opengl frames '
        'recorded after the actions']


def test_the_fingerprint_is_independent_of_the_location(tmp_path, suite, flags):
    shutil.copytree(tmp_path / 'libero_spatial', tmp_path / 'copy' / 'libero_spatial')
    copied = load_all(flags(libero_path=str(tmp_path / 'copy')))
    assert json.loads(json.dumps(copied.fingerprint)) == load_all(flags()).fingerprint


def test_the_fingerprint_detects_changed_actions(suite, flags):
    before = load_all(flags()).fingerprint
    with h5py.File(suite[0], 'a') as file:
        file['data/demo_1/actions'][3] *= 0.5
    assert load_all(flags()).fingerprint != before


def test_the_record_names_the_suite(suite, flags):
    assert load_all(flags()).facts == {'id': 'libero_spatial', 'kwargs': {}}


def test_the_sample_is_read_without_any_flag(flags):
    dataset = load(flags(libero_path='', val_fraction=0.2, libero_image_size=24))
    assert (len(dataset.recordings), len(dataset.held_out), len(dataset.tasks)) == (16, 4, 2)
    assert 'not the human demonstrations' in dataset.notices[1]
    assert all(recording.progress is not None for recording in dataset.recordings)
    assert len({recording.mode for recording in [*dataset.recordings, *dataset.held_out]}) == 9
