"""The directory of a sweep, had by one sweep at a time."""
import contextlib

from utils.errors import UserError
from utils.runs.directory import locked


@contextlib.contextmanager
def taken(out):
    """Makes the directory `out` unless it is there, and keeps other sweeps from it.

    Raises:
        UserError: it cannot be made, or another sweep has it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f'--out={out}: {error.strerror}') from error
    with locked(out, folder='.sweep'):
        yield
