"""Tables as plain text, character by character."""
import pytest

from utils.logs.tables import text_table

HEADER = ['task', 'return\nRMSE', 'mode']
ROWS = [['open the drawer', '0.5', 'miss'], ['lift', '12.25', '']]


def test_texts_are_aligned_to_the_left_and_numbers_to_the_right():
    assert text_table(HEADER, ROWS, left=(0, 2)) == '\n'.join([
        '                   return',
        ' task                RMSE   mode',
        '----------------- -------- ------',
        ' open the drawer      0.5   miss',
        ' lift               12.25'])


def test_cells_of_several_lines_and_blank_lines_between_rows_are_kept():
    rows = [['open\nthe drawer', '1'], ['lift', '2']]
    assert text_table(['', 'n'], rows, leading=1).splitlines()[2:] == [
        ' open         1', ' the drawer', '', ' lift         2']


def test_nothing_is_broken_or_shortened_however_wide_the_table_is():
    cells = [f'{"word " * 40}{number}' for number in range(9)]
    line = text_table([''] * 9, [cells]).splitlines()[-1]
    assert [cell.strip() for cell in line.split('   ')] == cells


@pytest.mark.parametrize('cell', ['[red]a[/red]', '[a]', ':smile:', 'a  b', r'\[b]', '_x_', '中文'])
def test_a_cell_is_shown_as_it_is(cell):
    assert text_table(['x'], [[cell]]).splitlines()[-1] == f' {cell}'


@pytest.mark.parametrize('name, value', [
    ('COLUMNS', '10'), ('FORCE_COLOR', '1'), ('TERM', 'dumb'), ('NO_COLOR', '1'), ('TTY_COMPATIBLE', '1')])
def test_the_terminal_changes_nothing(name, value, monkeypatch):
    before = text_table(HEADER, ROWS)
    monkeypatch.setenv(name, value)
    assert text_table(HEADER, ROWS) == before


def test_a_table_without_rows_is_its_header():
    assert text_table(['task', 'n'], []).split() == ['task', 'n', '------', '---']
