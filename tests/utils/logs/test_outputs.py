"""progress.csv and TensorBoard's files of a resumed run."""
import logging
import os

import pytest
import tensorflow as tf

from tests.outcome import all_scalars
from utils.errors import UserError
from utils.logs.logger import Logger
from utils.logs.outputs import cut_csv, open_sinks
from utils.logs.rollout_record import RolloutRecord
from utils.logs.sinks import CsvSink

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
def test_rows_past_the_checkpoint_are_removed_and_a_torn_one_too(tmp_path, text, num_rows, left):
    (tmp_path / 'progress.csv').write_text(HEADER + text)
    assert cut(tmp_path / 'progress.csv', num_rows) == HEADER + left


@pytest.mark.parametrize('text, num_rows, whole', [('', 1, 0), ('1,0.1\n', 2, 1), ('1,0.1\n2,0.2', 2, 1)])
def test_missing_rows_are_reported_and_the_file_is_unchanged(tmp_path, text, num_rows, whole):
    path = tmp_path / 'progress.csv'
    path.write_text(HEADER + text)
    with pytest.raises(UserError, match=f'^{path} has {whole} whole rows; expected the {num_rows} that were '
                                        'there at the checkpoint$'):
        cut(path, num_rows)
    assert path.read_text() == HEADER + text


@pytest.mark.parametrize('text', ['', 'epoch,a/x', 'epoch,a/y\n', 'a/x,epoch\n', 'epoch,a/x,b\n', '1,0.1\n'])
def test_other_columns_are_refused_and_the_file_is_unchanged(tmp_path, text):
    path = tmp_path / 'progress.csv'
    path.write_text(text)
    with pytest.raises(UserError, match=f'^{path} has other columns than this run; expected epoch,a/x$'):
        cut(path, 1)
    assert path.read_text() == text


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(UserError, match='^cannot read .*progress.csv: No such file or directory$'):
        cut(tmp_path / 'progress.csv', 1)


@pytest.mark.parametrize('text', [None, '', 'epo', '1,0.1\n'])
def test_without_rows_to_keep_the_file_starts_anew_whatever_it_was(tmp_path, text):
    if text is not None:
        (tmp_path / 'progress.csv').write_text(text)
    assert cut(tmp_path / 'progress.csv', 0) == HEADER


def event_files(directory):
    return sorted(directory.glob('events.out.tfevents.*'))


def accumulated(directory):
    """As `all_scalars`, by TensorBoard's own reader of a directory."""
    accumulator = pytest.importorskip('tensorboard.backend.event_processing.event_accumulator')
    reader = accumulator.EventAccumulator(str(directory), {accumulator.SCALARS: 0})
    reader.Reload()
    return [(event.step, tag, event.value)
            for tag in reader.Tags()['scalars'] for event in reader.Scalars(tag)]


def served(directory):
    """As `all_scalars`, by the reader of TensorBoard's Python server."""
    accumulator = pytest.importorskip('tensorboard.backend.event_processing.plugin_event_accumulator')
    reader = accumulator.EventAccumulator(str(directory), {accumulator.TENSORS: 0})
    reader.Reload()
    return [(event.step, tag, tf.make_ndarray(event.tensor_proto).item())
            for tag in reader.Tags()['tensors'] for event in reader.Tensors(tag)]


def run(directory, resumed, rows, cut_at=None, scale=0.1):
    """Writes `scale` times each row into the outputs of a run, which is at row `cut_at` if it is resumed."""
    record = RolloutRecord(directory / 'rews.npz')
    log = Logger(['epoch', 'a/x'])
    if resumed:
        state = log.state_dict()
        log.load_state_dict(state | {'num_rows': cut_at, 'last_step': cut_at * 100})
    log.attach(open_sinks(directory, log, record, logging.getLogger('outputs'), resumed))
    for row in rows:
        log.set({'epoch': row, 'a/x': row * scale})
        record.append(row * 100, [row * scale])
        log.write(row * 100)
    log.close()


@pytest.mark.parametrize('cut_at', [0, 1, 3])
def test_a_resumed_run_writes_the_files_of_an_uninterrupted_one(tmp_path, cut_at):
    for name in ('whole', 'cut'):
        (tmp_path / name).mkdir()
    run(tmp_path / 'whole', False, [1, 2, 3, 4])
    run(tmp_path / 'cut', False, [1, 2, 3])
    run(tmp_path / 'cut', True, range(cut_at + 1, 5), cut_at)
    for name in ('progress.csv', 'rews.npz'):
        assert (tmp_path / 'cut' / name).read_bytes() == (tmp_path / 'whole' / name).read_bytes()


@pytest.mark.parametrize('read', [all_scalars, accumulated, served])
@pytest.mark.parametrize('cut_at', [0, 1, 3])
@pytest.mark.parametrize('torn', [0, 1, 5, 20])
def test_tensorboard_reads_only_the_resumed_rows_past_the_checkpoint(tmp_path, read, cut_at, torn):
    run(tmp_path, False, [1, 2, 3, 4])
    path, = event_files(tmp_path)
    path.write_bytes(path.read_bytes()[:path.stat().st_size - torn])
    run(tmp_path, True, range(cut_at + 1, 6), cut_at, scale=0.5)
    expected = [row * (0.1 if row <= cut_at else 0.5) for row in range(1, 6)]
    assert read(tmp_path) == [(100 * row, 'a/x', pytest.approx(value, rel=1e-6))
                              for row, value in enumerate(expected, start=1)]


@pytest.mark.parametrize('read', [all_scalars, accumulated, served])
def test_tensorboard_reads_each_row_once_after_several_resumptions(tmp_path, read):
    run(tmp_path, False, [1, 2, 3, 4], scale=1)
    run(tmp_path, True, [3, 4, 5], cut_at=2, scale=2)
    run(tmp_path, True, [], cut_at=4)
    run(tmp_path, True, [2, 3], cut_at=1, scale=4)
    assert read(tmp_path) == [(100, 'a/x', 1), (200, 'a/x', 8), (300, 'a/x', 12)]
    assert [path.suffix for path in event_files(tmp_path)][1:] == ['.1', '.2', '.3']


@pytest.mark.parametrize('read', [all_scalars, accumulated, served])
def test_stale_rows_are_dropped_before_the_first_new_one(tmp_path, read):
    run(tmp_path, False, [1, 2, 3], scale=1)
    run(tmp_path, True, [], cut_at=2)
    assert read(tmp_path) == [(100, 'a/x', 1), (200, 'a/x', 2)]


def test_every_event_file_begins_with_a_session_start_at_its_first_possible_step(tmp_path):
    run(tmp_path, False, [1, 2])
    run(tmp_path, True, [2], cut_at=1)
    run(tmp_path, True, [1], cut_at=0)
    starts = []
    for path in event_files(tmp_path):
        _, first, *_ = tf.compat.v1.train.summary_iterator(str(path))       # after the file's version
        starts.append((first.session_log.status, first.step))
    assert starts == [(tf.compat.v1.SessionLog.START, step) for step in (0, 101, 0)]


def test_resuming_leaves_earlier_event_files_byte_for_byte(tmp_path):
    run(tmp_path, False, [1, 2])
    path, = event_files(tmp_path)
    before = path.read_bytes()
    run(tmp_path, True, [2], cut_at=1)
    assert path.read_bytes() == before


def test_a_disk_that_is_full_at_resumption_is_reported(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, 'No space left on device')
    run(tmp_path, False, [1, 2])
    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(UserError, match=f'^cannot write into {tmp_path}: No space left on device$'):
        run(tmp_path, True, [], cut_at=1)
    assert (tmp_path / 'progress.csv').read_text() == f'{HEADER}1,0.1\n2,0.2\n'


def test_csv_appends_below_the_existing_rows(tmp_path):
    for append, row in ((False, 1), (True, 2)):
        sink = CsvSink(tmp_path / 'progress.csv', ['epoch', 'a/x'], append)
        sink.write(0, {'epoch': row, 'a/x': None})
        sink.close()
    assert (tmp_path / 'progress.csv').read_text() == f'{HEADER}1,\n2,\n'
