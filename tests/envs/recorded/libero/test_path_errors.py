"""Errors where no episodes are available, on folders of empty files."""
import pytest

from envs.recorded.libero.paths import find_sources
from tests.envs.recorded.libero.folders import SPATIAL, fill
from utils.errors import UserError
from utils.flags.suites import tasks_of


def refusal(suite, path='', failures=''):
    with pytest.raises(UserError) as error:
        find_sources(suite, str(path), str(failures))
    return str(error.value)


def test_other_suites_have_no_sample(tmp_path, monkeypatch):
    monkeypatch.setenv('LIBERO_CONFIG_PATH', str(tmp_path))
    assert refusal('libero_goal') == (
        f'--env=libero_goal: no episodes found ({tmp_path}/config.yaml does not exist, and the sample is of '
        'libero_spatial); give --libero_path=DIR, the folder that holds libero_goal/*_demo.hdf5')


def test_a_path_that_is_missing_is_refused(tmp_path):
    assert refusal('libero_goal', tmp_path / 'no') == (
        f'--libero_path={tmp_path}/no: expected a folder or an .hdf5 file; it does not exist')


def test_failures_that_are_missing_are_refused(tmp_path):
    fill(tmp_path, SPATIAL[0])
    message = refusal('libero_spatial', tmp_path, tmp_path / 'no')
    assert message.startswith(f'--libero_failures={tmp_path}/no: expected a folder')


def test_a_folder_without_episodes_is_refused_with_what_it_holds(tmp_path):
    (tmp_path / 'videos').mkdir()
    (tmp_path / 'a.hdf5').touch()
    assert refusal('libero_100', tmp_path) == (
        f'--libero_path={tmp_path}: expected <task>_demo.hdf5 files, or folders of them named libero_90 and '
        'libero_10, got a.hdf5, videos/')
    assert refusal('libero_goal', tmp_path / 'videos').endswith('got an empty folder')


def test_a_file_of_another_name_is_refused(tmp_path):
    (tmp_path / 'episodes.hdf5').touch()
    message = refusal('libero_goal', tmp_path / 'episodes.hdf5')
    assert message.endswith('episodes.hdf5: expected a file named <task>_demo.hdf5')


def test_files_of_another_suite_are_refused(tmp_path):
    fill(tmp_path, *SPATIAL[:2])
    assert refusal('libero_goal', tmp_path) == (
        f'--libero_path={tmp_path}: none of the 2 files is of a task of --env=libero_goal; the first is '
        f'{min(SPATIAL[:2])}_demo.hdf5')


def test_a_file_of_no_task_is_refused(tmp_path):
    fill(tmp_path, SPATIAL[0], 'fly')
    assert refusal('libero_spatial', tmp_path) == (
        f'--libero_path={tmp_path}: {tmp_path}/fly_demo.hdf5 is not of a task of --env=libero_spatial')


def test_a_file_that_is_named_twice_is_refused(tmp_path):
    path, = fill(tmp_path, SPATIAL[0])
    assert refusal('libero_spatial', tmp_path, tmp_path) == (
        f'{path} is named 2 times by --libero_path and --libero_failures; expected every file once')


def test_two_files_of_one_task_are_refused(tmp_path):
    task = tasks_of('libero_10')[0]
    fill(tmp_path / 'libero_90', task)
    fill(tmp_path / 'libero_10', task)
    assert refusal('libero_100', tmp_path) == (
        f'--libero_path: expected one file of each task, got {tmp_path}/libero_90/{task}_demo.hdf5 and '
        f'{tmp_path}/libero_10/{task}_demo.hdf5')
