"""Removes directories that checkpoints left; never what is not ours, and never through a link."""
import itertools
import logging
import shutil

LOG = logging.getLogger('rrd')


def is_own_directory(path):
    """Whether `path` is a directory itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def remove_directories(paths):
    """Removes each of `paths` that is a directory itself; one that cannot be removed is only logged."""
    for path in filter(is_own_directory, paths):
        try:
            shutil.rmtree(path)
        except OSError as error:
            LOG.warning('warning: %s cannot be removed: %s', path, error.strerror)


def free_name(path, ending=''):
    """`path` with `ending`, or with a number before it where something that is not ours has that name.

    A directory of that name is removed.
    """
    for number in itertools.count():
        candidate = path.with_name(f'{path.name}{f"-{number}" if number else ""}{ending}')
        if is_own_directory(candidate):
            shutil.rmtree(candidate, ignore_errors=True)
        if not (candidate.exists() or candidate.is_symlink()):
            return candidate
