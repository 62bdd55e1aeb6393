"""Failures that a user can fix: reported in one line, without a traceback."""
import signal
import sys
from contextlib import contextmanager

from utils.packages import MODULES, not_installed
from utils.streams import prepare_streams
from utils.text import one_line


class UserError(Exception):
    """A flag, a file or a directory is unusable; the message names it, what was expected and what came."""


class DivergedError(Exception):
    """Training produced a NaN or infinite number; the message names it and the step."""


class Finished(Exception):      # noqa: N818 (it is no error)
    """There is nothing left to do; the message says why."""


class Interrupted(KeyboardInterrupt):
    """A signal asked the process to stop.

    Attributes:
        number: number of the signal.
    """

    def __init__(self, number=signal.SIGINT):
        super().__init__(number)
        self.number = number


@contextmanager
def file_errors(text):
    """Raises an `OSError` of the `with` block as a `UserError`.

    Args:
        text: start of the message, such as 'cannot write FILE'; a colon and the reason follow.
    """
    try:
        yield
    except OSError as error:
        raise UserError(f'{text}: {error.strerror or error}') from error


def run(main):
    """Calls `main()`; a failure that a user can fix becomes one line on standard error and an exit status.

    Exit status: 2 for a `UserError` and for a package that is not installed, 1 for a `DivergedError`, 130
    after Ctrl-C, 143 after SIGTERM, 0 for `Finished`. Every other exception is a bug and keeps its traceback.
    """
    prepare_streams()
    try:
        main()
    except Finished as done:
        print(done)
    except (UserError, DivergedError) as error:
        print(f'error: {one_line(str(error))}', file=sys.stderr)     # whatever a flag or a file put into it
        sys.exit(2 if isinstance(error, UserError) else 1)
    except ModuleNotFoundError as error:
        if error.name not in MODULES:       # of this project, say
            raise
        print(f'error: {not_installed(error.name)}', file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as stop:
        number = stop.number if isinstance(stop, Interrupted) else signal.SIGINT
        print('error: interrupted', file=sys.stderr)
        sys.exit(128 + number)
