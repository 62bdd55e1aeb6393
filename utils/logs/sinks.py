"""Sinks for the row of a cycle: a text table, progress.csv, TensorBoard."""
import csv
import io
import logging
import os
from itertools import zip_longest

from beautifultable import BeautifulTable

from utils.errors import UserError, file_errors
from utils.foreign.files import read_bytes
from utils.foreign.tables import MAX_BYTES
from utils.whole_files import write_whole

LOG = logging.getLogger('rrd')
_LONGEST_OF_TWO = 26     # characters of a name, for two columns side by side


class TableSink:
    """Logs each cycle: the counts as a heading, all other values as a table at most 80 columns wide.

    Args:
        logger: the `logging.Logger` of the terminal and log.txt.
        unshown: names of values that are shown as missing.
    """

    def __init__(self, logger, unshown=()):
        self._logger, self._unshown = logger, unshown

    def write(self, step, row):
        """Writes the table of one cycle."""
        counts = '   '.join(f'{name} {_text(value)}' for name, value in row.items() if '/' not in name)
        cells = [(name, f'{_text(None if name in self._unshown else value):>10}')
                 for name, value in row.items() if '/' in name]
        are_long = max((len(name) for name, _ in cells), default=0) > _LONGEST_OF_TWO
        height = len(cells) if are_long else (len(cells) + 1) // 2
        table = BeautifulTable(maxwidth=80, detect_numerics=False)
        for left, right in zip_longest(cells[:height], cells[height:], fillvalue=('', '')):
            table.rows.append([*left] if are_long else [*left, *right])
        table.set_style(BeautifulTable.STYLE_COMPACT)
        table.border.top = table.border.top_junction = '-'
        table.columns.alignment = [BeautifulTable.ALIGN_LEFT, BeautifulTable.ALIGN_RIGHT] * (
            1 if are_long else 2)
        self._logger.info('%s\n%s\n', counts, table)

    def close(self):
        """Does nothing; the logger belongs to the caller."""


class CsvSink:
    """A file of comma-separated values, one row a cycle, on disk as soon as it is written.

    A float is written as the shortest decimal that reads back exactly; missing values are blank. All rows are
    kept in memory: a file that was removed, replaced or cut while the run goes is written again.

    Args:
        path: path of the file; the header of a new one is written at once.
        columns: names in the order of the file.
        append: append to the existing file.

    Raises:
        UserError: the file exists, or cannot be written.
    """

    def __init__(self, path, columns, append=False):
        self._path, self._columns = path, columns
        with file_errors(f'cannot write {path}'):
            self._file = open(path, 'ab' if append else 'xb')
            self._rows = read_bytes(path, MAX_BYTES) if append else b''
            if not append:
                self._add(dict(zip(columns, columns, strict=True)))

    def write(self, step, row):
        """Adds the row of one cycle."""
        with file_errors(f'cannot write {self._path}'):
            if not self._is_intact():
                LOG.warning('warning: %s has vanished or was cut; it is written again', self._path)
                write_whole(self._path, lambda file: file.write(self._rows))
                self._file.close()
                self._file = open(self._path, 'ab')
            self._add(row)

    def _is_intact(self):
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(self._file.fileno())) and found.st_size >= len(self._rows)

    def _add(self, row):
        text = io.StringIO(newline='')
        csv.DictWriter(text, self._columns, lineterminator='\n').writerow(row)
        self._file.write(text.getvalue().encode())
        self._file.flush()
        os.fsync(self._file.fileno())       # a checkpoint that counts the row must not outlive it
        self._rows += text.getvalue().encode()

    def close(self):
        """Closes the file."""
        with file_errors(f'cannot write {self._path}'):     # again, what could not be written before
            self._file.close()


class TensorBoardSink:
    """Scalars in a TensorBoard event file: every recorded `part/quantity`, under its own name.

    The file begins with a session start at `first_step`. TensorBoard then drops the scalars of earlier files
    from this step on; its fast loader does so for each name at its first new scalar. It reads the files in
    the order of their names, which begin with the creation time in seconds.

    Args:
        directory: directory of the event file.
        suffix: end of its name; a resumed run writes a separate file.
        first_step: the first step that can get a row.

    Raises:
        UserError: the file cannot be written.
    """

    def __init__(self, directory, suffix='', first_step=0):
        # imported here, as it takes seconds: only training needs it, not `--help`
        import tensorflow as tf

        self._summary, self._errors = tf.compat.v1.Summary, (tf.errors.OpError, LookupError, OSError)
        self._directory = directory
        with tf.Graph().as_default():       # FileWriter refuses to open in eager mode
            self._writer = self._trying(
                lambda: tf.compat.v1.summary.FileWriter(str(directory), filename_suffix=suffix))
        # in a new run too: TensorBoard's Python server drops nothing at the first start that it reads
        session_log = tf.compat.v1.SessionLog
        self._write(self._writer.add_session_log, session_log(status=session_log.START), first_step)

    def write(self, step, row):
        """Adds the scalars of one cycle at `step` of the horizontal axis."""
        scalars = {name: value for name, value in row.items() if '/' in name and value is not None}
        summary = self._summary(value=[
            self._summary.Value(tag=name, simple_value=value) for name, value in scalars.items()])
        self._write(self._writer.add_summary, summary, step)

    def _write(self, add, event, step):
        self._trying(lambda: add(event, step))
        self._trying(self._writer.flush)

    def _trying(self, call):
        try:
            return call()
        except self._errors as error:       # a full disk is a LookupError here
            raise UserError(f'cannot write TensorBoard events into {self._directory}: {error}') from error

    def close(self):
        """Closes the event file."""
        self._trying(self._writer.close)


def _text(value):
    """Formats a number: counts whole, large numbers without a fraction, others with four digits."""
    if value is None:
        return '-'
    if isinstance(value, int):
        return f'{value:,}'
    return f'{value:.0f}' if 999.5 <= abs(value) < 1e8 else f'{value:#.4g}'
