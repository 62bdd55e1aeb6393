"""Packages, settings, tasks and the Python of the simulator, found without the simulator."""
import os
import sys
from pathlib import Path

import pytest

from envs.libero_sim import __main__ as program
from envs.libero_sim import config, own_python, packages, recorded, tasks
from utils.errors import UserError
from utils.foreign.yaml_files import read_yaml


@pytest.fixture
def package(tmp_path):
    """A folder `libero/libero` with two suites of one task each."""
    for suite, task in (('libero_goal', 'turn_on_the_stove'), ('libero_10', 'KITCHEN_SCENE8_put_both')):
        folder = tmp_path / 'bddl_files' / suite
        folder.mkdir(parents=True)
        (folder / f'{task}.bddl').touch()
    (tmp_path / 'bddl_files' / 'empty').mkdir()
    return tmp_path


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(packages, 'MODULES', {'sys': 'python', 'no_such_module': 'no-such-package'})
    assert packages.missing() == ['no-such-package']
    with pytest.raises(UserError, match=f'^no-such-package is not installed for {sys.executable}; run `'):
        packages.check_installed()


def test_settings_hold_the_five_folders_also_of_a_path_with_a_quote(tmp_path, monkeypatch):
    monkeypatch.setenv(config.VARIABLE, 'before')
    folder = config.use_private_settings(Path("/it's: here/libero"))
    assert os.environ[config.VARIABLE] == str(folder)
    assert read_yaml(folder / 'config.yaml') == {
        'assets': "/it's: here/libero/assets", 'bddl_files': "/it's: here/libero/bddl_files",
        'benchmark_root': "/it's: here/libero", 'datasets': "/it's: here/datasets",
        'init_states': "/it's: here/libero/init_files"}


def test_only_folders_with_tasks_are_suites(package):
    assert tasks.suites(package) == ['libero_10', 'libero_goal']


def test_a_suite_of_two_folders_finds_its_task_in_either(package):
    assert tasks.bddl_file(package, 'libero_long', 'KITCHEN_SCENE8_put_both').parent.name == 'libero_10'


@pytest.mark.parametrize('suite, task, text', [
    ('libero_gaol', 'turn_on_the_stove', "suite 'libero_gaol': expected one of libero_10, libero_goal"),
    ('libero_goal', 'turn_on_a_stove', "of the 1 tasks of libero_goal; did you mean turn_on_the_stove"),
    ('libero_goal', '../../etc/passwd', "'../../etc/passwd': expected one of the 1 tasks of libero_goal$")])
def test_an_unknown_task_is_refused_with_the_nearest_name(package, suite, task, text):
    with pytest.raises(UserError, match=text):
        tasks.bddl_file(package, suite, task)


def test_a_command_is_started_again_by_the_python_that_has_the_simulator(tmp_path, monkeypatch):
    python = tmp_path / 'bin' / 'python'
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(own_python, 'PYTHON', python)
    monkeypatch.setattr(own_python, 'missing', lambda: ['robosuite'])
    monkeypatch.setenv('PYTHONPATH', '/more')
    started = []
    own_python.replace_process(['check', '--x=1'], lambda *call: started.append(call))
    (path, words, environment), = started
    assert path == python and words == [str(python), '-m', 'envs.libero_sim', 'check', '--x=1']
    assert environment['PYTHONPATH'] == os.pathsep.join([str(own_python.ROOT), '/more'])


def test_a_command_stays_in_a_python_that_has_the_simulator(monkeypatch):
    monkeypatch.setattr(own_python, 'missing', list)
    own_python.replace_process(['check'], None)


def test_an_environment_without_packages_does_not_start_itself_again(monkeypatch):
    monkeypatch.setattr(own_python, 'missing', lambda: ['mujoco'])
    monkeypatch.setattr(own_python, 'ENVIRONMENT', Path(sys.prefix))
    with pytest.raises(UserError, match='mujoco is not installed in .*; run `make libero` again'):
        own_python.replace_process(['check'], None)


def test_no_environment_gives_the_command_that_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(own_python, 'PYTHON', tmp_path / 'python')
    with pytest.raises(UserError, match='does not exist; run `make libero` once'):
        own_python.command([])


@pytest.mark.parametrize('words', [[], ['chek'], ['--jobs=2']])
def test_an_unknown_command_names_those_that_exist(words):
    with pytest.raises(UserError, match='expected one of the commands check, '):
        program.main(words)


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(UserError, match=r'--libero_path=.*: expected \*_demo.hdf5 files'):
        recorded.files(tmp_path)


def test_failures_are_of_the_suite_that_their_folder_is_named_after():
    path = Path('x/libero_goal_failures/turn_on_the_stove_demo.hdf5')
    assert recorded.suite_and_task(path) == ('libero_goal', 'turn_on_the_stove')


def test_another_mujoco_is_reported_with_both_versions():
    assert recorded.version_warning('3.8.1', '3.8.1') == recorded.version_warning('', '3.8.1') == ''
    assert 'MuJoCo 2.3.2, replayed with 3.8.1' in recorded.version_warning('2.3.2', '3.8.1')
