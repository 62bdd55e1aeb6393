"""Finds data sets: a version folder, the folder of a data set, or a folder of data sets."""
import re
from pathlib import Path

from envs.recorded.rlds import features, info
from utils.errors import UserError, file_errors
from utils.foreign.files import ContentError


def holds_sets(path):
    """Whether there is a data set in a folder, one level below or two levels below."""
    try:
        return path.is_dir() and bool(_versions(path))
    except OSError:         # opening it later raises an error that names the flag
        return False


def find_sets(path, suite=''):
    """The version folders of a suite's data sets, sorted.

    The name in `dataset_info.json` decides, not the folder's: OpenVLA's folder libero_10_no_noops has the
    name liber_o10. Without sets named exactly as the suite, with or without no_noops, those count whose name
    begins like that, such as libero_goal_failures.

    Args:
        path: a version folder, the folder of a data set with one version, or a folder of data sets.
        suite: such as 'libero_spatial'; '' for the only set.

    Raises:
        UserError: there is none, or several versions or copies of one.
    """
    path = Path(path)
    with file_errors(f'cannot read {path}'):
        folders = _versions(path) if path.is_dir() else []
    if not folders:
        raise UserError(f'{path}: expected {features.NAME} and {info.NAME} in it, in <version> or in '
                        '<data set>/<version> below it, found none')
    names = {folder: _name_of(folder) for folder in folders}
    chosen = [folder for folder in folders if _is_exact(names[folder], suite)] or [
        folder for folder in folders if _begins(names[folder], suite)]
    if not chosen:
        found = ', '.join(sorted(set(names.values())))
        raise UserError(f'{path}: expected a data set of {suite}, found {found}')
    _check_single({folder: names[folder] for folder in chosen}, suite)
    return chosen


def _check_single(names, suite):
    """Raises a `UserError` if some folders of {folder: name} are versions or copies of one data set."""
    first = {}
    for folder, name in names.items():
        other = first.setdefault(_plain(name).removesuffix('nonoops') if suite else '', folder)
        if other != folder:
            what = 'version' if other.parent == folder.parent else 'data set'
            raise UserError(f'expected one {what}, found {other} and {folder}; name one of them')


def _versions(path):
    """Folders with both files: `path`, or those one level below and two levels below."""
    if _is_set(path):
        return [path]
    below = sorted(inner for inner in path.iterdir() if inner.is_dir())
    versions = [folder for folder in below if _is_set(folder)]
    for folder in below:
        if folder not in versions:
            versions += sorted(inner for inner in folder.iterdir() if inner.is_dir() and _is_set(inner))
    return versions


def _is_set(path):
    return (path / features.NAME).is_file() and (path / info.NAME).is_file()


def _name_of(folder):
    try:
        return info.read_info(folder).name
    except ContentError as error:
        raise UserError(f'{folder}: {error}') from error


def _plain(name):
    """A name without what its spellings differ in: 'liber_o10' and 'libero_10' are one."""
    return re.sub('[^a-z0-9]', '', name.lower())


def _is_exact(name, suite):
    return _plain(name).removesuffix('nonoops') == _plain(suite).removesuffix('nonoops')


def _begins(name, suite):
    rest = _plain(name).removeprefix(_plain(suite))
    return _plain(name).startswith(_plain(suite)) and (not suite or not rest[:1].isdigit())
