"""The table, progress.csv and the TensorBoard events, read back."""
import csv
import logging
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from utils.errors import UserError
from utils.logs.logger import Logger
from utils.logs.sinks import CsvSink, TableSink, TensorBoardSink

ROOT = Path(__file__).parents[3]


@pytest.fixture
def table_lines(caplog):
    """Writes one row as a table; returns its lines."""
    def lines(row):
        caplog.clear()
        with caplog.at_level(logging.INFO, 'table'):
            TableSink(logging.getLogger('table')).write(0, row)
        return caplog.messages[0].splitlines()
    return lines


@pytest.fixture
def events(tmp_path):
    """Reads every scalar in `tmp_path` as (step, tag, value), in the order of writing."""
    def read():
        import tensorflow as tf
        [path] = tmp_path.glob('events.out.tfevents.*')
        return [(event.step, value.tag, value.simple_value)
                for event in tf.compat.v1.train.summary_iterator(str(path)) for value in event.summary.value]
    return read


def test_the_table_shows_a_dash_for_a_value_that_is_not_to_be_shown(caplog):
    with caplog.at_level(logging.INFO, 'table'):
        TableSink(logging.getLogger('table'), {'test/auc'}).write(0, {'test/auc': 0.5, 'test/loss': 0.25})
    assert '0.5' not in caplog.text and '0.2500' in caplog.text


def test_csv_header_is_on_disk_before_the_first_row(tmp_path):
    sink = CsvSink(tmp_path / 'p.csv', ['epoch', 'reward/loss'])
    assert (tmp_path / 'p.csv').read_bytes() == b'epoch,reward/loss\n'
    sink.close()


def test_csv_row_is_on_disk_once_written_and_blank_where_nothing_was_recorded(tmp_path):
    sink = CsvSink(tmp_path / 'p.csv', ['epoch', 'a', 'b'])
    sink.write(0, {'epoch': 1, 'a': None, 'b': 0.1})
    sink.write(0, {'epoch': 2, 'a': 0.0, 'b': None})
    assert (tmp_path / 'p.csv').read_bytes() == b'epoch,a,b\n1,,0.1\n2,0.0,\n'


def test_csv_numbers_read_back_exactly(tmp_path):
    numbers = [1 / 3, 1e-300, -2.5e17, 5e-324, float(np.float32(0.1)), math.inf]
    columns = [f'c{i}' for i in range(len(numbers))]
    path = tmp_path / 'p.csv'
    log = Logger(columns, [CsvSink(path, columns)])
    log.add(dict(zip(columns, numbers, strict=True)))
    log.write(0)
    log.set(dict(zip(columns, [2 ** 53 + 1, *numbers[1:4], np.float32(0.1), np.int64(7)], strict=True)))
    log.write(0)
    log.close()
    with open(path, newline='') as file:
        first, second = csv.DictReader(file)
    assert [float(text) for text in first.values()] == numbers
    assert second['c0'] == '9007199254740993' and second['c5'] == '7'
    assert float(second['c4']) == float(np.float32(0.1))


def test_csv_never_overwrites_a_file(tmp_path):
    (tmp_path / 'p.csv').write_text('kept')
    with pytest.raises(UserError, match='^cannot write .*/p.csv: File exists$'):
        CsvSink(tmp_path / 'p.csv', ['a'])
    assert (tmp_path / 'p.csv').read_text() == 'kept'


def test_csv_refuses_a_name_that_its_header_lacks(tmp_path):
    with pytest.raises(ValueError, match='b'):
        CsvSink(tmp_path / 'p.csv', ['a']).write(0, {'a': 1, 'b': 2})


@pytest.mark.parametrize('append', [False, True])
@pytest.mark.parametrize('lose', [
    lambda path: path.unlink(), lambda path: path.write_text('a'),
    lambda path: (path.rename(path.with_name('moved')), path.write_text('a\n1\n'))])
def test_csv_that_was_lost_between_two_rows_is_written_again_with_a_warning(tmp_path, append, lose, caplog):
    path = tmp_path / 'p.csv'
    sink = CsvSink(path, ['a'])
    sink.write(0, {'a': 1})
    if append:
        sink.close()
        sink = CsvSink(path, ['a'], append)
    lose(path)
    for number in (2, 3):
        sink.write(0, {'a': number})
    assert path.read_text() == 'a\n1\n2\n3\n'
    assert caplog.messages == [f'warning: {path} has vanished or was cut; it is written again']


def test_csv_on_a_disk_that_is_full_at_the_header_is_reported(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, 'No space left on device')
    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(UserError, match='^cannot write .*/p.csv: No space left on device$'):
        CsvSink(tmp_path / 'p.csv', ['a'])


def test_csv_on_a_full_disk_is_reported_when_it_is_closed_as_well(tmp_path, monkeypatch):
    sink = CsvSink(tmp_path / 'p.csv', ['a'])
    monkeypatch.setattr(sink, '_file', open('/dev/full', 'ab'))
    monkeypatch.setattr(sink, '_is_intact', lambda: True)
    for call in (lambda: sink.write(0, {'a': 1}), sink.close):
        with pytest.raises(UserError, match='^cannot write .*/p.csv: No space left on device$'):
            call()


def test_table_has_counts_above_and_two_quantities_a_line(table_lines):
    lines = table_lines({'epoch': 2, 'timesteps': 1234567, 'test/return_mean': -12.3456, 'sac/alpha': 0.2,
                  'reward/loss': None})
    assert lines[0] == 'epoch 2   timesteps 1,234,567'
    assert set(lines[1]) == {'-'}
    assert [line.split() for line in lines[2:]] == [
        ['test/return_mean', '-12.35', 'reward/loss', '-'], ['sac/alpha', '0.2000']]


@pytest.mark.parametrize(('value', 'text'), [
    (0.0, '0.000'), (999.44, '999.4'), (999.96, '1000'), (12345.67, '12346'), (-1234.5, '-1234'),
    (1.23456e-5, '1.235e-05'), (2.5e9, '2.500e+09'), (math.nan, 'nan'), (-math.inf, '-inf'), (7, '7'),
    (None, '-')])
def test_table_shows_four_significant_digits(table_lines, value, text):
    assert table_lines({'a/x': value})[-1].split() == ['a/x', text]


def test_table_has_one_quantity_a_line_where_a_name_would_break(table_lines):
    name = 'test/progress_correlation_failure'
    lines = table_lines({'cycle': 3, 'reward/loss': 1.0, name: 0.5})
    assert [line.split()[0] for line in lines[2:]] == ['reward/loss', name]


def test_table_fits_80_columns_and_is_plain_ascii(table_lines):
    lines = table_lines({'epoch': 1} | {f'part/{"long_" * i}name': -1.0e-9 * i for i in range(9)})
    assert max(len(line) for line in lines) <= 80
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert '-8.000e-09' in ' '.join(lines)


def test_table_keeps_its_width_when_values_appear(table_lines):
    blank, filled = (table_lines({'a/x': value, 'b/y': value}) for value in (None, -123.456))
    assert len(blank[1]) == len(filled[1]) > 20


def test_tensorboard_gets_recorded_quantities_under_their_names(tmp_path, events):
    columns = ['epoch', 'sac/alpha', 'reward/loss']
    log = Logger(columns, [TensorBoardSink(tmp_path)])
    log.set({'epoch': 1})
    log.add({'reward/loss': 0.5})
    log.write(100)
    log.add({'sac/alpha': 0.25, 'reward/loss': 1.5})
    log.write(200)
    assert events() == [(100, 'reward/loss', 0.5), (200, 'sac/alpha', 0.25), (200, 'reward/loss', 1.5)]
    log.close()


def test_sinks_load_tensorflow_only_for_events():
    code = 'import sys, utils.logs.sinks, utils.logs.logger, utils.logs.console; ' \
           'import utils.logs.rollout_record; sys.exit("tensorflow" in sys.modules)'
    assert subprocess.run([sys.executable, '-c', code], cwd=ROOT, check=False).returncode == 0
