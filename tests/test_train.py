"""train.py end to end: every algorithm for a few updates, and the files that it writes."""
import csv
import functools
import json
from pathlib import Path
from typing import NamedTuple

import gymnasium
import numpy as np
import pytest

import algorithm
import common
import train
from tests.algorithm.agents import moved, weights
from tests.outcome import replay
from utils import host
from utils.flags.flag import Args
from utils.runs.next_steps import next_steps

# four cycles of 20 steps; episodes of 10 steps; updates from the second cycle on
SHORT = ('--epochs=2', '--cycles=2', '--iterations=2', '--timesteps=10', '--test_timesteps=10', '--warmup=30',
         '--train_batches=2', '--batch_size=4', '--buffer_size=1000', '--test_rollouts=2')
RRD = ('--rrd_batch_size=6', '--rrd_sample_size=3')
RRD_SAC = ('--alg=rrd', '--basis_alg=sac', *RRD, '--env=Hopper-v2')
RRD_DDPG = ('--alg=rrd', '--basis_alg=ddpg', *RRD, '--env=Pendulum-v1', '--env_type=normal')
IRCR_TD3 = ('--alg=ircr', '--basis_alg=td3', '--env=Pendulum-v1', '--obs_normalization=True')
IRCR_DQN = ('--alg=ircr', '--basis_alg=dqn', '--env=CartPole-v1', '--double=True')
FRAMES = ('--alg=dqn', '--env=Assault', '--noop=0', '--env_type=normal', '--sticky=True', '--dueling=True',
          '--optimizer=rmsprop')
WITHOUT_REWS = ('--alg=sac', '--env=Pendulum-v1', '--env_type=normal', '--save_rews=False')


def slow(*kinds):
    return [pytest.param(kind, marks=pytest.mark.slow) for kind in kinds]


# each algorithm, basis algorithm, reward loss and sort of environment once, and slowly in further pairs
KINDS = [
    RRD_SAC, RRD_DDPG, IRCR_TD3, IRCR_DQN, FRAMES, WITHOUT_REWS,
    ('--alg=rrd', '--basis_alg=td3', *RRD, '--rrd_bias_correction=True', '--env=HalfCheetah-v2'),
    ('--alg=rrd', '--basis_alg=dqn', *RRD, '--env=Pong', '--noop=6', '--rrd_bias_correction=True'),
    *slow(
        ('--alg=rrd', '--basis_alg=td3', *RRD, '--env=Pendulum-v1'),
        ('--alg=rrd', '--basis_alg=sac', *RRD, '--rrd_bias_correction=True', '--env=Pendulum-v1'),
        ('--alg=rrd', '--basis_alg=ddpg', *RRD, '--rrd_bias_correction=True', '--env=Pendulum-v1'),
        ('--alg=ircr', '--basis_alg=sac', '--env=Pendulum-v1'),
        ('--alg=ircr', '--basis_alg=ddpg', '--env=Swimmer-v2'),
        ('--alg=td3', '--env=Reacher-v2'),
        ('--alg=ddpg', '--env=Pendulum-v1'),
        ('--alg=rrd', '--basis_alg=dqn', *RRD, '--env=CartPole-v1'),
        ('--alg=ircr', '--basis_alg=dqn', '--env=Breakout', '--noop=6', '--frames=2'))]
LOSSES = {
    'sac': ['sac/policy_loss', 'sac/critic_loss', 'sac/alpha_loss', 'sac/alpha', 'sac/entropy'],
    'td3': ['td3/critic_loss', 'td3/policy_loss'],
    'ddpg': ['ddpg/policy_loss', 'ddpg/critic_loss', 'ddpg/regularization'],
    'dqn': ['dqn/critic_loss'],
}
ALWAYS = ['epoch', 'cycle', 'episodes', 'timesteps', 'updates', 'test/return_mean', 'test/return_std',
          'test/return_min', 'test/return_max', 'test/length_mean', 'train/return_mean', 'train/length_mean',
          'test/q_mean', 'time/total_s', 'time/train_s', 'time/test_s']


class Run(NamedTuple):
    """A finished run: flags, working directory, run directory, weights, and rows of progress.csv."""

    argv: tuple
    args: Args
    cwd: Path
    directory: Path
    weights: dict
    rows: list


@pytest.fixture(scope='module')
def play(tmp_path_factory):
    """A function of flags to their `Run`, cached; another `number` repeats the run."""
    def start(argv, number=1):
        cwd, agents, create = tmp_path_factory.mktemp('run'), [], algorithm.create_algorithm

        def watched(*parts):
            agents.append(create(*parts))
            return agents[0]

        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr(algorithm, 'create_algorithm', watched)
            train.main([*SHORT, *argv, '--run_dir=out'])
        rows = list(csv.DictReader((cwd / 'out/progress.csv').read_text().splitlines()))
        args = common.get_args([*SHORT, *argv, '--run_dir=out'])
        return Run(argv, args, cwd, cwd / 'out', weights(agents[0][0]), rows)

    return functools.cache(start)


@pytest.fixture(params=KINDS, ids=' '.join)
def run(request, play):
    return play(request.param)


def resolved(args):
    return f'ALE/{args.env}-v5' if args.env_category == 'atari' else args.env.replace('-v2', '-v4')


def basis(args):
    return args.get('basis_alg', args.alg)


def test_progress_has_all_columns_and_losses_once_the_warm_up_is_over(run):
    losses = LOSSES[basis(run.args)] + ['reward/loss', 'reward/variance'] * (run.args.alg == 'rrd')
    policy_std = ['test/policy_std_mean'] * (basis(run.args) == 'sac')
    epsilon = ['dqn/epsilon'] * (basis(run.args) == 'dqn')
    truth = [f'reward/true_{name}' for name in ('correlation', 'spearman')] * (
        run.args.alg == 'rrd' and run.args.env_category == 'mujoco')
    scores = ['train/score_mean'] * ('rews_scale' in run.args)
    unknown = truth * (run.args.env == 'CartPole-v1')       # whose rewards are all 1
    for row in run.rows:
        assert sorted(row) == sorted([*ALWAYS, *losses, *policy_std, *epsilon, *truth, *scores])
        blank = [name for name, text in row.items() if not text]
        assert sorted(blank) == sorted(unknown + losses * (row['cycle'] == '1'))
        assert np.isfinite([float(text) for text in row.values() if text]).all()


def test_clipped_rewards_are_learned_from_and_the_true_score_is_logged_too(play):
    run = play(('--alg=dqn', '--env=Pong', '--noop=0', '--env_type=normal', '--rews_scale=0.25', '--epochs=1',
                '--cycles=1', '--timesteps=100', '--test_timesteps=100', '--train_batches=1'))
    row, = run.rows
    clipped, score = float(row['train/return_mean']), float(row['train/score_mean'])
    assert score == 4 * clipped < 0                         # the opponent scores one at a time


def test_counts_go_through_the_whole_run(run):
    counts = [[int(row[name]) for name in ('epoch', 'cycle', 'episodes', 'timesteps', 'updates')]
              for row in run.rows]
    assert counts == [[1, 1, 2, 20, 0], [1, 2, 4, 40, 4], [2, 3, 6, 60, 8], [2, 4, 8, 80, 12]]


def test_a_run_leaves_its_five_files_and_checkpoints_and_nothing_else(run):
    paths = [path for path in run.cwd.rglob('*') if path.is_file() and 'checkpoints' not in path.parts]
    files = sorted(str(path.relative_to(run.cwd)) for path in paths)
    [events] = [name for name in files if name.startswith('out/events.out.tfevents')]
    rews = ['out/rews.npz'] * run.args.save_rews
    assert files == ['out/args.json', events, 'out/log.txt', 'out/progress.csv', *rews]


@pytest.mark.parametrize('kind', [kind for kind in KINDS if kind != WITHOUT_REWS], ids=' '.join)
def test_returns_of_every_roll_out_are_kept_and_are_those_of_progress(kind, play):
    run = play(kind)
    with np.load(run.directory / 'rews.npz', allow_pickle=False) as data:
        steps, returns = data['steps'], data['returns']
    assert steps.tolist() == [20, 40, 60, 80] and returns.shape == (4, 2)
    for name, summary in (('mean', np.mean), ('std', np.std), ('min', np.min), ('max', np.max)):
        assert [float(row[f'test/return_{name}']) for row in run.rows] == summary(returns, axis=1).tolist()


@pytest.mark.parametrize('kind, is_rewarded', [(RRD_SAC, [False] * 9 + [True]), (RRD_DDPG, [True] * 10)])
def test_with_episodic_rewards_a_learner_gets_only_the_return_at_the_end(kind, is_rewarded, play):
    rewards = replay(play(kind).directory)['steps/step/reward'].reshape(8, 10)
    assert ((rewards != 0) == is_rewarded).all()


def test_args_json_has_the_flags_and_the_versions(run):
    record = json.loads((run.directory / 'args.json').read_text())
    assert record['flags'] == dict(run.args)
    assert record['environment']['id'] == resolved(run.args)
    assert record['versions']['gymnasium'] == gymnasium.__version__ and record['versions']['mujoco']
    assert record['host']['cores'] == host.cores()


def test_log_txt_reports_the_environment_and_ends_with_what_can_be_done_next(run):
    lines = (run.directory / 'log.txt').read_text().splitlines()
    start = f'environment: {run.args.env} runs as {resolved(run.args)} ('
    assert [line for line in lines if line.startswith(start)]
    end = lines.index('finished: out/progress.csv')
    assert lines[end + 1:] == next_steps(run.args, Path('out'))
    assert len([line for line in lines if ' cycle ' in line]) == 4


def without_times(rows):
    return [{name: text for name, text in row.items() if not name.startswith('time/')} for row in rows]


@pytest.mark.parametrize('kind', [RRD_SAC, IRCR_DQN, *slow(IRCR_TD3, FRAMES)], ids=' '.join)
def test_two_runs_of_one_seed_are_equal_but_for_the_clock(kind, play):
    first, second = play(kind), play(kind, number=2)
    assert first.directory != second.directory
    assert without_times(first.rows) == without_times(second.rows)
    assert (first.directory / 'rews.npz').read_bytes() == (second.directory / 'rews.npz').read_bytes()
    assert first.weights.keys() == second.weights.keys()
    for name, array in first.weights.items():
        np.testing.assert_array_equal(array, second.weights[name], err_msg=name)


def test_a_run_of_another_seed_differs_in_environment_test_and_weights(play):
    first, other = play(RRD_SAC), play((*RRD_SAC, '--seed=1'))
    for name in ('test/return_mean', 'train/return_mean', 'reward/loss', 'sac/critic_loss'):
        assert first.rows[-1][name] != other.rows[-1][name]
    assert {name for name in first.weights if 'kernel' in name and 'Adam' not in name} <= moved(
        first.weights, other.weights)


def test_testing_more_changes_nothing_that_is_learned(play):
    """Roll-outs have a separate environment and draw nothing from the learner's generators."""
    first, other = play(RRD_SAC), play((*RRD_SAC, '--test_rollouts=1'))
    learned = [name for name in first.rows[0] if not name.startswith(('test/', 'reward/true_', 'time/'))]
    for one, more in zip(first.rows, other.rows, strict=True):
        assert [one[name] for name in learned] == [more[name] for name in learned]
    assert moved(first.weights, other.weights) == set()


def test_a_plain_algorithm_learns_with_warm_up_and_episodes_longer_than_its_store(play):
    run = play(('--alg=td3', '--env=Pendulum-v1', '--buffer_size=8', '--warmup=20'))
    assert int(run.rows[-1]['updates']) > 0
    log = (run.directory / 'log.txt').read_text()
    assert 'an episode of more than --buffer_size=8 steps (--test_timesteps=10) loses its first steps' in log
    assert '--warmup=20 is above --buffer_size=8: ' in log


def test_a_run_that_fails_before_its_first_step_leaves_its_name_free(tmp_path, monkeypatch):
    def broken(*parts):
        raise RuntimeError('no algorithm today')

    argv = [*SHORT, '--alg=dqn', '--env=CartPole-v1', '--run_dir=some/where']
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(algorithm, 'create_algorithm', broken)
        with pytest.raises(RuntimeError, match='no algorithm today'):
            train.main(argv)
    train.main(argv)
    assert len((tmp_path / 'some/where/progress.csv').read_text().splitlines()) == 5
