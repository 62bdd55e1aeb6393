"""The directory of a sweep, locked by one sweep at a time."""
import contextlib

from utils.errors import file_errors
from utils.runs.directory import locked


@contextlib.contextmanager
def taken(out):
    """Makes the directory `out` if it is missing, and locks it against other sweeps.

    Raises:
        UserError: it cannot be made, or another sweep uses it.
    """
    with file_errors(f'--out={out}'):
        out.mkdir(parents=True, exist_ok=True)
    with locked(out, folder='.sweep'):
        yield
