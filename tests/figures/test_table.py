"""The table of final returns."""
import csv
import math

import numpy as np
import pandas as pd
import pytest

from figures.runs import STEPS, read_runs
from figures.table import COLUMNS, as_markdown, make_table, save_table
from tests.figures.made_runs import make_run
from utils.errors import UserError

RRD, DENSE = 'RRD + SAC', 'SAC, dense rewards'


@pytest.fixture
def runs(tmp_path):
    """Hopper: RRD 100, 300, 500 and dense SAC 1000; Ant: RRD 20, 40 and dense SAC 40."""
    rrd, dense = ['--alg=rrd'], ['--alg=sac', '--env_type=normal']
    for env, algorithm, finals in (('Hopper-v2', rrd, [100, 300, 500]), ('Ant-v2', rrd, [20, 40]),
                                   ('Hopper-v2', dense, [1000]), ('Ant-v2', dense, [40])):
        for seed, value in enumerate(finals):
            make_run(tmp_path / f'{env}{len(algorithm)}{seed}', *algorithm, f'--env={env}', f'--seed={seed}',
                     returns=[0.0, float(value)])
    return read_runs([tmp_path])


def row(table, env, label):
    return table[(table.environment == env) & (table.algorithm == label)].iloc[0]


def test_a_row_has_mean_deviation_middle_seeds_and_steps_of_its_final_returns(runs):
    table = make_table(runs, share=0.1)
    assert [(env, name) for env, name in zip(table.environment, table.algorithm, strict=True)] == [
        ('Ant-v2', RRD), ('Ant-v2', DENSE), ('Hopper-v2', RRD), ('Hopper-v2', DENSE)]
    hopper = row(table, 'Hopper-v2', RRD)
    assert (hopper['mean'], hopper['std'], hopper['iqm'], hopper['seeds']) == (300, 200, 300, 3)
    assert 100 <= hopper['iqm_low'] < 300 < hopper['iqm_high'] <= 500
    assert (hopper['first_end'], hopper['last_end']) == (20_000, 20_000)


def test_the_share_at_the_end_is_averaged(runs):
    assert row(make_table(runs, share=1.0), 'Hopper-v2', DENSE)['mean'] == 500


def test_a_single_seed_has_neither_deviation_nor_interval(runs):
    dense = row(make_table(runs, 0.1), 'Hopper-v2', DENSE)
    assert all(math.isnan(dense[name]) for name in ('std', 'iqm_low', 'iqm_high'))


def test_rows_over_all_environments_are_in_units_of_the_reference(runs):
    both = row(make_table(runs, 0.1, reference=DENSE), f'all, in units of {DENSE}', RRD)
    shares = np.array([20 / 40, 40 / 40, 100 / 1000, 300 / 1000, 500 / 1000])
    np.testing.assert_allclose([both['mean'], both['std']], [shares.mean(), shares.std(ddof=1)])
    np.testing.assert_allclose(both['iqm'], np.sort(shares)[1:-1].mean())
    assert both['iqm_low'] < both['iqm'] < both['iqm_high'] and both['seeds'] == 2


def test_a_reference_that_is_not_there_is_refused(runs):
    refusal = '^--reference=TD3: no such run in Ant-v2; there are RRD .* SAC, dense'
    with pytest.raises(UserError, match=refusal):
        make_table(runs, 0.1, reference='TD3')


def test_a_reference_whose_mean_is_0_is_refused(tmp_path):
    make_run(tmp_path / 'a', '--env=Ant-v2', returns=[0])
    refusal = r'^--reference=RRD \+ SAC: its mean in Ant-v2 is 0.0; expected one above 0'
    with pytest.raises(UserError, match=refusal):
        make_table(read_runs([tmp_path]), 0.1, reference=RRD)


def test_markdown_marks_fewer_seeds_and_ends_that_differ():
    rows = [('Ant-v2', 'RRD', 1234.56, 10.2, 1230.1, 1200.0, 1250.4, 3, 20_000, 20_000, STEPS),
            ('Ant-v2', 'SAC', 512.3, math.nan, 512.3, math.nan, math.nan, 1, 10_000, 20_000, STEPS)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    assert as_markdown(table).splitlines() == [
        '| environment | algorithm | final return | IQM [95 % interval] | seeds | environment steps |',
        '| --- | --- | --- | --- | --- | --- |',
        '| Ant-v2 | RRD | 1,235 ± 10 | 1,230 [1,200, 1,250] | 3 | 20,000 |',
        '| Ant-v2 | SAC | 512 | 512 [-] | **1 of 3** | **10,000 to 20,000** |']


@pytest.mark.parametrize('numbers, text', [
    ((1.5e-6, 2e-7), '1.5e-06 ± 2e-07'), ((0.0123456, 0.001), '0.0123 ± 0.001'), ((0.01, 300.4), '0 ± 300'),
    ((-12.345, 1.0), '-12.35 ± 1.00'), ((-150_000.4, 20_000.0), '-150,000 ± 20,000'), ((0.0, 0.0), '0 ± 0')])
def test_numbers_of_a_row_have_digits_by_their_size(numbers, text):
    row = ('Ant-v2', 'RRD', *numbers, *[numbers[0]] * 3, 3, 1, 1, STEPS)
    assert as_markdown(pd.DataFrame([row], columns=COLUMNS)).splitlines()[2].split(' | ')[2] == text


def test_numbers_of_an_environment_have_digits_alike():
    rows = [(env, name, mean, math.nan, mean, math.nan, math.nan, 1, 1, 1, STEPS) for env, name, mean in (
        ('Hopper-v2', 'RRD', 1000.25), ('Hopper-v2', 'SAC', 8.25), ('Swimmer-v2', 'SAC', 8.25))]
    lines = as_markdown(pd.DataFrame(rows, columns=COLUMNS)).splitlines()[2:]
    assert [line.split(' | ')[2] for line in lines] == ['1,000', '8', '8.25']


def test_the_files_are_the_table(runs, tmp_path):
    table = make_table(runs, 0.1)
    save_table(table, tmp_path / 'out')
    assert (tmp_path / 'out.md').read_text() == as_markdown(table)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / 'out.csv'), table)


def test_a_table_that_cannot_be_written_is_reported(runs, tmp_path):
    with pytest.raises(UserError, match=f'^cannot write {tmp_path}/no/x.md: No such file or directory'):
        save_table(make_table(runs, 0.1), tmp_path / 'no' / 'x')


@pytest.mark.parametrize('label', ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', ' =1', '\x1b=1', '\r=1'])
def test_a_label_is_no_formula_of_a_spreadsheet(label, tmp_path):
    row = (label, label, -12.5, *[1.0] * 4, 3, 1, 1, STEPS)
    save_table(pd.DataFrame([row], columns=COLUMNS), tmp_path / 'out')
    with open(tmp_path / 'out.csv', encoding='utf-8', newline='') as file:
        cells = list(csv.reader(file))[1]
    assert cells[:3] == [f"'{label.strip(' ' + chr(27) + chr(13))}"] * 2 + ['-12.5']
