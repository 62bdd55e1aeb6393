"""Labels by several runs: the mean of their rewards, and the runs that do not fit together."""
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import label
import loading
from labels.checks import check_episodes
from labels.collect import splitter
from labels.shares import Job
from tests.algorithm.test_ensemble import Constant
from utils.checkpoints.manifests import write_manifest
from utils.errors import UserError
from utils.labels.provenance import provenance
from utils.labels.signatures import signatures


def recording(task='a', length=3, context=(1.0, 0.0)):
    return SimpleNamespace(task=task, length=length, context=np.float32(context), path='f', name='demo_0',
                           actions=np.full((length, 7), 0.1 * length))


def data(*recordings):
    return SimpleNamespace(recordings=list(recordings))


def test_loaded_rewards_of_a_list_are_averaged(monkeypatch):
    values = {'one': 1.0, 'two': 4.0}
    monkeypatch.setattr(loading, 'load_learned', lambda run: SimpleNamespace(reward=Constant(values[run])))
    rewards = loading.load_reward(['one', 'two'])({}, np.zeros((3, 7)), {}, 'a')
    assert rewards.tolist() == [2.5, 2.5, 2.5]


@pytest.mark.parametrize('runs, text', [([], 'none'), (['one', 'one/../one'], 'one, one/../one')])
def test_a_list_of_runs_has_each_once(runs, text):
    with pytest.raises(UserError, match=f'^expected different runs to average, got {text}$'):
        loading.load_reward(runs)


def test_a_command_names_any_number_of_runs_before_its_flags():
    runs, flags, given = label.parse_words(['a', 'b', 'c', '--out=d'])
    assert runs == [Path('a'), Path('b'), Path('c')] and flags.out == 'd' and given == {'out': 'd'}
    with pytest.raises(UserError, match='^expected different runs to average, got a, a$'):
        label.parse_words(['a', 'a', '--out=d'])


def test_all_runs_predict_in_every_process(monkeypatch):
    found = SimpleNamespace(path=Path('best/ckpt-000002'), state={})
    job = label.job_of([(Path('/x'), {'seed': 1}, found), (Path('/y'), {'seed': 2}, found)], Path('/p'))
    assert job[:4] == ('/x', 'ckpt-000002', {'seed': 1}, '/p') and job.others == (('/y', 'ckpt-000002'),)
    assert Job(*job) == job


def test_an_episode_that_any_run_has_learned_from_is_of_the_training_set():
    episodes = [recording(length=length) for length in (3, 4, 5)]
    first, second = signatures(episodes[:1]), signatures(episodes[1:2])

    def found(**seen):
        return SimpleNamespace(path='run', state={'parts': {'tester': seen}})

    runs = [found(seen={'train': first, 'held_out': second}), found(seen={'train': second[:0],
                                                                          'held_out': second})]
    split_of, warnings = splitter(runs)
    assert [split_of(each) for each in episodes] == ['train', 'held_out', 'new'] and warnings == []
    split_of, warnings = splitter([*runs, found()])
    assert [split_of(each) for each in episodes] == ['train', 'unknown', 'unknown'] and len(warnings) == 1


def test_provenance_lists_every_run(tmp_path):
    runs = []
    for name in ('first', 'second'):
        path = tmp_path / name / 'ckpt-000001'
        path.mkdir(parents=True)
        write_manifest(path, {})
        runs.append((tmp_path / name, SimpleNamespace(path=path, state={})))
    notes = provenance(runs, [], [])
    assert notes['run'] == ['first', 'second'] and notes['checkpoint'] == ['ckpt-000001'] * 2
    assert [len(each) for each in notes['checkpoint_manifest_sha256']] == [64, 64]
    assert provenance(runs[:1], [], [])['run'] == 'first'


@pytest.mark.parametrize('other, message', [
    (data(), 'y: expected the 1 episodes that x reads, got 0'),
    (data(recording(context=(0.0, 1.0))), 'y: expected the vectors of tasks of x .--task_embedding., got '
     'another one of a'),
    (data(recording(length=4)), 'y: expected the steps that x reads, 3 of f demo_0, got 4')])
def test_runs_that_read_other_steps_are_refused(other, message):
    with pytest.raises(UserError, match=f'^{message}$'):
        check_episodes(data(recording()), other, 'y', 'x')


def test_runs_that_read_the_same_steps_are_accepted():
    check_episodes(data(recording()), data(recording()), 'y', 'x')
