"""Runs that must not start, and runs that must stop: one line on standard error, and the exit status."""
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import algorithm
import common
import train
from utils.errors import run

ROOT = Path(train.__file__).parent
FLOATS = {'rrd': ('gamma', 'q_lr', 'pi_lr', 'polyak', 'alpha_init', 'alpha_lr', 'r_lr'),
          'td3': ('gamma', 'q_lr', 'pi_lr', 'polyak', 'std_act', 'pi_t_std', 'pi_t_clip'),
          'ddpg': ('gamma', 'q_lr', 'pi_lr', 'polyak', 'std_act', 'q_reg')}
COUNTS = ('epochs', 'cycles', 'iterations', 'timesteps', 'train_batches', 'test_rollouts', 'test_timesteps',
          'buffer_size', 'batch_size', 'train_target', 'save_every', 'keep_checkpoints', 'rrd_batch_size',
          'rrd_sample_size')
MAY_BE_ZERO = ('warmup', 'seed', 'inter_op_threads', 'intra_op_threads')

# (command line, how the message begins); the working directory holds `taken/`, an empty directory, and `file`
BAD_INPUT = [
    ('--env=Nope-v2', '--env=Nope-v2: unknown; '),
    ('--env=ALE/Pong-v5', '--env=ALE/Pong-v5: expected the name of the game alone, such as Pong'),
    ('--env=CartPole-v1 --alg=sac', '--env=CartPole-v1: expected a Box of actions for sac, td3'),
    ('--env=CartPole-v1', '--env=CartPole-v1: expected a Box of actions for sac, td3 and ddpg, got Discrete'),
    ('--rrd_sample_size=1 --rrd_bias_correction=True', '--rrd_bias_correction=True needs --rrd_'),
    ('--batch_size=1048577', '--batch_size=1048577: expected an integer from 1 to 1048576'),
    ('--rrd_batch_size=63', '--rrd_batch_size=63 must be at least --rrd_sample_size=64'),
    *((f'--{name}=0', f'--{name}=0: expected an integer from 1') for name in COUNTS),
    *((f'--{name}=-1', f'--{name}=-1: expected an integer from') for name in (*COUNTS, *MAY_BE_ZERO)),
    *((f'--alg={alg} --{name}={text}', f'--{name}={text}: expected a number from 0')
      for alg, names in FLOATS.items() for name in names for text in ('nan', 'inf', '-inf', '1e999', '-1')),
    ('--alg=td3 --pi_delay_freq=0', '--pi_delay_freq=0: expected an integer from 1'),
    ('--gamma=1.1', '--gamma=1.1: expected a number from 0 to 1'),
    ('--epochs=nan', '--epochs=nan: expected an integer'),
    ('--epochs=1.5', '--epochs=1.5: expected an integer'),
    ('--alpha_init=0', '--alpha_init=0.0 must be above 0'),
    ('--run_dir=taken', 'taken exists and is not overwritten'),
    ('--run_dir=file', 'file exists and is not overwritten'),
    ('--run_dir=file/run', 'cannot make the directory file/run: '),
    ('--run_dir=/proc/run', 'cannot make the directory /proc/run: '),
    ('--run_dir=' + 300 * 'x', 'cannot make the directory xxx'),
    ('--run_dir=a\udcff', '--run_dir=a\\udcff: expected a name in UTF-8'),
    ('--tag=a\udcff', '--tag=a\\udcff: expected a name in UTF-8'),
    ('--basis_alg=dqn', '--basis_alg=dqn needs discrete actions, and those of --env=Ant-v2 are continuous'),
    ('--alg=dqn', '--alg=dqn needs discrete actions, and those of --env=Ant-v2 are continuous'),
    ('--alg=dqn --env=Pendulum-v1', '--env=Pendulum-v1: expected Discrete actions for dqn, got Box'),
    ('--env=Pnog', '--env=Pnog: unknown; did you mean Pong'),
    ('--env=Pong --alg=dqn --frames=1', '--frames=1: expected an integer from 2'),
    ('--env=Pong --alg=dqn --eps_decay=0', '--eps_decay=0: expected an integer from 1'),
    ('--env=Pong --alg=dqn --epochs=100 --buffer_size=100000000', '--buffer_size=100000000 needs 658'),
    ('--test_timesteps=2000 --warmup=0 --buffer_size=1999', '--test_timesteps=2000 must be at most'),
    ('--epochs=1000000 --buffer_size=1000000000000', '--buffer_size=1000000000000 needs '),
    ('--resume=True', '--resume=True: log/rrd-sac-Ant-v2-seed0 is no run'),
    ('--resume=True --run_dir=taken', '--resume=True: taken is no run'),
    ('--env=libero_spatial --alg=sac', '--alg=sac learns a policy, and --env=libero_spatial has only'),
    ('--env=libero_spatial --offline_reward_only=False', '--offline_reward_only=False: no policy is'),
    ('--env=libero_spatail', '--env=libero_spatail: expected one of the suites libero_spatial, '),
    ('--nonsense=1', 'unknown flag --nonsense=1'),
    ('--basis=td3', 'unknown flag --basis=td3; did you mean --basis_alg?'),
    ('--pi_delay_freq=3', '--pi_delay_freq=3 needs td3; this run is mujoco rrd sac'),
    ('--env_type=sparse', '--env_type=sparse: expected ep_rews or normal'),
    ('--save_rews=perhaps', '--save_rews=perhaps: expected True or False'),
    ('--gamma', '--gamma: expected one argument'),
    ('Ant-v2', "unexpected 'Ant-v2': write flags as --name=value"),
]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """The working directory of every test here."""
    (tmp_path / 'taken').mkdir()
    (tmp_path / 'file').touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(directory):
    return sorted(str(path.relative_to(directory)) for path in directory.rglob('*'))


def stop(argv, capfd):
    """(exit status, standard output, standard error) of a run that ends early."""
    with pytest.raises(SystemExit) as caught:
        run(lambda: train.main(argv))
    return caught.value.code, *capfd.readouterr()


@pytest.mark.parametrize('line, message', BAD_INPUT, ids=[line[:60] for line, _ in BAD_INPUT])
def test_bad_input_gets_one_line_and_status_2_and_writes_nothing(line, message, place, capfd, monkeypatch):
    monkeypatch.setattr(algorithm, 'create_algorithm', None)    # a run that starts fails here
    status, out, err = stop(line.split(), capfd)
    assert status == 2 and out == ''
    assert err.startswith(f'error: {message}') and err.endswith('\n') and err.count('\n') == 1
    assert contents(place) == ['file', 'taken']


def test_no_number_is_missing_from_the_bad_input():
    for alg, names in FLOATS.items():
        args = common.parse_args([f'--alg={alg}'])
        assert {name for name in args if type(args[name]) is float} == set(names)
        assert {name for name in args if type(args[name]) is int} <= {*COUNTS, *MAY_BE_ZERO, 'pi_delay_freq'}


def test_the_error_about_a_name_with_line_breaks_is_one_line(capfd):
    status, out, err = stop(['--env=No\nsuch\n\nname'], capfd)
    assert (status, out, err.count('\n')) == (2, '', 1)


def test_a_directory_that_may_not_be_written_is_refused(place, capfd, monkeypatch):
    monkeypatch.setattr(os, 'access', lambda path, mode: False)     # the tests may run as root, who may
    assert stop(['--run_dir=taken/run'], capfd) == (
        2, '', f'error: cannot make the directory taken/run: {place}/taken is not a writable directory; '
               'choose another --run_dir\n')
    assert contents(place) == ['file', 'taken']


def test_a_second_run_of_one_name_is_refused_and_touches_nothing(place, capfd):
    name = 'log/rrd-l-td3-Pendulum-v1-seed7'
    (place / name).mkdir(parents=True)
    (place / name / 'progress.csv').write_text('epoch,cycle\n')
    before = contents(place)
    argv = ['--env=Pendulum-v1', '--basis_alg=td3', '--rrd_bias_correction=True', '--seed=7']
    status, out, err = stop(argv, capfd)
    assert (status, out) == (2, '')
    assert err == f'error: {name} exists and is not overwritten; choose another --run_dir ' \
        '(without one, another --tag or --seed)\n'
    assert contents(place) == before and (place / name / 'progress.csv').read_text() == 'epoch,cycle\n'


TINY = ('--epochs=1', '--iterations=1', '--timesteps=10', '--test_timesteps=10', '--warmup=10',
        '--batch_size=4', '--test_rollouts=1', '--buffer_size=1000')


@pytest.mark.parametrize('flags, message', [
    (['--alg=td3', '--q_lr=1e30', '--train_batches=2'], 'td3/critic_loss became nan at update 2, step 10'),
    (['--alg=ddpg', '--pi_lr=1e38', '--train_batches=1'],
     r'the action became \[.*nan.*\] in the test at step 10')])
def test_numbers_that_are_not_finite_stop_the_run_with_one_line_and_status_1(flags, message, place, capfd):
    status, _, err = stop([*TINY, *flags, '--env=Hopper-v2', '--run_dir=out'], capfd)
    assert status == 1 and re.fullmatch(f'error: {message}\n', err)
    rows = (place / 'out/progress.csv').read_text().splitlines()
    assert len(rows) == 1       # the header; nothing of the cycle that failed


def python(*words):
    """A finished separate process, in the working directory."""
    return subprocess.run([sys.executable, *words], env={**os.environ, 'PYTHONPATH': str(ROOT)}, text=True,
                          capture_output=True, timeout=120)


def test_help_and_bad_input_do_not_wait_for_tensorflow(place):
    """All in one new process: `--help` loads no slow library, a refusal no TensorFlow."""
    program = f"""
import sys, contextlib, io
import train
from utils.errors import run
slow = {{'tensorflow', 'gymnasium', 'mujoco'}}
for argv in [['--help'], *{[line.split() for line, _ in BAD_INPUT]}]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            run(lambda: train.main(argv))
        except SystemExit as end:
            status = end.code
    loaded = sorted(slow & set(sys.modules))
    assert status == (0 if argv == ['--help'] else 2), argv
    assert loaded == [] if argv == ['--help'] else 'tensorflow' not in loaded, (argv, loaded)
"""
    done = python('-c', program)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


def test_a_run_in_a_process_of_its_own_writes_plain_text_and_only_into_its_directory(place):
    done = python(ROOT / 'train.py', *TINY, '--env=Ant-v2', '--cycles=1', '--rrd_sample_size=4')
    assert (done.returncode, done.stderr) == (0, '')
    lines = done.stdout.splitlines()
    assert lines[0] == 'run directory: log/rrd-sac-Ant-v2-seed0'
    assert lines[1].startswith('environment: Ant-v2 runs as Ant-v4 (use_contact_forces=True, gymnasium ')
    assert 'finished: log/rrd-sac-Ant-v2-seed0/progress.csv' in lines
    assert (place / 'log/rrd-sac-Ant-v2-seed0/progress.csv').is_file()
    texts = [done.stdout, *(path.read_text() for path in place.rglob('*') if path.suffix in ('.txt', '.csv'))]
    assert len(texts) == 3 and not any('\x1b' in text or '\r' in text for text in texts)
    assert sorted(path.name for path in place.iterdir()) == ['file', 'log', 'taken']
