"""Opens foreign files: regular ones only, and every failure as one line with the file's name and a cause."""
import csv
import errno
import lzma
import os
import stat
import struct
import tokenize
import zipfile
import zlib
from contextlib import contextmanager

from utils.errors import UserError
from utils.text import one_line

MAX_CAUSE = 300         # characters of a cause; libraries quote the content of a file
_POINTER = b'version https://git-lfs.github.com/spec/'
_KINDS = {stat.S_IFIFO: 'a pipe', stat.S_IFCHR: 'a device', stat.S_IFBLK: 'a device'}
# raised by the readers of Python, numpy, h5py, pandas and yaml for damaged or made-up content
FAULTS = (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
          RuntimeError, MemoryError, SyntaxError, csv.Error, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
          tokenize.TokenError, struct.error)


class UnreadableError(UserError):
    """A file cannot be read; the message names it and the cause.

    Attributes:
        cause: the cause alone, one line.
    """

    def __init__(self, path, cause):
        self.cause = one_line(cause)
        if len(self.cause) > MAX_CAUSE:
            self.cause = f'{self.cause[:MAX_CAUSE]}...'
        super().__init__(f'cannot read {path}: {self.cause}')


class MissingError(UnreadableError):
    """There is no such file."""


class DamagedError(UnreadableError):
    """The content of a file is not what its kind prescribes, or declares implausible sizes."""


class ContentError(ValueError):
    """What a reader's own check says about content; `reading` does not change it."""


@contextmanager
def reading(path, faults=FAULTS):
    """Raises every failure of the `with` block, which reads the file, as an `UnreadableError`.

    An `UnreadableError` and a `ContentError` pass unchanged.

    Args:
        path: of the file.
        faults: types of exceptions that the content can cause.
    """
    try:
        yield
    except ContentError:
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingError(path, error.strerror or str(error)) from error
    except MemoryError as error:
        raise UnreadableError(path, str(error) or 'the memory does not suffice') from error
    except RecursionError as error:
        raise DamagedError(path, 'it is nested too deeply') from error
    except faults as error:
        if isinstance(error, OSError) and error.errno is not None and error.strerror:
            raise UnreadableError(path, error.strerror) from error
        raise DamagedError(path, str(error) or type(error).__name__) from error


def opened(path):
    """The binary file at `path`, open for reading; never waits for a pipe or a device.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(mode):
            kind = _KINDS.get(stat.S_IFMT(mode), 'something else')
            raise OSError(errno.EINVAL, f'it is {kind}, not a regular file', os.fspath(path))
        return os.fdopen(descriptor, 'rb')
    except BaseException:
        os.close(descriptor)
        raise


@contextmanager
def data_file(path, limit):
    """The open binary file of data at `path`, at most `limit` bytes.

    Raises:
        UnreadableError: it cannot be opened, is a Git LFS pointer or too large; or the `with` block fails.
    """
    with reading(path), opened(path) as file:
        start = file.read(len(_POINTER))
        if start == _POINTER:
            raise UnreadableError(path, 'it is a Git LFS pointer, not the data: run git lfs pull, or '
                                        'huggingface-cli download')
        size = os.fstat(file.fileno()).st_size
        if size > limit:
            raise UnreadableError(path, f'it has {size} bytes; expected at most {limit}')
        file.seek(0)
        yield file


def read_bytes(path, limit):
    """The content of a file of at most `limit` bytes.

    Raises:
        UnreadableError: it cannot be read, or is larger.
    """
    with data_file(path, limit) as file:
        content = file.read(limit + 1)      # the file may grow meanwhile
        if len(content) > limit:
            raise UnreadableError(path, f'it has more than {limit} bytes')
        return content


def is_plain_name(name):
    """Whether `name` is a file's name inside a directory: a text without separators, not `.` or `..`."""
    return isinstance(name, str) and name not in ('', '.', '..') and not set(name) & {'/', '\\', '\0'}
