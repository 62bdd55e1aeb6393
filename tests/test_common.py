"""The table of flags: against the original's recorded command lines, and its errors."""
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

import common
from utils.errors import UserError
from utils.flags.atari_games import ATARI_GAMES
from utils.flags.table import FLAGS, SELECTORS, tags_of

RECORDED = Path(__file__).parent / 'golden_data' / 'cli_args.json'
NEW_FLAGS = {'seed', 'run_dir', 'save_every', 'keep_checkpoints', 'save_buffer', 'resume', 'reward_from',
             'inter_op_threads', 'intra_op_threads'}
BASES = ('sac', 'td3', 'ddpg', 'dqn')
ALGORITHMS = [[f'--alg={alg}'] for alg in BASES] + [
    [f'--alg={alg}', f'--basis_alg={basis}'] for alg in ('rrd', 'ircr', 'uniform', 'lrr', 'diaster')
    for basis in BASES]


def refusal(*argv):
    with pytest.raises(UserError) as caught:
        common.get_args(argv)
    assert '\n' not in str(caught.value)
    return str(caught.value)


def every_run():
    """The command line of every combination of tags."""
    environments = ('Ant-v2', 'Humanoid-v2', 'HumanoidStandup-v2', 'Pong')
    for env, alg, kind in itertools.product(environments, ALGORITHMS, ('ep_rews', 'normal')):
        if env == 'Pong' and alg[0] == '--alg=diaster':
            continue                                    # refused
        yield [f'--env={env}', *alg, f'--env_type={kind}']
        if alg[-1].endswith('dqn'):
            yield [f'--env={env}', *alg, f'--env_type={kind}', '--optimizer=rmsprop']
    for alg in (*BASES, 'rrd', 'ircr', 'uniform'):
        yield ['--env=libero_spatial', f'--alg={alg}']
        yield ['--env=recorded', f'--alg={alg}']
    for env, form in itertools.product(('libero_spatial', 'recorded'), ('potential', 'progress')):
        yield [f'--env={env}', '--alg=rrd', f'--reward_form={form}']


def tags_of_run(argv):
    args = common.parse_args(argv)
    return {tag for name in SELECTORS if name in args for tag in tags_of(name, args[name])}


def test_every_kind_of_run_has_exactly_one_default_for_each_of_its_flags():
    for argv in every_run():
        common.parse_args(argv)    # a tie raises ValueError


def test_every_tag_of_the_table_belongs_to_some_run():
    possible = set().union(*map(tags_of_run, every_run()))
    flags = [flag for group in FLAGS.values() for flag in group]
    conditions = [condition for flag in flags for condition in [*flag.defaults, *flag.only.split(' or ')]]
    assert {tag for condition in conditions for tag in condition.split()} <= possible


def test_every_default_is_in_the_range_of_its_flag():
    for flag in (flag for group in FLAGS.values() for flag in group):
        for value in flag.defaults.values():
            assert flag.read(str(value)) == value and type(flag.read(str(value))) is type(value)


def test_lines_for_dqn_on_atari_already_parse_to_the_original_values():
    entries = [entry for entry in json.loads(RECORDED.read_text()) if 'optimizer' in entry.get('args', ())]
    entries = [entry for entry in entries if entry['args']['env_category'] == 'atari']
    for entry in entries:
        ours = common.parse_args(entry['argv'])
        assert {name: ours[name] for name in entry['args']} == entry['args']
        assert set(ours) - set(entry['args']) == NEW_FLAGS - ({'reward_from'} if ours.alg != 'rrd' else set())
    assert len(entries) == 7


@pytest.mark.parametrize('env, category', [
    ('Assault', 'atari'), ('Pong', 'atari'), ('Ant-v2', 'mujoco'), ('Pendulum-v1', 'mujoco'),
    ('libero_90', 'recorded')])
def test_an_environment_is_atari_if_it_is_one_of_the_games_and_recorded_if_it_is_a_suite(env, category):
    assert common.parse_args([f'--env={env}']).env_category == category


def test_there_are_62_games():
    assert len(set(ATARI_GAMES)) == len(ATARI_GAMES) == 62


@pytest.mark.parametrize('argv, message', [
    (['--rrd_sample_size=1', '--rrd_bias_correction=True'],
     '--rrd_bias_correction=True needs --rrd_sample_size of 2 or more, got 1: one step has no variance'),
    (['--rrd_batch_size=63'], '--rrd_batch_size=63 must be at least --rrd_sample_size=64'),
    (['--test_timesteps=1000001'], '--test_timesteps=1000001 must be at most --buffer_size=1000000'),
    (['--alg=ircr', '--test_timesteps=300001'],
     '--test_timesteps=300001 must be at most --buffer_size=300000 with --alg=ircr: whole episodes must fit'),
    (['--alpha_init=0'], '--alpha_init=0.0 must be above 0'),
    (['--alpha_init=1e-50'], '--alpha_init=1e-50 must be above 0'),
    (['--basis_alg=dqn'], '--basis_alg=dqn needs discrete actions, and those of --env=Ant-v2 are continuous'),
    (['--alg=dqn', '--env=Hopper-v2'],
     '--alg=dqn needs discrete actions, and those of --env=Hopper-v2 are continuous'),
    (['--alg=dqn', '--env=CartPole-v1', '--dueling=True'],
     '--dueling=True is for the frames of Atari games, and --env=CartPole-v1 is not one'),
    (['--alg=sac', '--env=Pong'], '--alg=sac needs continuous actions, and --env=Pong is an Atari game'),
    (['--basis_alg=td3', '--env=Pong'], '--basis_alg=td3 needs continuous actions, and --env=Pong'),
    (['--pi_delay_freq=3'], '--pi_delay_freq=3 needs td3; this run is mujoco rrd sac'),
    (['--alg=sac', '--basis_alg=sac'],
     '--basis_alg=sac needs rrd mujoco or rrd atari or ircr or uniform or lrr or diaster; '
     'this run is mujoco sac'),
    (['--alg=ircr', '--env=Humanoid-v2', '--r_lr=1'],
     '--r_lr=1.0 needs rrd or lrr or diaster; this run is mujoco Humanoid ircr sac'),
    (['--alg=diaster', '--rrd_sample_size=8'],
     '--rrd_sample_size=8 needs rrd or lrr; this run is mujoco diaster sac'),
    (['--alg=lrr', '--rrd_batch_size=63'], '--rrd_batch_size=63 must be at least --rrd_sample_size=64'),
    (['--alg=lrr', '--rrd_bias_correction=True'],
     '--rrd_bias_correction=True needs rrd; this run is mujoco lrr sac'),
    (['--alg=diaster', '--test_timesteps=1000001'],
     '--test_timesteps=1000001 must be at most --buffer_size=1000000 with --alg=diaster: whole episodes'),
    (['--alg=diaster', '--env=Pong'],
     '--alg=diaster learns from vectors, and --env=Pong is an Atari game; take --alg=rrd, ircr or lrr'),
    (['--optimizer=adam'], '--optimizer=adam needs dqn; this run is mujoco rrd sac'),
    (['--env=Pong', '--rews_scale=2'], '--rews_scale=2.0 needs atari normal; this run is atari rrd dqn adam'),
    (['--basis=td3'], 'unknown flag --basis=td3; did you mean --basis_alg?'),
])
def test_flags_that_cannot_go_together_are_refused(argv, message):
    assert refusal(*argv).startswith(message)


COUNTS = ('epochs', 'cycles', 'iterations', 'timesteps', 'train_batches', 'test_rollouts', 'test_timesteps',
          'buffer_size', 'batch_size', 'train_target', 'rrd_batch_size', 'rrd_sample_size', 'save_every',
          'keep_checkpoints')


@pytest.mark.parametrize('name', COUNTS)
def test_a_count_is_at_least_one(name):
    assert refusal(f'--{name}=0').startswith(f'--{name}=0: expected an integer from 1')


def test_the_policy_delay_is_at_least_one():
    assert refusal('--basis_alg=td3', '--pi_delay_freq=0').startswith('--pi_delay_freq=0: expected')


@pytest.mark.parametrize('name', ['gamma', 'q_lr', 'polyak', 'pi_lr', 'r_lr', 'alpha_lr', 'alpha_init'])
@pytest.mark.parametrize('text', ['nan', 'inf', '-inf', '-0.1', '1e39'])
def test_a_number_is_finite_and_not_negative(name, text):
    assert refusal(f'--{name}={text}').startswith(f'--{name}={text}: expected a number from 0 to')


@pytest.mark.parametrize('values', [
    {'warmup': 0}, {'warmup': 10, 'batch_size': 64}, {'warmup': 1_000_001}, {'test_timesteps': 1_000_000},
    {'alg': 'sac', 'test_timesteps': 1_000_001}, {'rrd_batch_size': 100},
    {'rrd_sample_size': 256}, {'rrd_sample_size': 1}, {'gamma': 1.0, 'polyak': 0.0, 'r_lr': 0.0},
    {'basis_alg': 'td3', 'std_act': 0.0, 'pi_t_std': 0.0, 'pi_t_clip': 0.0}, {'alg': 'ddpg', 'q_reg': 0.0}])
def test_extreme_values_that_make_sense_are_accepted(values):
    args = common.get_args([f'--{name}={value}' for name, value in values.items()])
    assert {name: args[name] for name in values} == values


def python(program):
    return subprocess.run([sys.executable, '-c', program], cwd=Path(common.__file__).parent, text=True,
                          capture_output=True, timeout=60)


@pytest.mark.parametrize('argv', [[], ['--epochs=0'], ['--help'], ['--env=libero_spatial']])
def test_no_command_line_needs_tensorflow_gymnasium_or_hdf5(argv):
    done = python(f"""
import sys, common
try:
    common.get_args({argv})
except (SystemExit, Exception) as end:
    print(type(end).__name__)
print(sorted({{'tensorflow', 'gymnasium', 'mujoco', 'h5py'}} & set(sys.modules)))
""")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == '[]'


def test_help_names_every_flag_within_the_width_of_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv('COLUMNS', '80')
    with pytest.raises(SystemExit):
        common.get_args(['--help'])
    text = capsys.readouterr().out.split('examples:')[0]
    flags = [flag.name for group in FLAGS.values() for flag in group]
    assert [name for name in flags if f'  --{name} ' not in text] == []
    assert max(map(len, text.splitlines())) <= 80
