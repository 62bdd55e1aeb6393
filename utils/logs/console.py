"""What a person watches: plain lines on the terminal and in log.txt, above a progress bar."""
import logging
import os
import re
import sys
from contextlib import ExitStack, contextmanager

from tqdm import tqdm


class Console:
    """Gives the logger `rrd` its two outputs, standard output and a file, until it is closed.

    Python's warnings go to the file only: libraries warn about matters of their own, over the progress bar.

    Args:
        log_path: the text file; lines are added at its end.
    """

    def __init__(self, log_path):
        self.logger = logging.getLogger('rrd')
        self.logger.setLevel(logging.INFO)
        self._stack = ExitStack()

        self._file = logging.FileHandler(log_path, encoding='utf-8')
        self._stack.callback(self._file.close)
        self._attach(self.logger, self._file)
        self._attach(self.logger, Terminal())
        self.logger.propagate = False       # libraries give the root logger handlers of their own
        self._stack.callback(setattr, self.logger, 'propagate', True)
        self._attach(logging.getLogger('py.warnings'), self._file)
        logging.captureWarnings(True)
        self._stack.callback(logging.captureWarnings, False)

    def progress(self, total, unit, scale=1, initial=0):
        """A bar with the estimated end, on a terminal only; move it with `update(n)`.

        Args:
            total: number of units of the whole run.
            unit: what is shown, as in `240step/s`.
            scale: how many of these each unit of `total` stands for.
            initial: units done before, by the run that is resumed.

        Returns:
            A `tqdm`, closed with the console.
        """
        # disable=None: nothing where standard error is no terminal. smoothing: the rate is a mean over about
        # a hundred redraws, as the test at each cycle's end holds the bar up
        return self._stack.enter_context(tqdm(
            total=total, unit=unit, unit_scale=scale if scale > 1 else False, initial=initial, disable=None,
            dynamic_ncols=True, miniters=1, mininterval=0.5, smoothing=0.01))

    @contextmanager
    def native_messages(self):
        """Sends what compiled libraries write to standard error to the file: TensorFlow's at its start."""
        with native_messages(self._file.stream):
            yield

    def close(self):
        """Ends the bar, takes both outputs away and closes the file."""
        self._stack.close()

    def _attach(self, logger, handler):
        handler.setFormatter(_PlainFormatter('%(message)s'))
        logger.addHandler(handler)
        self._stack.callback(logger.removeHandler, handler)


@contextmanager
def native_messages(file):
    """Sends what compiled libraries write to standard error into a file."""
    if sys.stderr is None:              # closed by whoever started the process
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
    """A progress bar over frames that are decoded, on a terminal only."""
    return tqdm(total=total, unit='frame', desc='decoding', disable=None, dynamic_ncols=True)


def plain_logger():
    """The logger `rrd` with lines on standard output, for a program that keeps no log.txt."""
    logging.basicConfig(handlers=[Terminal()], format='%(message)s')
    logger = logging.getLogger('rrd')
    logger.setLevel(logging.INFO)
    return logger


class Terminal(logging.Handler):
    """Lines on standard output, above the bar; when nobody reads them any more, other handlers go on."""

    _is_gone = False

    def emit(self, record):
        """Writes one record."""
        if self._is_gone or sys.stdout is None:     # None: closed by whoever started the process
            return
        try:
            tqdm.write(self.format(record), file=sys.stdout)
            sys.stdout.flush()
        except OSError as error:
            self._is_gone = True
            with open(os.devnull, 'wb') as nowhere:     # for what is buffered, flushed at the end
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            logging.getLogger(record.name).warning('standard output is gone (%s); the run goes on',
                                                   error.strerror)


class _PlainFormatter(logging.Formatter):
    """Drops the colours that libraries put into their warnings."""

    def format(self, record):
        return re.sub(r'\x1b\[[0-9;]*m', '', super().format(record))
