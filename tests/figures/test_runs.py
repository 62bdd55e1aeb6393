"""Reading run directories."""
import json
import os

import numpy as np
import pytest

from figures.runs import STEPS, UPDATES, read_csv, read_runs
from tests.figures.made_runs import make_run
from utils.errors import UserError


def refusal(*paths, **options):
    with pytest.raises(UserError) as caught:
        read_runs(paths, **options)
    return str(caught.value)


def test_a_run_has_its_flags_and_rows_by_environment_steps(tmp_path):
    make_run(tmp_path / 'a', '--alg=sac', '--env=Hopper-v2', '--seed=7', returns=[1.5, 2.5])
    run, = read_runs([tmp_path / 'a'])
    assert (run.env, run.label, run.kind, run.seed, run.unit) == ('Hopper-v2', 'SAC', 'plain', 7, STEPS)
    assert run.flags['gamma'] == 0.99
    assert run.rows['test/return_mean'].to_dict() == {10_000: 1.5, 20_000: 2.5}


def test_a_directory_of_runs_gives_each_of_them_once(tmp_path):
    for seed in range(3):
        make_run(tmp_path / 'deep' / f's{seed}', f'--seed={seed}', returns=[1])
    assert [run.seed for run in read_runs([tmp_path, tmp_path / 'deep' / 's1'])] == [0, 1, 2]


def test_links_to_runs_are_followed_and_a_run_of_several_names_is_read_once(tmp_path):
    make_run(tmp_path / 'runs' / 'a', returns=[1])
    (tmp_path / 'links').mkdir()
    (tmp_path / 'links' / 'b').symlink_to(tmp_path / 'runs' / 'a')
    (tmp_path / 'links' / 'back').symlink_to(tmp_path / 'links')
    assert len(read_runs([tmp_path / 'links'])) == 1
    assert len(read_runs([tmp_path / 'links', tmp_path, tmp_path / 'runs' / '..' / 'runs' / 'a'])) == 1


@pytest.mark.parametrize('line_end', ['\n', '\r\n'])
@pytest.mark.parametrize('start', ['', '\ufeff'])
def test_a_file_saved_by_a_spreadsheet_is_read(start, line_end, tmp_path):
    path = make_run(tmp_path / 'a', returns=[1, 2]) / 'progress.csv'
    path.write_bytes((start + path.read_text().replace('\n', line_end)).encode())
    assert read_runs([tmp_path])[0].rows['test/return_mean'].to_dict() == {10_000: 1, 20_000: 2}


def test_a_line_that_is_being_written_is_left_out(tmp_path):
    make_run(tmp_path / 'a', returns=[1, 2])
    with open(tmp_path / 'a' / 'progress.csv', 'a') as file:
        file.write('30000,3')
    assert len(read_runs([tmp_path / 'a'])[0].rows) == 2


def test_a_run_without_a_row_yet_is_reported_and_skipped(tmp_path):
    make_run(tmp_path / 'a', returns=[1])
    make_run(tmp_path / 'b', '--seed=1')
    reported = []
    assert len(read_runs([tmp_path], report=reported.append)) == 1
    assert reported == [f'{tmp_path / "b"} has no test/return_mean yet and is skipped']


def test_runs_without_any_row_are_refused(tmp_path):
    make_run(tmp_path / 'a')
    assert refusal(tmp_path) == f'{tmp_path}: no run has test/return_mean yet'


@pytest.mark.parametrize('prepare, text', [
    (lambda path: None, 'does not exist; expected the directory of a run, or of several'),
    (lambda path: path.mkdir(), 'holds no run: expected args.json and progress.csv')])
def test_a_directory_without_a_run_is_refused(prepare, text, tmp_path):
    prepare(tmp_path / 'x')
    assert refusal(tmp_path / 'x') == f'{tmp_path / "x"} {text}'


@pytest.mark.parametrize('content, text', [
    (b'', 'is empty; expected a header and a row for each cycle'),
    (b'timesteps,test/return_mean\n1,x\n', 'is no table of numbers: '),
    (b'timesteps,test/return_mean\n1,2,3\n1,2,3,4\n', 'is no table of numbers: '),
    (b'\xff\xfe\n', 'is no table of numbers: '),
    (b'cycle,test/return_mean\n1,2\n', 'has neither a column timesteps nor updates'),
    (b'timesteps,test/q_mean\n1,2\n', 'has no column test/return_mean to draw; it has test/q_mean'),
    *((f'timesteps,test/return_mean\n{one},2\n{two},2\n'.encode(),
       'timesteps are not whole numbers that grow from row to row')
      for one, two in ((2, 1), (1, 1), ('', 1), (1, 'inf'), (1, 1e30), (1.2, 1.7), (-1, 1))),
    (b'timesteps,test/return_mean\n1,inf\n', 'test/return_mean is not finite')])
def test_a_table_that_cannot_be_drawn_is_refused_by_name(content, text, tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'progress.csv'
    path.write_bytes(content)
    message = refusal(tmp_path / 'a')
    assert message.startswith(f'{path}') and text in message and '\n' not in message


@pytest.mark.parametrize('name, value, wanted', [
    ('env', 5, 'a text'), ('alg', None, 'a text'), ('basis_alg', 5, 'a text'),
    ('seed', [1], 'a text or a number'), ('r_lr', {}, 'a text or a number')])
def test_a_flag_of_an_unknown_type_is_refused(name, value, wanted, tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'args.json'
    record = json.loads(path.read_text())
    record['flags'][name] = value
    path.write_text(json.dumps(record))
    assert refusal(tmp_path / 'a') == f'{path}: {name} is {value}; expected {wanted}'


def test_the_column_of_steps_is_no_curve(tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'progress.csv'
    assert refusal(tmp_path, column='timesteps') == (
        f'{path} has no column timesteps to draw; it has test/return_mean')


def test_an_unreadable_path_is_refused(tmp_path):
    assert refusal(tmp_path / ('x' * 300)).endswith('xxx: File name too long')


def test_a_missing_table_is_refused(tmp_path):
    make_run(tmp_path / 'a', returns=[1])
    (tmp_path / 'a' / 'progress.csv').unlink()
    path = tmp_path / 'a' / 'progress.csv'
    assert refusal(tmp_path / 'a') == f'cannot read {path}: No such file or directory'


def test_a_column_of_blanks_is_one_of_numbers(tmp_path):
    (tmp_path / 'x.csv').write_text('a,b\n1,\n2,\n')
    assert read_csv(tmp_path / 'x.csv')['b'].dtype == np.float64


def test_a_column_without_a_number_yet_is_refused(tmp_path):
    make_run(tmp_path / 'a', returns=[1, 2], reward__loss=['', ''])
    assert refusal(tmp_path / 'a', column='reward/loss') == f'{tmp_path / "a"}: no run has reward/loss yet'


def test_the_same_run_twice_is_refused(tmp_path):
    for name in 'ab':
        make_run(tmp_path / name, '--alg=sac', returns=[1])
    assert refusal(tmp_path) == (f'{tmp_path / "a"} and {tmp_path / "b"} have the same algorithm, '
                                 'environment and seed; leave one of them out')


def test_runs_that_count_other_things_are_refused(tmp_path):
    make_run(tmp_path / 'a', returns=[1], test__loss=[1])
    make_run(tmp_path / 'b', '--env=libero_goal', returns=[1], test__loss=[1])
    table = tmp_path / 'b' / 'progress.csv'
    table.write_text(table.read_text().replace('timesteps', 'updates'))
    assert read_runs([tmp_path / 'b'])[0].unit == UPDATES
    assert refusal(tmp_path, column='test/loss') == (
        f'mixed units: {tmp_path / "a"} counts environment steps, {tmp_path / "b"} counts updates')


@pytest.mark.parametrize('name, words, facts, values', [
    ('test_timesteps', ['--test_timesteps=500'], None, ('1000', '500')),
    ('simulator', [], {'id': 'Ant-v5'}, ('Ant-v2', 'Ant-v5'))])
def test_returns_of_other_tasks_are_refused(name, words, facts, values, tmp_path):
    make_run(tmp_path / 'a', '--env=Ant-v2', returns=[1])
    make_run(tmp_path / 'b', '--env=Ant-v2', '--seed=1', *words, returns=[1], facts=facts)
    assert refusal(tmp_path) == (f'mixed units: the returns of Ant-v2 have {name} {values[0]} in '
                                 f'{tmp_path / "a"}, and {values[1]} in {tmp_path / "b"}')


def test_another_environment_may_have_other_lengths(tmp_path):
    make_run(tmp_path / 'a', '--env=Ant-v2', returns=[1])
    make_run(tmp_path / 'b', '--env=Hopper-v2', '--test_timesteps=500', returns=[1])
    assert len(read_runs([tmp_path])) == 2


def test_control_characters_of_a_record_are_not_shown(tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'args.json'
    record = json.loads(path.read_text())
    record['flags'] |= {'alg': 'x\x1b[31m\n\ud800y', 'env': 'A\u202ent'}
    path.write_text(json.dumps(record))
    run, = read_runs([tmp_path])
    assert (run.env, run.label.startswith('X[31M Y')) == ('Ant', True)


def test_a_table_that_is_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'progress.csv'
    path.unlink()
    os.mkfifo(path)
    assert refusal(tmp_path / 'a') == f'cannot read {path}: it is a pipe, not a regular file'


def test_a_table_of_a_million_columns_is_refused(tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'progress.csv'
    path.write_text('x' + ',x' * 10 ** 6 + '\n')
    assert refusal(tmp_path / 'a').startswith(f'{path} is no table of numbers: it has 1000001 columns')


def test_a_loop_of_links_among_the_records_is_refused(tmp_path):
    (tmp_path / 'Ant-v2.npz').symlink_to('Ant-v2.npz')
    assert refusal(tmp_path) == f'cannot read {tmp_path}/Ant-v2.npz: Too many levels of symbolic links'
