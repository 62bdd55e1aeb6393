"""Run directories: naming, creation, locking."""
import contextlib
import fcntl
import logging
import os
from pathlib import Path

from utils.errors import UserError
from utils.flags.command_line import check_text
from utils.foreign.files import opened
from utils.runs.naming import run_name

_INSIDE = 200       # bytes of the longest path in the directory of a run
LOCK = Path('checkpoints', 'lock')      # in the run directory; the first file that is created


def run_directory(args):
    """The directory given by `args`: `--run_dir`, or `log/` and the run's name."""
    return expanded('run_dir', args.run_dir) if args.run_dir else Path('log') / run_name(args)


def expanded(flag, text):
    """The path given by a flag, with `~` expanded to the home directory.

    Raises:
        UserError: there is no such home directory, or the path is not UTF-8.
    """
    check_text(str(text))
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise UserError(f'--{flag}={text}: {error}') from error


def check_free(path):
    """Checks that the directory `path` can be created, without creating it.

    Raises:
        UserError: it exists, even if empty, or its nearest existing parent is not a writable directory.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        _check_parent(path)
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    else:
        raise UserError(f'{path} exists and is not overwritten; choose another --run_dir '
                        '(without one, another --tag or --seed)')


def _check_parent(path):
    parent = _nearest_parent(path)
    if not (parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)):
        raise _unusable(path, f'{parent} is not a writable directory')
    if has_long_name(path):
        raise _unusable(path, 'its name is too long')


def has_long_name(path):
    """Whether a part of `path`, or all of it, is longer than its file system can name."""
    parent = _nearest_parent(path)
    return (any(len(os.fsencode(part)) > os.pathconf(parent, 'PC_NAME_MAX') for part in path.parts)
            or len(os.fsencode(path.absolute())) + _INSIDE > os.pathconf(parent, 'PC_PATH_MAX'))


def _nearest_parent(path):
    return next(parent for parent in path.absolute().parents if os.path.lexists(parent))


def make_directory(path):
    """Creates the directory `path` and its missing parents.

    Raises:
        UserError: it exists or cannot be created.
    """
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise _unusable(path, error.strerror) from error


def _unusable(path, reason):
    return UserError(f'cannot make the directory {path}: {reason}; choose another --run_dir')


@contextlib.contextmanager
def locked(path, folder=LOCK.parent):
    """Locks the directory `path` against other processes, at most until the end of this one.

    Args:
        path: path of the directory.
        folder: name of the subdirectory with the lock file.

    Raises:
        UserError: another process holds the lock.
    """
    try:
        (path / folder).mkdir(exist_ok=True)
        file = open(path / folder / LOCK.name, 'ab')
    except OSError as error:
        raise UserError(f'cannot write into {path}: {error.strerror}') from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(f'{path} is in use by another process; wait for its end') from error
        except OSError as error:        # a file system without locks
            logging.getLogger('rrd').warning('warning: %s cannot be locked (%s)', path, error.strerror)
        yield


def in_use(path):
    """Whether a process uses the directory `path`; False if it does not exist."""
    try:
        with opened(path / LOCK) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:         # no such file, or a file system without locks
        return False
    return False
