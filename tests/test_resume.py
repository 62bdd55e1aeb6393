"""A run that was killed or stopped ends, when resumed, as if it had not been."""
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import train
from tests.outcome import assert_same
from utils.errors import run
from utils.stop_signals import StopSignals

ROOT = Path(train.__file__).parent
# three cycles of 60 steps; updates from the first on, a store that drops episodes in the second
SHORT = ('--epochs=1', '--cycles=3', '--iterations=3', '--timesteps=20', '--test_timesteps=25', '--warmup=20',
         '--train_batches=2', '--batch_size=8', '--buffer_size=100', '--test_rollouts=2')
RRD = ('--alg=rrd', '--rrd_batch_size=12', '--rrd_sample_size=4')
# where the process is killed: before the n-th call of a function
WITHIN_A_CYCLE = ('learner.online:OnlineLearner.collect', 4)      # the second
WHILE_SAVING = ('os:rename', 2)                                   # a checkpoint, whole under another name
PLACES = [WITHIN_A_CYCLE, WHILE_SAVING, ('tester.online:OnlineTester._rollout', 4),     # within a test
          ('numpy:savez', 3), ('os:fsync', 19),             # a checkpoint, half written
          ('shutil:rmtree', 4),                             # an old checkpoint, not yet removed
          ('os:replace', 3), ('utils.logs.logger:Logger.write', 2)]


def start(directory, *flags, kill=None):
    """A finished separate process that runs `flags` in `directory`, or resumes there without flags."""
    words = [*flags, f'--run_dir={directory}'] if flags else ['--resume=True', f'--run_dir={directory}']
    program = ['-m', 'tests.killed', kill[0], str(kill[1])] if kill else ['train.py']
    return subprocess.run([sys.executable, *program, *words], cwd=ROOT, text=True, capture_output=True,
                          timeout=300)


def kill_and_resume(directory, flags, places):
    """Kills the run at each of `places`, resuming after each, and then runs it to the end."""
    for number, place in enumerate(places):
        done = start(directory, *(flags if number == 0 else ()), kill=place)
        assert done.returncode == -signal.SIGKILL, done.stderr
    train.main(['--resume=True', f'--run_dir={directory}'])


@pytest.mark.parametrize('place, flags', [
    (WITHIN_A_CYCLE, ('--env=Ant-v2', '--basis_alg=sac', *RRD)),
    (WHILE_SAVING, ('--env=CartPole-v1', '--basis_alg=dqn', *RRD)),
    pytest.param(WITHIN_A_CYCLE, ('--env=Assault', '--basis_alg=dqn', *RRD, '--noop=6', '--sticky=True'),
                 marks=pytest.mark.slow),
], ids=['Ant', 'CartPole', 'Assault'])
def test_a_run_killed_once_ends_as_if_it_had_not_been(place, flags, tmp_path):
    train.main([*SHORT, *flags, f'--run_dir={tmp_path / "whole"}'])
    kill_and_resume(tmp_path / 'killed', [*SHORT, *flags], [place])
    assert_same(tmp_path / 'whole', tmp_path / 'killed')


@pytest.mark.slow
@pytest.mark.parametrize('flags', [
    ('--env=Humanoid-v2', '--basis_alg=td3', *RRD, '--rrd_bias_correction=True'),
    ('--env=Reacher-v2', '--basis_alg=ddpg', *RRD),
    ('--env=Hopper-v2', '--alg=ircr', '--basis_alg=sac'),
    ('--env=Pendulum-v1', '--alg=ircr', '--basis_alg=sac'),
    ('--env=Hopper-v2', '--alg=ircr', '--ircr_credit=mean', '--ircr_elite=3'),
    ('--env=Hopper-v2', '--alg=uniform', '--basis_alg=td3'),
    ('--env=Hopper-v2', '--alg=lrr', '--basis_alg=td3', '--rrd_batch_size=12', '--rrd_sample_size=4'),
    ('--env=Hopper-v2', '--alg=diaster', '--diaster_episodes=2', '--diaster_period=3', '--diaster_units=4'),
    ('--env=Ant-v2', '--basis_alg=sac', *RRD, '--env_type=normal', '--obs_normalization=True'),
    ('--env=Pendulum-v1', '--alg=td3', '--save_every=2'),
    ('--env=Pong', '--alg=dqn', '--env_type=normal', '--noop=6', '--double=True'),
    ('--env=CartPole-v1', '--alg=ircr', '--basis_alg=dqn'),
], ids=' '.join)
def test_a_run_killed_anywhere_ends_as_if_it_had_not_been(flags, tmp_path):
    flags = [*SHORT, '--cycles=12', *flags]
    train.main([*flags, f'--run_dir={tmp_path / "whole"}'])
    kill_and_resume(tmp_path / 'killed', flags, PLACES)
    assert_same(tmp_path / 'whole', tmp_path / 'killed')


@pytest.fixture
def heeds_ctrl_c():
    """A shell has its background jobs ignore Ctrl-C, and what is ignored at the start stays ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
def test_a_run_stopped_at_every_safe_point_ends_as_if_it_had_not_been(
        tmp_path, capfd, monkeypatch, heeds_ctrl_c):
    flags = [*SHORT, '--env=Pendulum-v1', '--basis_alg=td3', *RRD]
    train.main([*flags, f'--run_dir={tmp_path / "whole"}'])
    check, checks, number = StopSignals.check, [], signal.SIGTERM

    def asked(stop):
        checks.append(1)
        if len(checks) == 2:            # the first is where the process before stopped
            os.kill(os.getpid(), number)
        check(stop)

    monkeypatch.setattr(StopSignals, 'check', asked)
    words, stops = [*flags, f'--run_dir={tmp_path / "stopped"}'], 0
    with pytest.raises(EOFError):
        while True:
            capfd.readouterr()
            with pytest.raises(SystemExit) as caught:
                run(lambda words=words: train.main(words))
                raise EOFError
            words = ['--resume=True', f'--run_dir={tmp_path / "stopped"}']
            out, err = capfd.readouterr()
            assert caught.value.code == 128 + number
            assert out.endswith(f'to resume: python train.py {" ".join(words)}\n')
            assert f'{number.name}: stopping soon, with a checkpoint' in err
            number = signal.SIGINT if number == signal.SIGTERM else signal.SIGTERM
            stops += 1
            checks.clear()
    assert stops == 3 * (3 + 2 + 1) - 1     # after each iteration, each roll-out, and between cycles
    assert_same(tmp_path / 'whole', tmp_path / 'stopped')
