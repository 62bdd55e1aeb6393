"""Console output: plain lines on the terminal and in log.txt, above a progress bar."""
import logging
import os
import re
import sys
from contextlib import ExitStack, contextmanager

from tqdm import tqdm

from utils.logs.progress_lines import ProgressLines
from utils.text import printable_lines


class Console:
    """Connects the logger `rrd` to standard output and a file, until it is closed.

    Python's warnings are written to the file only: those of libraries would break up the progress bar.

    Args:
        log_path: path of the text file; lines are appended.
    """

    def __init__(self, log_path):
        self.logger = logging.getLogger('rrd')
        self.logger.setLevel(logging.INFO)
        self._stack = ExitStack()

        self._file = _LogFile(log_path)
        self._stack.callback(self._file.close)
        self._attach(self.logger, self._file)
        self._attach(self.logger, Terminal())
        self.logger.propagate = False       # libraries add handlers to the root logger
        self._stack.callback(setattr, self.logger, 'propagate', True)
        self._attach(logging.getLogger('py.warnings'), self._file)
        logging.captureWarnings(True)
        self._stack.callback(logging.captureWarnings, False)

    def progress(self, total, unit, scale=1, initial=0, per_cycle=0, **lines):
        """A progress bar with the estimated end, on a terminal; a line every 30 seconds elsewhere.

        Args:
            total: number of units of the whole run.
            unit: displayed unit, as in `240step/s`.
            scale: number of displayed units per unit of `total`.
            initial: units that a resumed run has already done.
            per_cycle: units of a cycle; 0 if there are no cycles.
            **lines: `clock` and `interval_s` of `ProgressLines`.

        Returns:
            A `tqdm` or `ProgressLines`, advanced with `update(n)`, and closed with the console.
        """
        if not _has_bar():
            return self._stack.enter_context(ProgressLines(self.logger.info, total, unit, scale, initial,
                                                           per_cycle, **lines))
        # smoothing: the rate is a mean over about a hundred redraws, as the test at the end of each cycle
        # delays the bar
        return self._stack.enter_context(tqdm(
            total=total, unit=unit, unit_scale=scale if scale > 1 else False, initial=initial,
            dynamic_ncols=True, miniters=1, mininterval=0.5, smoothing=0.01))

    @contextmanager
    def native_messages(self):
        """Redirects messages of compiled libraries, such as TensorFlow, from standard error to the file."""
        with native_messages(self._file.stream):
            yield

    def close(self):
        """Closes the bar, removes both outputs and closes the file."""
        self._stack.close()

    def _attach(self, logger, handler):
        handler.setFormatter(_PlainFormatter('%(message)s'))
        logger.addHandler(handler)
        self._stack.callback(logger.removeHandler, handler)


@contextmanager
def native_messages(file):
    """Redirects messages of compiled libraries from standard error to a file."""
    if sys.stderr is None:              # closed by the parent process
        yield
        return
    sys.stderr.flush()
    terminal = os.dup(2)
    try:
        os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def frame_bar(total):
    """A progress bar for decoding frames, on a terminal; lines elsewhere."""
    return work_bar(total, 'frame', desc='decoding', dynamic_ncols=True)


def episode_bar(total):
    """A progress bar for playing or predicting episodes, on a terminal; lines elsewhere."""
    return work_bar(total, 'episode')


def work_bar(total, unit, **look):
    """A progress bar, a `tqdm` with this look, on a terminal; lines on standard error elsewhere."""
    if _has_bar():
        return tqdm(total=total, unit=unit, **look)
    return ProgressLines(lambda text: tqdm.write(text, file=sys.stderr), total, unit)


def _has_bar():
    """Whether a bar can be drawn: standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def plain_logger():
    """The logger `rrd` with lines on standard output, for programs without a log.txt."""
    terminal = Terminal()
    terminal.setFormatter(_PlainFormatter('%(message)s'))
    logging.basicConfig(handlers=[terminal])
    logger = logging.getLogger('rrd')
    logger.setLevel(logging.INFO)
    return logger


class Terminal(logging.Handler):
    """Lines on standard output, above the bar; if it is closed, other handlers continue."""

    _is_closed = False

    def emit(self, record):
        """Writes one record."""
        if self._is_closed or sys.stdout is None:     # None: closed by the parent process
            return
        try:
            tqdm.write(self.format(record), file=sys.stdout)
            sys.stdout.flush()
        except OSError as error:
            self._is_closed = True
            with open(os.devnull, 'wb') as nowhere:     # for buffered text, which is flushed at exit
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            logging.getLogger(record.name).warning('standard output is closed (%s); the run continues',
                                                   error.strerror)


class _LogFile(logging.FileHandler):
    """Lines in log.txt; on a disk that is full, the run continues with one warning."""

    def __init__(self, path):
        super().__init__(path, encoding='utf-8', errors='backslashreplace')
        self._path, self._is_full = path, False

    def handleError(self, record):      # noqa: N802 (the name in logging)
        """Warns once of a failure to write."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._is_full:
            self._is_full = True
            logging.getLogger('rrd').warning('warning: cannot write %s: %s', self._path, error.strerror)

    def close(self):
        """Closes the file; lines that could not be written are lost, as the warning said."""
        try:
            super().close()
        except OSError:
            if not self._is_full:
                raise


class _PlainFormatter(logging.Formatter):
    """Removes the colour codes that libraries put into warnings, and escape codes in names from files."""

    def format(self, record):
        return printable_lines(re.sub(r'\x1b\[[0-9;]*m', '', super().format(record)))
