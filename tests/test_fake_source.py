"""A fictitious format: three episodes in memory train a reward model and evaluate it.

They have no cameras, vectors and actions of other names and widths, one task, and returns that are neither
0 nor 1. Nothing but the source is replaced, so a new format needs no other change.
"""
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import common
import envs.recorded.dataset
import train
from envs.recorded.source import RecordedFile
from tester.__main__ import main as evaluate
from tests.recorded_runs import progress
from utils.recording import Recording

LENGTHS, RETURNS, TASK = (7, 9, 12), (7.5, 2.25, 4.0), 'stack the crates'
FLAGS = ('--alg=rrd', '--env=libero_spatial', '--rrd_batch_size=8', '--rrd_sample_size=4', '--cycles=2',
         '--min_updates=3', '--passes=0.01', '--inter_op_threads=1', '--intra_op_threads=1')


def episode(number):
    """Episode `number` of the crane, whose vectors count its steps."""
    length = LENGTHS[number]
    t = np.arange(length + 1, dtype=np.float32)[:, None]
    vectors = {'boom': np.concatenate([t, t * number], axis=1), 'load': np.cos(t)}
    actions = np.sin(np.arange(length * 4, dtype=np.float32)).reshape(length, 4)
    return Recording(Path('crane.log'), f'shift-{number}', TASK, np.zeros(0, np.float32), {},
                     np.arange(length + 1), vectors, actions, RETURNS[number])


def crane(args):
    """The `EpisodeSource`, in place of `open_source`."""
    file = RecordedFile(Path('crane.log'), 'libero_path', [episode(number) for number in range(3)], {},
                        {'name': 'crane.log'}, 'vectors alone', {'shift-3': 'the power failed'})
    return SimpleNamespace(tasks=(TASK,), files=[file], notices=['a crane'],
                           facts={'id': 'crane', 'kwargs': {}})


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """The directory of a finished run."""
    directory = tmp_path_factory.mktemp('fake') / 'run'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(envs.recorded.dataset, 'open_source', crane)
        train.main([*FLAGS, f'--run_dir={directory}'])
        yield directory


def test_a_reward_is_trained_and_evaluated_on_a_held_out_episode(run):
    rows = progress(run)
    assert [row['updates'] for row in rows] == ['3', '6']
    assert all(float(row['reward/loss']) > 0 and float(row['test/return_rmse']) > 0 for row in rows)
    assert {row['test/success_auc'] for row in rows} == {''}        # no failure to compare with
    assert (run / 'rewards.png').stat().st_size > 1000


def test_the_episodes_that_were_read_are_reported(run):
    log = (run / 'log.txt').read_text()
    assert 'a crane' in log and 'vectors alone' in log
    assert 'left out: crane.log shift-3: the power failed' in log
    assert '2 episodes are learned from, 1 are held out' in log


def test_the_run_is_evaluated_on_all_episodes_by_the_tester(run, caplog):
    evaluate([str(run)])
    assert '3 successes and 0 failures' in caplog.text


def test_the_reward_is_loaded_with_the_names_of_the_source(run):
    reward, recorded = common.load_reward(run), episode(1)
    assert reward.tasks == (TASK,)
    before, after = ({key: values[side] for key, values in recorded.vectors.items()}
                     for side in (slice(None, -1), slice(1, None)))
    rewards = reward(before, recorded.actions, after, TASK)
    assert rewards.shape == (9,) and np.isfinite(rewards).all() and np.ptp(rewards) > 0


def test_a_finished_run_resumes_with_more_cycles(run):
    train.main(['--resume=True', f'--run_dir={run}', '--cycles=3'])
    assert [row['updates'] for row in progress(run)] == ['3', '6', '9']
