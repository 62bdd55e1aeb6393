"""progress.csv and TensorBoard's files, cut to where a run goes on."""
import logging
import os

import pytest

from utils.errors import UserError
from utils.logs.logger import Logger
from utils.logs.outputs import cut_csv, cut_events, open_sinks
from utils.logs.rollout_record import RolloutRecord
from utils.logs.sinks import CsvSink, TensorBoardSink

HEADER = 'epoch,a/x\n'


def cut(path, num_rows):
    cut_csv(path, ['epoch', 'a/x'], num_rows)
    return path.read_bytes().decode()


@pytest.mark.parametrize('text, num_rows, left', [
    ('1,0.1\n2,0.2\n', 2, '1,0.1\n2,0.2\n'),
    ('1,0.1\n2,0.2\n3,0.3\n', 2, '1,0.1\n2,0.2\n'),
    ('1,0.1\n2,0.2\n3,0.', 2, '1,0.1\n2,0.2\n'),
    ('1,0.1\n2,0.2\n3,', 0, ''),
    ('1,\n,0.2\n', 1, '1,\n'),
    ('', 0, '')])
def test_rows_past_the_checkpoint_go_and_a_torn_one_too(tmp_path, text, num_rows, left):
    (tmp_path / 'progress.csv').write_text(HEADER + text)
    assert cut(tmp_path / 'progress.csv', num_rows) == HEADER + left


@pytest.mark.parametrize('text, num_rows, whole', [('', 1, 0), ('1,0.1\n', 2, 1), ('1,0.1\n2,0.2', 2, 1)])
def test_rows_that_are_missing_are_told_and_the_file_is_left_alone(tmp_path, text, num_rows, whole):
    path = tmp_path / 'progress.csv'
    path.write_text(HEADER + text)
    with pytest.raises(UserError, match=f'^{path} has {whole} whole rows; expected the {num_rows} that were '
                                        'there at the checkpoint$'):
        cut(path, num_rows)
    assert path.read_text() == HEADER + text


@pytest.mark.parametrize('text', ['', 'epoch,a/x', 'epoch,a/y\n', 'a/x,epoch\n', 'epoch,a/x,b\n', '1,0.1\n'])
def test_other_columns_are_refused_and_the_file_is_left_alone(tmp_path, text):
    path = tmp_path / 'progress.csv'
    path.write_text(text)
    with pytest.raises(UserError, match=f'^{path} has other columns than this run; expected epoch,a/x$'):
        cut(path, 1)
    assert path.read_text() == text


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match='^cannot read .*progress.csv: No such file or directory$'):
        cut(tmp_path / 'progress.csv', 1)


@pytest.mark.parametrize('text', [None, '', 'epo', '1,0.1\n'])
def test_without_rows_to_keep_the_file_is_begun_anew_whatever_it_was(tmp_path, text):
    if text is not None:
        (tmp_path / 'progress.csv').write_text(text)
    assert cut(tmp_path / 'progress.csv', 0) == HEADER


def write_events(directory, *steps, suffix='', columns=('a/x',)):
    """A TensorBoard file with step / 10 at each of `steps`."""
    sink = TensorBoardSink(directory, suffix)
    for step in steps:
        sink.write(step, {name: step / 10 for name in columns})
    sink.close()


def event_files(directory):
    return sorted(directory.glob('events.out.tfevents.*'))


def scalars(directory):
    """[(step, tag)] of each of the files, in the order of their names."""
    import tensorflow as tf
    return [[(event.step, value.tag) for event in tf.compat.v1.train.summary_iterator(str(path))
             for value in event.summary.value] for path in event_files(directory)]


@pytest.mark.parametrize('num_rows, last_step, left', [
    (2, 200, [100, 200]), (3, 300, [100, 200, 300]), (3, 999, [100, 200, 300]), (1, 100, [100])])
def test_scalars_past_the_checkpoint_go(tmp_path, num_rows, last_step, left):
    write_events(tmp_path, 100, 200, 300, columns=('a/x', 'b/y'))
    assert cut_events(tmp_path, num_rows, last_step) == 1
    assert scalars(tmp_path) == [[(step, tag) for step in left for tag in ('a/x', 'b/y')]]


def test_a_file_that_is_not_cut_stays_byte_for_byte(tmp_path):
    write_events(tmp_path, 100, 200)
    path, = event_files(tmp_path)
    before = path.read_bytes()
    cut_events(tmp_path, 2, 200)
    assert path.read_bytes() == before


def test_files_without_scalars_are_removed_and_the_others_counted(tmp_path):
    for number, steps in enumerate([(100,), (), (200, 300), (400,), (500,)]):
        write_events(tmp_path, *steps, suffix=f'.{number}')
    assert cut_events(tmp_path, 2, 200) == 2
    assert sorted(scalars(tmp_path)) == [[(100, 'a/x')], [(200, 'a/x')]]
    assert [path.name for path in tmp_path.iterdir() if 'partial' in path.name] == []


def test_without_rows_no_file_is_left(tmp_path):
    write_events(tmp_path, 0, 100)
    assert cut_events(tmp_path, 0, 0) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_directory_without_events_is_left_alone(tmp_path):
    (tmp_path / 'progress.csv').touch()
    assert cut_events(tmp_path, 3, 300) == 0
    assert [path.name for path in tmp_path.iterdir()] == ['progress.csv']


@pytest.mark.parametrize('lost', [1, 5, 20])
def test_a_record_torn_by_a_kill_goes_and_what_was_before_it_stays(tmp_path, lost):
    write_events(tmp_path, 100, 200, 300)
    path, = event_files(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])
    assert cut_events(tmp_path, 2, 200) == 1
    assert scalars(tmp_path) == [[(100, 'a/x'), (200, 'a/x')]]


def test_a_file_of_a_kill_at_its_very_start_is_removed(tmp_path):
    write_events(tmp_path, 100)
    path, = event_files(tmp_path)
    path.write_bytes(path.read_bytes()[:7])
    assert cut_events(tmp_path, 1, 100) == 0
    assert list(tmp_path.iterdir()) == []


def run(directory, resumed, rows, cut_at=None):
    """Writes these rows into the outputs of a run, which has got to the row `cut_at` if it is resumed."""
    record = RolloutRecord(directory / 'rews.npz')
    log = Logger(['epoch', 'a/x'])
    if resumed:
        state = log.state_dict()
        log.load_state_dict(state | {'num_rows': cut_at, 'last_step': cut_at * 100})
    log.attach(open_sinks(directory, log, record, logging.getLogger('outputs'), resumed))
    for row in rows:
        log.set({'epoch': row, 'a/x': row / 10})
        record.append(row * 100, [row / 10])
        log.write(row * 100)
    log.close()


@pytest.mark.parametrize('cut_at', [0, 1, 3])
def test_a_run_that_goes_on_writes_what_one_that_never_stopped_does(tmp_path, cut_at):
    for name in ('whole', 'cut'):
        (tmp_path / name).mkdir()
    run(tmp_path / 'whole', False, [1, 2, 3, 4])
    run(tmp_path / 'cut', False, [1, 2, 3])
    run(tmp_path / 'cut', True, range(cut_at + 1, 5), cut_at)
    for name in ('progress.csv', 'rews.npz'):
        assert (tmp_path / 'cut' / name).read_bytes() == (tmp_path / 'whole' / name).read_bytes()
    assert sum(scalars(tmp_path / 'cut'), []) == sum(scalars(tmp_path / 'whole'), [])


def test_a_run_that_goes_on_twice_has_an_event_file_for_each_part(tmp_path):
    run(tmp_path, False, [1, 2])
    run(tmp_path, True, [3], cut_at=2)
    run(tmp_path, True, [4], cut_at=3)
    assert sorted(map(tuple, scalars(tmp_path))) == [((100, 'a/x'), (200, 'a/x')), ((300, 'a/x'),),
                                                     ((400, 'a/x'),)]
    assert {path.suffix for path in event_files(tmp_path)} >= {'.1', '.2'}


def test_a_disk_that_is_full_when_a_run_goes_on_is_told(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, 'No space left on device')
    run(tmp_path, False, [1, 2])
    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(UserError, match=f'^cannot write into {tmp_path}: No space left on device$'):
        run(tmp_path, True, [], cut_at=1)
    assert (tmp_path / 'progress.csv').read_text() == f'{HEADER}1,0.1\n2,0.2\n'


def test_csv_goes_on_below_the_rows_that_are_there(tmp_path):
    for append, row in ((False, 1), (True, 2)):
        sink = CsvSink(tmp_path / 'progress.csv', ['epoch', 'a/x'], append)
        sink.write(0, {'epoch': row, 'a/x': None})
        sink.close()
    assert (tmp_path / 'progress.csv').read_text() == f'{HEADER}1,\n2,\n'
