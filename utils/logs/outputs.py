"""The files of numbers that a run writes: new ones, or those of the run that it goes on with."""
import logging
import os

from utils.errors import UserError
from utils.logs.sinks import CsvSink, TableSink, TensorBoardSink
from utils.whole_files import write_whole

LOG = logging.getLogger('rrd')


def open_sinks(directory, log, record, logger, resumed):
    """What a run's numbers go to; where it is resumed, without what came after its checkpoint.

    Args:
        directory: of the run.
        log: the `Logger`, which knows the rows before.
        record: the `RolloutRecord`, or None.
        logger: the `logging.Logger` of the terminal and log.txt.
        resumed: whether the run goes on with the files that are there.

    Returns:
        [sink] for `log`.

    Raises:
        UserError: a file that is there is not that of the run, or cannot be written.
    """
    path, num_files = directory / 'progress.csv', 0
    if resumed:
        try:
            cut_csv(path, log.columns, log.num_rows)
            num_files = cut_events(directory, log.num_rows, log.last_step)
        except OSError as error:
            raise UserError(f'cannot write into {directory}: {error.strerror or error}') from error
        if record is not None:
            record.resume(log.num_rows)
    return [TableSink(logger), CsvSink(path, log.columns, resumed),
            TensorBoardSink(directory, f'.{num_files}' if num_files else '')]


def cut_csv(path, columns, num_rows):
    """Leaves the header and the first `num_rows` rows of progress.csv, whatever a kill left of the others.

    Raises:
        UserError: the file cannot be read, has other columns, or fewer rows.
    """
    header = ','.join(columns).encode() + b'\n'
    if not num_rows:
        write_whole(path, lambda file: file.write(header))
        return
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise UserError(f'cannot read {path}: {error.strerror}') from error
    if lines[:1] != [header]:
        raise UserError(f'{path} has other columns than this run; expected {header.decode().strip()}')
    whole = [line for line in lines[1:] if line.endswith(b'\n')][:num_rows]
    if len(whole) < num_rows:
        raise UserError(f'{path} has {len(whole)} whole rows; expected the {num_rows} '
                        'that were there at the checkpoint')
    write_whole(path, lambda file: file.writelines([header, *whole]))


def cut_events(directory, num_rows, last_step):
    """Leaves the scalars up to `last_step` in the TensorBoard files of `directory`; none without rows.

    Returns:
        How many files are left.
    """
    paths = [path for path in sorted(directory.glob('events.out.tfevents.*')) if path.is_file()]
    return sum(_cut_event_file(path, last_step if num_rows else -1) for path in paths)


def _cut_event_file(path, last_step):
    """Whether anything is left of the file; one that is empty is removed.

    Raises:
        OSError: it cannot be read or written.
    """
    import tensorflow as tf  # slow to load, as in log_sinks

    try:
        records, whole = _records(path, last_step, tf)
        if whole:
            return True
        if not records:
            path.unlink()
            return False
        partial = path.with_name('events.partial')
        with tf.io.TFRecordWriter(str(partial)) as writer:
            for record in records:
                writer.write(record)
        os.replace(partial, path)
        return True
    except tf.errors.OpError as error:
        raise OSError(f'{path.name}: {error.message}') from error


def _records(path, last_step, tf):
    """(records up to `last_step`, none where none is of scalars; whether that is the whole file)."""
    records, reached, whole = [], -1, True
    try:
        for record in tf.compat.v1.io.tf_record_iterator(str(path)):
            event = tf.compat.v1.Event.FromString(record)
            if not event.HasField('summary') or event.step <= last_step:
                records.append(record)
                reached = event.step if event.HasField('summary') else reached
            else:
                whole = False
    except tf.errors.DataLossError:     # as a rule torn by a kill in its last record, past the checkpoint
        whole = False
        if reached < last_step:
            LOG.warning('warning: %s is damaged after step %d: scalars up to step %d are lost', path,
                        max(reached, 0), last_step)
    return (records, whole) if reached >= 0 else ([], False)
