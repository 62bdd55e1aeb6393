"""Two own tasks in two files, with a camera and returns between 0 and 1: trained, resumed, evaluated."""
import json

import numpy as np
import pytest

import train
from tester.__main__ import main as evaluate
from tests.own_data.files import moving, write_robomimic
from tests.recorded_runs import progress
from utils.errors import UserError

TINY = ('--env=recorded', '--libero_image_size=24', '--rrd_batch_size=8', '--rrd_sample_size=4',
        '--passes=0.01', '--min_updates=2', '--cycles=2', '--inter_op_threads=1', '--intra_op_threads=1')
TASKS = ('move right', 'Lift')


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    """A folder with the data in `sets`, one of the tasks in `one`, and the finished run in `run`."""
    folder, rng = tmp_path_factory.mktemp('own'), np.random.default_rng(0)
    for name in ('sets', 'one', 'other'):
        (folder / name).mkdir()
    write_robomimic(folder / 'sets/a.hdf5', [moving(rng, 9 + n, 0, 24) for n in range(5)], sentence=TASKS[0])
    write_robomimic(folder / 'sets/b.hdf5', [moving(rng, 8 + n, 1, 24) for n in range(5)], TASKS[1])
    write_robomimic(folder / 'one/b.hdf5', [moving(rng, 8 + n, 1, 32) for n in range(3)], TASKS[1])
    write_robomimic(folder / 'other/c.hdf5', [moving(rng, 8, 1, 24)], 'Can')
    train.main([*TINY, f'--data_path={folder / "sets"}', f'--cache_dir={folder / "cache"}',
                f'--run_dir={folder / "run"}'])
    return folder


def test_a_run_trains_and_blanks_what_needs_successes(place):
    rows = progress(place / 'run')
    assert [row['updates'] for row in rows] == ['2', '4']
    assert all(float(row['test/return_rmse']) > 0 for row in rows)
    needing = ('success_auc', 'swap_auc', 'prefix_auc', 'value_order_success', 'value_order_failure')
    assert {rows[-1][f'test/{name}'] for name in needing} == {''}


def test_the_log_names_the_sets_and_where_outcomes_come_from(place):
    log = (place / 'run/log.txt').read_text()
    assert f'{place}/sets/a.hdf5: robomimic HDF5, 5 episodes; outcomes: recorded rewards' in log
    assert 'training episodes: 8 of scored returns' in log


def test_the_spec_has_every_camera_and_vector_and_the_tasks_of_the_data(place):
    identity = json.loads(next((place / 'run/checkpoints').rglob('state.json')).read_text())['identity']
    assert set(identity['observation']) == {'agentview', 'object', 'robot0_eef_pos'}
    assert identity['tasks'] == list(TASKS) and 0 < identity['reward_scale'] < 1


def test_a_resumed_run_has_the_same_scale(place):
    train.main(['--resume=True', f'--run_dir={place / "run"}', '--cycles=3'])
    assert [row['updates'] for row in progress(place / 'run')] == ['2', '4', '6']


def test_the_tester_evaluates_other_episodes_of_one_task_at_another_size(place, caplog):
    evaluate([str(place / 'run'), f'--data_path={place / "one"}'])
    assert 'evaluated on 3 episodes whose returns are scores' in caplog.text


def test_the_tester_refuses_a_task_that_the_model_does_not_know(place):
    with pytest.raises(UserError) as caught:
        evaluate([str(place / 'run'), f'--data_path={place / "other"}'])
    assert str(caught.value) == (
        "--data_path: the model was not trained with the task 'Can'; expected some of move right, Lift")
