"""Every alternative of the flags of runs on recorded episodes, for a few updates."""
import re

import numpy as np
import pytest

import train
from tester.__main__ import main as judge
from tests.envs.recorded.libero.folders import TASKS
from tests.outcome import newest, variables
from tests.recorded_runs import progress, sources, train_run, user
from utils.errors import run

DEGENERATE = ('warning: every drawn episode has the return 1 and there is no contrast, so the decomposition '
              'is degenerate')


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        np.savez(folder / 'tasks.npz', **{task: np.arange(3) + number for number, task in enumerate(TASKS)})
        yield folder


def log(directory):
    return (directory / 'log.txt').read_text()


def inputs(directory):
    """({key: shape} of an observation, length of the vector of a task) of a run."""
    identity = newest(directory).state['identity']
    return {key: tuple(shape) for key, (shape, *_) in identity['observation'].items()}, identity['context']


def training_episodes(directory):
    """(number of episodes, kinds that are drawn) from the log of a run."""
    counts, drawn = re.search('training episodes: (.*), [0-9]+ steps; drawn: (.*)', log(directory)).groups()
    return counts, re.findall('[a-z]+', drawn)


@pytest.mark.parametrize('flags, observation, context, episodes', [
    (['--rrd_bias_correction=True', '--libero_obs=agentview,wrist,proprio', '--libero_negatives=prefix'],
     {'agentview': (24, 24, 3), 'wrist': (24, 24, 3), 'proprio': (15,)}, 10,
     ('4 successes, 4 failures', ['success', 'failure', 'prefix'])),
    (['--rrd_exact=True', '--libero_obs=proprio', '--libero_negatives=none', '--obs_normalization=False'],
     {'proprio': (15,)}, 10, ('4 successes, 4 failures', ['success', 'failure'])),
    (['--libero_obs=feature:obs/ee_states', '--task_embedding={place}/tasks.npz', '--libero_negatives=swap'],
     {'feature': (6,)}, 3, ('4 successes, 4 failures', ['success', 'failure', 'swap'])),
    (['--libero_obs=proprio', '--rrd_sample_size=8', f'--holdout_tasks={TASKS[1]}',
      '--learn_from_failures=False'],
     {'proprio': (15,)}, 10, ('3 successes, 0 failures', ['success', 'rewind'])),
], ids=['all cameras', 'exact', 'features', 'successes only'])
def test_alternatives_change_what_is_seen_and_what_is_learned_from(flags, observation, context, episodes,
                                                                   place, request):
    directory = train_run(place, request.node.callspec.id, '--cycles=1', *(
        flag.format(place=place) for flag in flags))
    assert inputs(directory) == (observation, context)
    assert training_episodes(directory) == episodes
    [row] = progress(directory)
    assert all(np.isfinite(float(row[name])) for name in ('reward/loss', 'test/loss', 'test/success_auc'))
    normalised = {name for name in variables(directory) if name.startswith('normalizer/')}
    assert bool(normalised) == ('--obs_normalization=False' not in flags)


def test_patience_stops_a_run_that_gets_no_better_and_its_best_checkpoint_is_the_one_that_is_judged(
        place, caplog, capfd):
    directory = train_run(place, 'patient', '--libero_obs=proprio', '--cycles=5', '--patience=1', '--r_lr=0')
    assert [row['cycle'] for row in progress(directory)] == ['1', '2']      # no rate: the loss stays
    best = directory / 'best' / 'ckpt-000001'
    assert [path for path in best.parent.iterdir() if path.name.startswith('ckpt')] == [best]
    assert newest(directory).path.name == 'ckpt-000002' and (directory / 'rewards.png').exists()
    assert f'best checkpoint: {best}' in log(directory)     # of which the tables are

    for words, path in (([], best), (['--checkpoint=ckpt-000002'], newest(directory).path)):
        caplog.clear()
        judge([str(directory), *sources(place), *words])
        assert caplog.messages[0] == str(path)

    capfd.readouterr()
    run(lambda: train.main(['--resume=True', f'--run_dir={directory}']))
    assert capfd.readouterr().out == (f'nothing to do: the run in {directory} stopped early, after 2 of 5 '
                                      "cycles; --patience=1 is the run's own, and may not change\n")


def test_without_held_out_episodes_nothing_is_judged_and_nothing_drawn(place):
    directory = train_run(place, 'all', '--libero_obs=proprio', '--val_fraction=0', '--patience=1')
    rows = progress(directory)
    assert len(rows) == 2       # patience has no number to compare
    assert {text for row in rows for name, text in row.items() if name.startswith('test/')} == {''}
    assert not (directory / 'rewards.png').exists() and not (directory / 'best').exists()
    assert 'no episode was held out: the reward cannot be evaluated' in log(directory)


def test_degenerate_decomposition_is_told_before_and_after_training_on_the_terminal_and_in_the_log(
        place, capfd):
    directory = train_run(place, 'degenerate', '--libero_obs=proprio', '--libero_negatives=none',
                          failures=False)
    for text in (capfd.readouterr().out, log(directory)):
        lines = text.splitlines()
        first, last = (number for number, line in enumerate(lines) if line.startswith(DEGENERATE))
        cycle, report = (next(number for number, line in enumerate(lines) if line.startswith(start))
                         for start in ('epoch 1   cycle 1 ', 'evaluated on 2 successes and 0 failures'))
        assert first < cycle < report < last and 'add failures (--libero_failures)' in lines[last]
