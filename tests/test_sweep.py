"""The program sweep.py, from its command line to the runs in its directory."""
import signal

import pytest

import sweep
from tests.outcome import rows
from tests.sweeps.commands import NAME, begin, ended, is_running, kill_run, train_alone, wait_for_rows
from tests.sweeps.programs import calls, install
from utils.errors import UserError
from utils.runs.directory import locked

TINY = ('--env=Pendulum-v1', '--epochs=1', '--cycles=2', '--iterations=5', '--warmup=200',
        '--test_timesteps=100', '--train_batches=5', '--test_rollouts=1', '--batch_size=16')


@pytest.fixture
def out(tmp_path):
    return tmp_path / 'out'


def refusal(*argv):
    with pytest.raises(UserError) as caught:
        sweep.main(argv)
    return str(caught.value)


@pytest.mark.parametrize('names', [['sac'], pytest.param(['rrd-sac', 'sac'], marks=pytest.mark.slow)])
def test_every_combination_is_trained_and_the_same_command_trains_none_again(
        names, out, tmp_path, monkeypatch):
    argv = [f'--out={out}', '--alg', *(name.split('-')[0] for name in names), *TINY]
    sweep.main(argv)
    directories = [out / f'{name}-Pendulum-v1-seed0' for name in names]
    assert [len(rows(directory)) for directory in directories] == [2] * len(names)
    assert (out / 'curves.png').exists()
    install(monkeypatch, tmp_path / 'program.py', 'sys.exit(1)')
    sweep.main(argv)
    assert [calls(directory) for directory in directories] == [[]] * len(names)


def test_a_run_has_one_thread_of_each_kind_by_default(out, tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'pass')
    sweep.main([f'--out={out}', '--alg=sac', '--intra_op_threads=3'])
    words, = calls(out / 'sac-Ant-v2-seed0')
    assert words[:-1] == ['--inter_op_threads=1', '--intra_op_threads=3', '--alg=sac',
                          f'--run_dir={out}/sac-Ant-v2-seed0']


def test_a_failed_run_is_reported_and_the_others_still_run(out, tmp_path, monkeypatch, capsys):
    install(monkeypatch, tmp_path / 'program.py', 'if "--seed=1" in sys.argv: sys.exit("no memory")')
    with pytest.raises(SystemExit) as caught:
        sweep.main([f'--out={out}', '--alg=sac', '--seed', '0', '1', '2', '--retries=1', '--jobs=1'])
    assert caught.value.code == 1
    assert [len(calls(out / f'sac-Ant-v2-seed{seed}')) for seed in (0, 1, 2)] == [1, 2, 1]
    report = capsys.readouterr().out
    assert 'finished: sac-Ant-v2-seed2 (2 of 3 runs finished)' in report
    assert ('failed: sac-Ant-v2-seed1 (1 of 3 runs finished)\n'
            '  after 2 attempts, exit status 1; its last messages:\n  | no memory\n') in report


@pytest.mark.parametrize('argv, message', [
    (['--tag=a'], 'unknown flag --tag=a; did you mean --alg?'),
    (['--run_dir=a'], 'unknown flag --run_dir=a; see --help'),
    (['--resume=True'], 'unknown flag --resume=True; see --help'),
    (['--jobs=2', '--ray=auto'],
     '--jobs=2 is for this machine only; with --ray the cores of the cluster decide'),
    (['--gpus=0.5'], '--gpus=0.5 is for a Ray cluster; on this machine all runs share its GPUs'),
    (['--alg', 'sac', 'td3', '--rrd_sample_size=8'], '--rrd_sample_size exists for none of these runs'),
    (['--out='], '--out is empty; expected the directory of the sweep'),
    (['--env', 'Pendulum-v1', 'Pendulm-v1'], '--env=Pendulm-v1: unknown; did you mean Pendulum-v1'),
    (['--alg', 'dqn', 'sac', '--env', 'CartPole-v1'],
     '--env=CartPole-v1: expected a Box of actions for sac, td3 and ddpg, got Discrete'),
    (['--retries', '1', '2'], "unexpected '2': write flags as --name=value"),
])
def test_an_invalid_command_is_refused_and_nothing_is_written(out, tmp_path, argv, message, monkeypatch):
    monkeypatch.setattr(sweep, 'schedule', None)        # a sweep that starts fails here
    assert refusal(f'--out={out}', *argv).startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_sweep_reports_the_command_that_resumes_it_last(out, monkeypatch, caplog):
    def interrupted(*parts):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, 'schedule', interrupted)
    words = [f'--out={out}', '--alg=sac']
    with pytest.raises(KeyboardInterrupt):
        sweep.main(words)
    assert caplog.messages[-1] == f'stopped; to resume: python sweep.py --out={out} --alg=sac'


def test_two_sweeps_in_one_directory_are_refused(out, tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'pass')
    out.mkdir()
    with locked(out, folder='.sweep'):
        assert refusal(f'--out={out}') == f'{out} is in use by another process; wait for its end'


@pytest.fixture(scope='module')
def alone(tmp_path_factory):
    """Directory of the run that the tests below interrupt, trained without a sweep."""
    directory = tmp_path_factory.mktemp('alone') / 'run'
    train_alone(directory)
    return directory


@pytest.mark.slow
def test_a_killed_run_resumes_from_its_checkpoint_and_ends_like_an_uninterrupted_one(out, alone):
    with begin(out) as process:
        kill_run(out / NAME)
        assert ended(process) == (0, f'finished: {NAME} (1 of 1 runs finished)')
    assert 'resumed from' in (out / NAME / 'log.txt').read_text()
    assert rows(out / NAME) == rows(alone)


@pytest.mark.slow
@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_the_same_command_resumes_a_stopped_sweep(out, alone, number):
    with begin(out) as process:
        wait_for_rows(out / NAME, 1)
        process.send_signal(number)
        assert ended(process) == (
            128 + number, 'stopping: every run saves a checkpoint; the same command resumes them')
    assert not is_running(out / NAME)
    assert len(rows(out / NAME)) < 8
    with begin(out) as process:
        assert ended(process) == (0, f'finished: {NAME} (1 of 1 runs finished)')
    assert rows(out / NAME) == rows(alone)


@pytest.mark.slow
def test_the_same_command_resumes_a_killed_sweep_whose_run_still_works(out, alone):
    with begin(out) as process:
        wait_for_rows(out / NAME, 1)
        process.kill()
    assert is_running(out / NAME)
    with begin(out) as process:
        assert ended(process) == (0, f'finished: {NAME} (1 of 1 runs finished)')
    assert rows(out / NAME) == rows(alone)
