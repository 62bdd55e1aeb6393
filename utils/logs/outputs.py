"""Opens the log files of a run: new ones, or those of the run that it resumes."""
from utils.errors import UserError, file_errors
from utils.foreign.files import read_bytes
from utils.foreign.tables import MAX_BYTES
from utils.logs.sinks import CsvSink, TableSink, TensorBoardSink
from utils.whole_files import write_whole


def open_sinks(directory, log, record, logger, resumed):
    """The sinks of a run; a resumed run removes the rows written after its checkpoint.

    Args:
        directory: of the run.
        log: the `Logger`; its `num_rows` are kept.
        record: the `RolloutRecord`, or None.
        logger: the `logging.Logger` of the terminal and log.txt.
        resumed: whether the run continues the existing files.

    Returns:
        [sink] for `log`.

    Raises:
        UserError: an existing file is not one of this run, or cannot be written.
    """
    path = directory / 'progress.csv'
    if resumed:
        with file_errors(f'cannot write into {directory}'):
            cut_csv(path, log.columns, log.num_rows)
        if record is not None:
            record.resume(log.num_rows)
    num_files = len(list(directory.glob('events.out.tfevents.*')))
    return [TableSink(logger, log.unshown), CsvSink(path, log.columns, resumed),
            TensorBoardSink(directory, f'.{num_files}' if num_files else '',
                            log.last_step + 1 if log.num_rows else 0)]


def cut_csv(path, columns, num_rows):
    """Keeps the header and the first `num_rows` rows of progress.csv; removes later, even partial, ones.

    Raises:
        UserError: the file cannot be read, has other columns, or fewer rows.
    """
    header = ','.join(columns).encode() + b'\n'
    if not num_rows:
        write_whole(path, lambda file: file.write(header))
        return
    lines = read_bytes(path, MAX_BYTES).splitlines(keepends=True)
    if lines[:1] != [header]:
        raise UserError(f'{path} has other columns than this run; expected {header.decode().strip()}')
    whole = [line for line in lines[1:] if line.endswith(b'\n')][:num_rows]
    if len(whole) < num_rows:
        raise UserError(f'{path} has {len(whole)} whole rows; expected the {num_rows} '
                        'that were there at the checkpoint')
    write_whole(path, lambda file: file.writelines([header, *whole]))
