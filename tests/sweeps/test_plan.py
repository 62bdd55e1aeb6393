"""The runs of a command line, and which of them already exist."""
import json

import pytest

from sweeps.plan import plan
from utils.errors import UserError
from utils.runs.flags import parse_args
from utils.runs.record import write_args


def start(directory, *words):
    """Writes the record of a run into `directory`."""
    directory.mkdir(parents=True)
    write_args(directory, parse_args(words), {'id': 'Ant-v4'})


def names(out, **given):
    return [run.name for run in plan(given, out)]


def refusal(out, **given):
    with pytest.raises(UserError) as caught:
        plan(given, out)
    return str(caught.value)


def test_the_last_flag_changes_fastest(tmp_path):
    assert names(tmp_path, alg=['sac', 'td3'], seed=[1, 0]) == [
        'sac-Ant-v2-seed1', 'sac-Ant-v2-seed0', 'td3-Ant-v2-seed1', 'td3-Ant-v2-seed0']


def test_without_flags_there_is_the_run_of_the_defaults(tmp_path):
    run, = plan({}, tmp_path)
    assert (run.args, run.directory) == (parse_args([]), tmp_path / 'rrd-sac-Ant-v2-seed0')


def test_a_flag_that_an_algorithm_does_not_have_is_left_out_for_it(tmp_path):
    rrd, sac = plan({'alg': ['rrd', 'sac'], 'rrd_sample_size': [16]}, tmp_path)
    assert (rrd.words, sac.words) == (['--alg=rrd', '--rrd_sample_size=16'], ['--alg=sac'])


def test_runs_that_are_equal_without_the_flags_left_out_are_one(tmp_path):
    assert names(tmp_path, alg=['rrd', 'sac'], rrd_sample_size=[8, 16]) == [
        'rrd-sac-Ant-v2-rrd_sample_size8-seed0', 'rrd-sac-Ant-v2-rrd_sample_size16-seed0', 'sac-Ant-v2-seed0']


def test_a_value_given_twice_is_one_run(tmp_path):
    assert names(tmp_path, seed=[0, 0]) == ['rrd-sac-Ant-v2-seed0']


def test_several_values_of_a_flag_that_makes_no_other_run_are_refused(tmp_path):
    assert refusal(tmp_path, save_every=[1, 5]) == (
        '--save_every takes one value for all runs of a sweep: another value makes no other run')


def test_a_flag_that_no_run_has_is_refused(tmp_path):
    assert refusal(tmp_path, alg=['sac', 'td3'], rrd_sample_size=[8]) == (
        '--rrd_sample_size exists for none of these runs')


def test_a_bad_combination_is_named_and_nothing_is_written(tmp_path):
    message = refusal(tmp_path / 'out', alg=['sac', 'rrd'], rrd_batch_size=[128], rrd_sample_size=[16, 48])
    assert 'rrd_batch_size' in message
    assert message.endswith(' (of --alg=rrd --rrd_batch_size=128 --rrd_sample_size=48)')
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_directory_would_have_a_name_that_is_too_long_is_refused(tmp_path):
    message = refusal(tmp_path, env=[250 * 'x'], seed=[0])
    assert ', is too long; expected fewer flags with several values' in message


@pytest.mark.parametrize('parts', [['x' * 256], ['x' * 200] * 20])
def test_a_directory_of_a_sweep_with_a_name_that_is_too_long_is_refused(parts, tmp_path):
    assert refusal(tmp_path.joinpath(*parts)).endswith(': a name in it is too long')


@pytest.mark.parametrize('given, name', [
    ({'rrd_bias_correction': [True]}, 'rrd-l-sac-Ant-v2-seed0'),
    ({'env_type': ['normal'], 'alg': ['td3']}, 'td3-normal-Ant-v2-seed0'),
    ({'q_lr': [3e-4, 1e-5]}, 'rrd-sac-Ant-v2-q_lr0.0003-seed0'),
    ({'q_lr': [1e-5, 3e-4]}, 'rrd-sac-Ant-v2-q_lr1e-05-seed0'),
    ({'env': ['Ant-v2', 'Hopper-v2'], 'seed': [7, 8]}, 'rrd-sac-Ant-v2-seed7'),
])
def test_a_directory_is_named_by_what_differs_within_the_sweep(tmp_path, given, name):
    assert names(tmp_path, **given)[0] == name


def test_two_runs_whose_directories_would_have_one_name_are_refused(tmp_path):
    given = {'env': ['libero_spatial'], 'libero_path': ['a/b', 'a_b'], 'libero_failures': ['c']}
    assert ('--libero_path=a/b --libero_failures=c and --env=libero_spatial --libero_path=a_b '
            f'--libero_failures=c would both get the directory {tmp_path}/') in refusal(tmp_path, **given)


def test_a_run_in_the_directory_is_recognised_whatever_its_name(tmp_path):
    start(tmp_path / 'of-old', '--seed=1', '--tag=old')
    assert names(tmp_path, seed=[0, 1]) == ['rrd-sac-Ant-v2-seed0', 'of-old']


def test_a_run_is_recognised_with_other_threads_and_checkpoints(tmp_path):
    start(tmp_path / 'of-old', '--intra_op_threads=3', '--save_every=5', '--keep_checkpoints=4')
    assert names(tmp_path, intra_op_threads=[1], save_every=[2]) == ['of-old']


def test_a_longer_run_resumes_in_its_directory(tmp_path):
    start(tmp_path / 'rrd-sac-Ant-v2-seed0', '--epochs=2')
    run, = plan({'epochs': [5]}, tmp_path)
    assert (run.name, run.num_cycles) == ('rrd-sac-Ant-v2-seed0', 500)


def test_a_longer_run_resumes_in_its_directory_under_any_name(tmp_path):
    start(tmp_path / 'of-old', '--epochs=2')
    assert names(tmp_path, epochs=[5]) == ['of-old']


def test_runs_of_two_lengths_have_a_directory_each(tmp_path):
    start(tmp_path / 'of-old', '--epochs=2')
    assert names(tmp_path, epochs=[2, 5]) == ['of-old', 'rrd-sac-Ant-v2-epochs5-seed0']


def test_a_directory_with_another_run_is_refused_with_flag_and_both_values(tmp_path):
    start(tmp_path / 'rrd-sac-Ant-v2-seed0', '--gamma=0.9')
    assert refusal(tmp_path, gamma=[0.5]) == (
        f'--gamma=0.5: the run in {tmp_path}/rrd-sac-Ant-v2-seed0 has --gamma=0.9; choose another --out')


def test_a_directory_that_is_no_run_is_refused(tmp_path):
    (tmp_path / 'rrd-sac-Ant-v2-seed0').mkdir()
    (tmp_path / 'rrd-sac-Ant-v2-seed0' / 'notes.txt').touch()
    assert refusal(tmp_path) == (
        f'{tmp_path}/rrd-sac-Ant-v2-seed0 exists and is not a run; choose another --out')


@pytest.mark.parametrize('files', [[], ['checkpoints/lock'], ['checkpoints/lock', 'args.json.partial']])
def test_a_directory_of_a_run_that_was_killed_before_its_record_is_taken(tmp_path, files):
    (tmp_path / 'rrd-sac-Ant-v2-seed0' / 'checkpoints').mkdir(parents=True)
    for name in files:
        (tmp_path / 'rrd-sac-Ant-v2-seed0' / name).touch()
    assert names(tmp_path) == ['rrd-sac-Ant-v2-seed0']


def test_a_damaged_record_is_refused(tmp_path):
    start(tmp_path / 'of-old')
    (tmp_path / 'of-old' / 'args.json').write_text(json.dumps({'flags': {}}))
    assert f'{tmp_path}/of-old/args.json' in refusal(tmp_path)


def test_a_file_in_place_of_the_directory_is_refused(tmp_path):
    (tmp_path / 'out').touch()
    assert refusal(tmp_path / 'out') == f'--out={tmp_path}/out is not a writable directory'
