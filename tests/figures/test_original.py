"""Records of the authors' code."""
import numpy as np
import pytest

from figures.runs import read_runs
from tests.figures.made_runs import make_run
from utils.errors import UserError


def record(path, info):
    path.parent.mkdir(parents=True)
    np.savez(path, info=info)
    return path


@pytest.mark.parametrize('folder, label', [
    ('log/rews/RRD Ant-v2/rrd-Ant-v2-(2022-01-01-10:00:00)', "RRD, authors' code"),
    ('log/rews/RRD-L(RD) Ant-v2/rrd-Ant-v2-(x)', "RRD-L(RD), authors' code"),
    ('log/rews/ircr-Ant-v2-(x)', "IRCR, authors' code"),
    ('elsewhere', "authors' code")])
def test_the_path_of_a_record_gives_its_algorithm(folder, label, tmp_path):
    path = record(tmp_path / folder / 'Ant-v2.npz', [[10_000, 1.5], [20_000, -2.0]])
    run, = read_runs([path])
    assert (run.env, run.label, run.kind) == ('Ant-v2', label, 'original')
    assert run.rows['test/return_mean'].to_dict() == {10_000: 1.5, 20_000: -2.0}


def test_a_record_at_the_path_that_the_authors_code_gives_it_is_read(tmp_path):
    """Path and numbers are those of a recording of that code."""
    info = np.array([[10_000, 441.2275], [20_000, -330.8702], [30_000, 2430.7712], [40_000, -252.0921]])
    path = tmp_path / 'log/rews/RRD Ant-v2/rrd-Ant-v2-(2021-12-01-10:20:30)/Ant-v2.npz'
    run, = read_runs([record(path, info)])
    assert (run.env, run.label) == ('Ant-v2', "RRD, authors' code")
    np.testing.assert_array_equal(run.rows.index, info[:, 0])
    np.testing.assert_array_equal(run.rows['test/return_mean'], info[:, 1])


def test_records_are_seeds_of_each_other_and_stand_beside_runs(tmp_path):
    paths = [record(tmp_path / f'rews/rrd-Ant-v2-({i})' / 'Ant-v2.npz', [[1, i]]) for i in range(2)]
    make_run(tmp_path / 'a', '--env=Ant-v2', returns=[1])
    runs = read_runs([*paths, tmp_path / 'a'])
    assert [run.label for run in runs] == ["RRD, authors' code"] * 2 + ['RRD + SAC']
    assert [run.seed for run in read_runs([tmp_path / 'rews'])] == [str(path) for path in paths]


def test_a_directory_may_hold_both_and_other_npz_files(tmp_path):
    path = record(tmp_path / 'rews/rrd-Ant-v2-(0)' / 'Ant-v2.npz', [[1, 2]])
    make_run(tmp_path / 'a', '--env=Ant-v2', returns=[1])
    np.savez(tmp_path / 'a' / 'rews.npz', steps=[1])
    np.savez(tmp_path / 'other.npz', x=[1])
    assert [run.path for run in read_runs([tmp_path])] == [tmp_path / 'a', path]


def refusal(path, **options):
    with pytest.raises(UserError) as caught:
        read_runs([path], **options)
    return str(caught.value)


@pytest.mark.parametrize('info, text', [
    (np.zeros(4), ': info is float64 [4]; expected [N, 2] finite numbers, steps and returns'),
    (np.array([[1, np.nan]]), ': info is float64 [1, 2]; expected [N, 2] finite numbers, steps and returns'),
    *((np.array(rows), ': the steps in info are not whole numbers that grow from row to row')
      for rows in ([[2, 0], [1, 0]], [[1.5, 0], [2.5, 0]], [[1, 0], [1e30, 0]]))])
def test_other_numbers_are_refused(info, text, tmp_path):
    path = record(tmp_path / 'x' / 'Ant-v2.npz', info)
    assert refusal(path) == f'{path}{text}'


def test_a_pickle_is_not_opened(tmp_path):
    path = record(tmp_path / 'x' / 'Ant-v2.npz', np.array([{}], dtype=object))
    assert refusal(path).startswith(f'cannot read {path}: Object arrays cannot be loaded')


@pytest.mark.parametrize('info', [[[1, 2j]], [['1', '2']], np.zeros((1, 2), 'M8[D]')])
def test_other_types_are_not_converted_to_numbers(info, tmp_path):
    path = record(tmp_path / 'x' / 'Ant-v2.npz', info)
    assert refusal(path).startswith(f'cannot read {path}: ')


def test_damage_within_compressed_numbers_is_reported(tmp_path):
    path = tmp_path / 'Ant-v2.npz'
    np.savez_compressed(path, info=np.random.default_rng(0).normal(size=(999, 2)))
    content = bytearray(path.read_bytes())
    content[200:300] = bytes(100)
    path.write_bytes(content)
    assert refusal(path).startswith(f'cannot read {path}: ')


def test_another_npz_and_a_damaged_one_are_refused(tmp_path):
    np.savez(tmp_path / 'rews.npz', steps=[1], returns=[1])
    assert 'has no array info' in refusal(tmp_path / 'rews.npz')
    (tmp_path / 'bad.npz').write_bytes(b'PK no')
    assert refusal(tmp_path / 'bad.npz').startswith(f'cannot read {tmp_path / "bad.npz"}: ')


def test_an_empty_record_has_no_row_yet(tmp_path):
    path = record(tmp_path / 'x' / 'Ant-v2.npz', np.zeros(0))
    assert refusal(path) == f'{path}: no run has test/return_mean yet'


def test_other_columns_are_not_in_a_record(tmp_path):
    path = record(tmp_path / 'x' / 'Ant-v2.npz', [[1, 2]])
    assert refusal(path, column='reward/loss') == f'{path} has only test returns, and no reward/loss'
