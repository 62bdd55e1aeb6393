"""Which demonstrations are found, and which are refused."""
import h5py
import pytest

from envs.libero_sim.demonstrations import read_sources
from tests.envs.libero_sim.fake_scene import TASK, write_demonstrations
from utils.errors import UserError
from utils.flags.suites import tasks_of


def test_a_root_holds_suites_but_its_failures_are_left_out(tmp_path):
    write_demonstrations(tmp_path / 'libero_spatial')
    write_demonstrations(tmp_path / 'libero_goal', task=tasks_of('libero_goal')[1])
    write_demonstrations(tmp_path / 'libero_spatial_failures')
    found = read_sources(str(tmp_path))
    assert [(source.suite, source.task) for source in found] == [
        ('libero_goal', tasks_of('libero_goal')[1]), ('libero_spatial', TASK)]
    assert [each.name for each in found[1].demonstrations] == ['demo_0', 'demo_1', 'demo_2']


@pytest.mark.parametrize('model, whole', [('<mujoco model="base"><!-- shortened --></mujoco>', False),
                                          ('<mujoco><worldbody/></mujoco>', True)])
def test_a_shortened_model_is_kept_but_not_used(tmp_path, model, whole):
    path = write_demonstrations(tmp_path)
    with h5py.File(path, 'r+') as file:
        file['data/demo_0'].attrs['model_file'] = model
    own = read_sources(str(path))[0].demonstrations[0]
    assert own.stored_model == model and own.model_file == model * whole


def refusal(path):
    with pytest.raises(UserError) as error:
        read_sources(str(path))
    return str(error.value)


def test_a_failure_is_refused(tmp_path):
    path = write_demonstrations(tmp_path)
    with h5py.File(path, 'r+') as file:
        file['data/demo_1/rewards'][:] = 0
    assert refusal(path) == (f'{path}: data/demo_1/rewards: expected a demonstration that succeeds, got '
                             'rewards of 0')


def test_a_file_without_states_is_refused(tmp_path):
    path = write_demonstrations(tmp_path)
    with h5py.File(path, 'r+') as file:
        del file['data/demo_2/states']
    assert refusal(path) == f'{path}: data/demo_2/states is missing; found actions, rewards'


def test_a_name_that_is_of_no_task_is_refused(tmp_path):
    path = write_demonstrations(tmp_path, task='make_tea')
    assert refusal(path) == f'{path}: expected the name of a task of LIBERO before _demo.hdf5'


def test_two_files_of_a_task_are_refused(tmp_path):
    first, second = write_demonstrations(tmp_path / 'a'), write_demonstrations(tmp_path / 'b')
    assert refusal(tmp_path) == (f'--libero_path={tmp_path}: expected one file of each task, got {first} and '
                                 f'{second}')


@pytest.mark.parametrize('name, expected', [
    ('', '--libero_path: expected a folder of demonstrations'), ('nothing', 'it does not exist'),
    ('empty', 'expected <task>_demo.hdf5 files')])
def test_a_path_without_demonstrations_is_refused(tmp_path, name, expected):
    (tmp_path / 'empty').mkdir()
    assert expected in refusal(tmp_path / name if name else '')
