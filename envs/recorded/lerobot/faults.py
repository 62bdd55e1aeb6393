"""What is wrong with a file of a data set: one line that names the file, and the episode if it is known."""
import os
from contextlib import contextmanager

from utils import text
from utils.errors import UserError
from utils.foreign.files import ContentError, MissingError, UnreadableError, data_file

_LARGEST = 2 ** 46      # bytes of a file that is read in parts
_PACKAGES = 'pip install -r requirements-formats.txt'


def one_line(error):
    """The text of an error on one line, without control characters; its type if it has no text."""
    return text.one_line(str(error)) or type(error).__name__


@contextmanager
def present(path, limit=_LARGEST):
    """The open binary file at `path`, with its contents in place.

    Raises:
        ContentError: it is missing, empty, larger than `limit` bytes or a pointer of Git LFS.
    """
    try:
        with data_file(path, limit) as file:
            if not os.fstat(file.fileno()).st_size:
                raise ContentError(f'{path} is empty')
            yield file
    except MissingError as error:
        raise ContentError(f'{path} is missing') from error
    except UnreadableError as error:
        raise ContentError(f'{path} cannot be read: {error.cause}') from error


def check_present(path):
    """Checks a file as `present`; its size, bytes."""
    with present(path) as file:
        return os.fstat(file.fileno()).st_size


def parquet_library():
    """The module `pyarrow.parquet`.

    Raises:
        UserError: it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UserError(f'LeRobot data sets need pyarrow ({error}); pip install -r '
                        'requirements.txt') from error
    return pyarrow.parquet


def video_library():
    """The module `av`.

    Raises:
        UserError: it is not installed.
    """
    try:
        import av
    except ImportError as error:
        raise UserError(f'videos of LeRobot data sets need av ({error}); {_PACKAGES}') from error
    return av
