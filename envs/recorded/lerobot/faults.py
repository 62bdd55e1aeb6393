"""What is wrong with a file of a data set: one line that names the file, and the episode if it is known."""
from utils import text
from utils.errors import UserError
from utils.foreign.files import opened

_POINTER = b'version https://git-lfs'       # how the text starts that Git LFS puts in place of a file
_PACKAGES = 'pip install -r requirements-formats.txt'


class BadDataError(ValueError):
    """A part of a data set is invalid; the text names the file, the expected value and the actual one."""


def one_line(error):
    """The text of an error on one line, without control characters; its type if it has no text."""
    return text.one_line(str(error)) or type(error).__name__


def check_present(path):
    """Checks that `path` is a file with its contents in place.

    Returns:
        Its size, bytes.

    Raises:
        BadDataError: it is missing, empty, or a pointer of Git LFS.
    """
    try:
        if not path.is_file():
            raise BadDataError(f'{path} is missing')
        with opened(path) as file:
            start = file.read(len(_POINTER))
        size = path.stat().st_size
    except OSError as error:
        raise BadDataError(f'{path} cannot be read: {error.strerror or error}') from error
    if start == _POINTER:
        raise BadDataError(f'{path} is a pointer of Git LFS, not the data; run `git lfs pull` there, '
                           'or download it with huggingface-cli download')
    if not size:
        raise BadDataError(f'{path} is empty')
    return size


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
