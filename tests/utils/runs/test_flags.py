"""The flags of a resumed run: the recorded ones, except for the few that may change."""
import json
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.runs.directory import run_directory
from utils.runs.flags import get_args, may_change, parse_args, recorded_args
from utils.runs.record import write_args

GIVEN = ['--alg=rrd', '--basis_alg=td3', '--env=Hopper-v2', '--seed=3', '--q_lr=0.1', '--rrd_batch_size=128',
         '--tag=a b', '--save_rews=False', '--obs_normalization=True']
CHANGED = {'epochs': 7, 'cycles': 8, 'save_every': 9, 'keep_checkpoints': 4, 'inter_op_threads': 5,
           'intra_op_threads': 6}


def start(directory, *words):
    """Writes the record of a run with `GIVEN` and further flags into `directory`; returns its flags."""
    args = parse_args([*GIVEN, *words])
    directory.mkdir(parents=True)
    write_args(directory, args, {'id': 'Hopper-v4'})
    return args


def resume(directory, *words):
    return get_args(['--resume=True', f'--run_dir={directory}', *words])


def edit(directory, **flags):
    """Changes flags in the record by hand; None removes one."""
    path = directory / 'args.json'
    record = json.loads(path.read_text())
    record['flags'] = {name: value for name, value in (record['flags'] | flags).items() if value is not None}
    path.write_text(json.dumps(record))


def kept(args):
    """{name: value} of all flags except those of the location of the run."""
    return {name: value for name, value in args.items() if name not in ('resume', 'run_dir')}


def test_the_recorded_flags_are_used(tmp_path):
    args = start(tmp_path / 'run')
    assert kept(resume(tmp_path / 'run')) == kept(args)


@pytest.mark.parametrize('words', [
    [], ['--alg=sac'], ['--alg=ircr', '--env=Humanoid-v2'], ['--alg=ddpg', '--q_reg=1e-9'],
    ['--gamma=0.30000000000000004', '--q_lr=1e-38'], ['--tag=Ünit "quoted"\n--seed=5'],
    ['--env_type=normal', '--buffer_size=1_000_000'],
    ['--env=libero_10', '--libero_path=a b', '--libero_obs=wrist,feature:obs/x', '--val_fraction=0.3']])
def test_flags_of_every_kind_of_run_are_read_back_as_they_were(tmp_path, words):
    args = parse_args(['--seed=3', '--tag=a b', *words])
    write_args(tmp_path, args, {})
    assert dict(recorded_args(tmp_path)) == dict(args)


def test_only_flags_that_no_number_depends_on_may_change():
    # the data themselves are compared
    data_paths = {'libero_path', 'libero_failures', 'libero_mixed', 'data_path', 'outcomes', 'cache_dir'}
    assert set(may_change()) == {*CHANGED, *data_paths}


@pytest.mark.parametrize('name', CHANGED)
def test_a_flag_that_may_change_takes_its_new_value(tmp_path, name):
    args = start(tmp_path / 'run')
    assert kept(resume(tmp_path / 'run', f'--{name}={CHANGED[name]}')) == kept(args) | {name: CHANGED[name]}


@pytest.mark.parametrize('word', ['--seed=4', '--q_lr=0.2', '--env=Ant-v2', '--alg=ircr', '--basis_alg=sac',
                                  '--tag=b', '--save_rews=True', '--iterations=99', '--save_buffer=False',
                                  '--env_type=normal', '--reward_from=x', '--rrd_batch_size=64'])
def test_any_other_flag_is_refused_with_both_values(tmp_path, word):
    args = start(tmp_path / 'run')
    name = word[2:].split('=')[0]
    text = (f'^{word}: the run in {tmp_path}/run has --{name}={args[name]}; only epochs, cycles, save_every, '
            'keep_checkpoints, inter_op_threads, intra_op_threads may change$')
    with pytest.raises(UserError, match=text):
        resume(tmp_path / 'run', word)


def test_flags_given_as_they_are_recorded_are_accepted(tmp_path):
    args = start(tmp_path / 'run')
    words = [f'--{name}={value}' for name, value in kept(args).items() if name != 'env_category']
    assert kept(resume(tmp_path / 'run', *words)) == kept(args)


def test_a_number_written_otherwise_is_no_change(tmp_path):
    start(tmp_path / 'run')
    assert resume(tmp_path / 'run', '--q_lr=1e-1', '--seed=+3', '--save_rews=no').q_lr == 0.1


def test_a_moved_directory_is_used_at_its_new_place(tmp_path):
    args = start(tmp_path / 'run', f'--run_dir={tmp_path}/run')
    (tmp_path / 'run').rename(tmp_path / 'moved')
    resumed = resume(tmp_path / 'moved')
    assert kept(resumed) == kept(args)
    assert (run_directory(resumed), resumed.resume) == (tmp_path / 'moved', True)


def test_a_run_is_found_by_its_flags(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args = start(Path('log/a_b-Hopper-v2-seed3'))
    resumed = get_args([*GIVEN, '--resume=True', '--epochs=9'])
    assert kept(resumed) == kept(args) | {'epochs': 9}
    assert run_directory(resumed) == Path('log/a_b-Hopper-v2-seed3')


def test_a_run_found_by_its_flags_keeps_those_that_are_not_in_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start(Path('log/a_b-Hopper-v2-seed3'))
    assert get_args(['--env=Hopper-v2', '--tag=a b', '--seed=3', '--resume=True']).q_lr == 0.1
    with pytest.raises(UserError, match='^--q_lr=0.5: the run in log/a_b-Hopper-v2-seed3 has --q_lr=0.1;'):
        get_args(['--env=Hopper-v2', '--tag=a b', '--seed=3', '--resume=True', '--q_lr=0.5'])


def test_a_run_found_by_its_flags_is_not_searched_at_its_recorded_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start(Path('log/a_b-Hopper-v2-seed3'), '--run_dir=/before/it/was/moved')
    assert run_directory(get_args([*GIVEN, '--resume=True'])) == Path('log/a_b-Hopper-v2-seed3')


def test_a_run_at_home_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    start(tmp_path / 'run')
    assert run_directory(resume('~/run')) == tmp_path / 'run'


@pytest.mark.parametrize('make, text', [
    (lambda path: None, 'is no run (it has no args.json)'),
    (Path.mkdir, 'is no run (it has no args.json)'),
    (Path.touch, 'is no run (it has no args.json)'),
    (lambda path: (path.mkdir(), (path / 'args.json').write_text('{}')), '/args.json is not the record of')])
def test_a_directory_without_a_run_is_refused(tmp_path, make, text):
    make(tmp_path / 'run')
    with pytest.raises(UserError) as caught:
        resume(tmp_path / 'run')
    assert str(caught.value).startswith(f'--resume=True: {tmp_path}/run') and text in str(caught.value)


def test_a_recorded_flag_of_another_version_is_refused_by_name(tmp_path):
    start(tmp_path / 'run')
    edit(tmp_path / 'run', colour='red')
    with pytest.raises(UserError, match='^--resume=True: .*/args.json has the flag colour, '
                                        'which this version does not have$'):
        resume(tmp_path / 'run')


def test_a_recorded_value_that_is_out_of_range_is_refused(tmp_path):
    start(tmp_path / 'run')
    edit(tmp_path / 'run', gamma=2.0)
    with pytest.raises(UserError, match='^--resume=True: .*/args.json: --gamma=2.0: expected a number'):
        resume(tmp_path / 'run')


def test_a_flag_that_an_older_version_did_not_record_has_its_default(tmp_path):
    start(tmp_path / 'run')
    edit(tmp_path / 'run', save_buffer=None)
    assert resume(tmp_path / 'run').save_buffer is True


def test_a_flag_that_the_run_does_not_have_is_refused(tmp_path):
    start(tmp_path / 'run')
    with pytest.raises(UserError, match='^--alpha_init=0.5 needs sac; this run is mujoco rrd td3$'):
        resume(tmp_path / 'run', '--alpha_init=0.5')


def test_a_record_of_the_older_category_libero_is_read_as_recorded(tmp_path):
    args = parse_args(['--env=libero_goal', '--seed=3'])
    write_args(tmp_path, args, {})
    edit(tmp_path, env_category='libero')
    assert dict(recorded_args(tmp_path)) == {**args, 'env_category': 'recorded'}


def test_without_resume_no_record_is_read(tmp_path):
    start(tmp_path / 'run')
    args = get_args([f'--run_dir={tmp_path}/run', '--resume=False', '--seed=4'])
    assert (args.seed, args.alg, args.q_lr) == (4, 'rrd', 3e-4)
