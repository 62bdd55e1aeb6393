"""Colours, lines and files of figures."""
from pathlib import Path

import pytest

from figures.runs import STEPS, Run
from figures.style import figure_path, looks, new_figure, save
from utils.errors import UserError


def run(label, kind='rrd'):
    return Run(Path('x'), 'Ant-v2', label, kind, 0, {}, '', STEPS, None)


def test_kinds_of_algorithms_have_their_own_colours_and_one_order():
    found = looks([run('SAC, dense rewards', 'dense'), run('SAC', 'plain'), run('RRD')])
    assert {label: style['color'] for label, style in found.items()} == {
        'RRD': '#0072B2', 'SAC': '#CC79A7', 'SAC, dense rewards': '#000000'}
    assert list(found) == ['RRD', 'SAC', 'SAC, dense rewards']


def test_labels_of_a_kind_are_sorted_by_their_numbers_and_distinguishable():
    found = looks([run(f'RRD, K = {k}') for k in (128, 8, 16, 32, 64)])
    assert list(found) == [f'RRD, K = {k}' for k in (8, 16, 32, 64, 128)]
    assert len({(style['color'], style['linestyle']) for style in found.values()}) == 5
    assert next(iter(found.values()))['color'] == '#0072B2'
    assert ':' not in {style['linestyle'] for style in found.values()}      # which marks fewer seeds


@pytest.mark.parametrize('count', [2, 5, 12])
@pytest.mark.parametrize('kind', ['rrd', 'dense'])
def test_labels_of_a_kind_differ_in_lightness_and_the_first_has_the_colour_of_the_kind(count, kind):
    found = [style['color'] for style in looks([run(f'A, K = {k}', kind) for k in range(count)]).values()]
    reds = [int(colour[1:3], 16) for colour in found]
    assert reds == sorted(set(reds)) and found[0] == {'rrd': '#0072B2', 'dense': '#000000'}[kind]
    assert reds[-1] <= 170     # still visible on white


def test_more_labels_than_can_be_distinguished_are_refused():
    refusal = '^13 lines of one colour cannot be distinguished: RRD, K = 1; .*at most 12'
    with pytest.raises(UserError, match=refusal):
        looks([run(f'RRD, K = {k}') for k in range(1, 14)])


@pytest.mark.parametrize('suffix, start', [('png', b'\x89PNG'), ('pdf', b'%PDF'), ('svg', b'<?xml')])
def test_a_figure_is_the_same_file_each_time(suffix, start, tmp_path):
    for name in 'ab':
        figure = new_figure(2, 2)
        figure.subplots().plot([1, 2])
        save(figure, tmp_path / f'{name}.{suffix}')
    one, other = ((tmp_path / f'{name}.{suffix}').read_bytes() for name in 'ab')
    assert one == other and one.startswith(start)


def test_a_figure_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / 'x.png').mkdir()
    with pytest.raises(UserError, match=f'^cannot write {tmp_path}/x.png: '):
        save(new_figure(1, 1), tmp_path / 'x.png')


@pytest.mark.parametrize('name, text', [
    ('x.jpg', 'expected a name that ends in .png, .pdf, .svg'), ('x', 'expected a name that ends in'),
    ('no/x.png', 'no is not a directory')])
def test_a_name_that_is_no_figure_is_refused(name, text):
    with pytest.raises(UserError, match=f'^--out={name}: {text}'):
        figure_path(name)
