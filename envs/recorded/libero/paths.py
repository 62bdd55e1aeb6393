"""Finds the recorded episodes of a LIBERO suite: flags first, then LIBERO's own settings, then the sample."""
import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from envs.recorded.libero.settings import datasets_of
from utils.errors import UserError, file_errors
from utils.flags.suites import ENDING, folders_of, task_of, tasks_of
from utils.runs.directory import expanded

SAMPLE = Path(__file__).parents[3] / 'data' / 'libero_sample'
_SAMPLE_SUITE = 'libero_spatial'


class Sources(NamedTuple):
    """Files of episodes, in the order of the suite's tasks.

    Attributes:
        successes: files that `--libero_path` selects.
        failures: files of failed episodes; several may be of one task.
        notices: lines for the user: where the episodes come from.
        is_sample: whether they are the few episodes that come with the project.
    """

    successes: list[Path]
    failures: list[Path]
    notices: list[str]
    is_sample: bool


def find_sources(suite, path='', failures=''):
    """The files of a suite.

    Args:
        suite: its name, such as `'libero_spatial'`.
        path: value of `--libero_path`; where it is empty, the folder of LIBERO's config.yaml that holds the
            suite, and otherwise the sample.
        failures: value of `--libero_failures`, folders separated by commas.

    Raises:
        UserError: a path is missing or holds no file of the suite, a file is of another suite or named
            twice, or there are no episodes at all.
    """
    failed = [file for name in failures.split(',') if name
              for file in _files('libero_failures', name, suite, '_failures')]
    if path:
        files, notices = _files('libero_path', path, suite), []
        if expanded('libero_path', path).resolve().is_relative_to(SAMPLE.resolve()):
            return Sources(*_checked(files, failed), _about_sample(), True)
    else:
        files, notices = _configured(suite)
    if files:
        return Sources(*_checked(files, failed), notices, False)
    return _sample(suite, failed, notices)


def is_data(path):
    """Whether a path is named as a file of episodes; names that begin with a dot are never data (macOS)."""
    return path.name.endswith(ENDING) and not path.name.startswith('.')


def files_below(folder):
    """The `*_demo.hdf5` files in a folder, by name.

    Raises:
        UserError: the folder cannot be read.
    """
    with file_errors(f'cannot read {folder}'):
        return sorted(filter(is_data, folder.iterdir()))


def _files(flag, text, suite, suffix=''):
    """The files that the value of a flag names, all of the suite; of a root, those in its suite's folders."""
    path = expanded(flag, text)
    with file_errors(f'--{flag}={text}'), suppress(FileNotFoundError):      # a missing one is reported below
        path.lstat()
    if path.is_file():
        if not is_data(path):
            raise UserError(f'--{flag}={text}: expected a file named <task>{ENDING}')
        files = [path]
    elif path.is_dir():
        files = _in_suite_folders(path, suite, suffix) or files_below(path)
    else:
        raise UserError(f'--{flag}={text}: expected a folder or an .hdf5 file; it does not exist')
    if not files:
        raise UserError(f'--{flag}={text}: expected <task>{ENDING} files, or folders of them named '
                        f'{" and ".join(folders_of(suite))}, got {_listed(path)}'
                        f'{_without_files(path, suite)}')
    return _of_suite(f'--{flag}={text}', files, suite)


def _in_suite_folders(root, suite, suffix=''):
    """Files in the folders of a suite below `root`; only in those named with `suffix` if these have files."""
    for end in dict.fromkeys((suffix, '')):
        folders = [root / f'{name}{end}' for name in folders_of(suite)]
        files = [file for folder in folders if folder.is_dir() for file in files_below(folder)]
        if files:
            return files
    return []


def _of_suite(source, files, suite):
    """`files` in the order of the suite's tasks.

    Raises:
        UserError: a file is of another suite's task.
    """
    tasks = tasks_of(suite)
    others = [file for file in files if task_of(file) not in tasks]
    if len(others) == len(files):
        raise UserError(f'{source}: none of the {len(files)} files is of a task of --env={suite}; '
                        f'the first is {others[0].name}')
    if others:
        raise UserError(f'{source}: {others[0]} is not of a task of --env={suite}')
    return sorted(files, key=lambda file: tasks.index(task_of(file)))


def _checked(successes, failures):
    """Both lists.

    Raises:
        UserError: a file is listed twice, or two files of `successes` are of one task.
    """
    for file, count in Counter(os.path.realpath(file) for file in [*successes, *failures]).items():
        if count > 1:
            raise UserError(f'{file} is named {count} times by --libero_path and --libero_failures; '
                            'expected every file once')
    for task, count in Counter(map(task_of, successes)).items():
        if count > 1:
            files = [str(file) for file in successes if task_of(file) == task]
            raise UserError(f'--libero_path: expected one file of each task, got {" and ".join(files)}')
    return successes, failures


def _configured(suite):
    """(files of the folder `datasets` of LIBERO's config.yaml, or []; [a notice about it])."""
    try:
        config = Path(os.environ.get('LIBERO_CONFIG_PATH') or '~/.libero').expanduser() / 'config.yaml'
    except RuntimeError as error:
        return [], [f'LIBERO has no config.yaml ({error})']
    folder, why = datasets_of(config)
    if why:
        return [], [why]
    with file_errors(f'{folder}, the folder datasets of {config}, cannot be read'):
        exists = Path(folder).is_dir()
    if not exists:
        return [], [f'{folder}, the folder datasets of {config}, does not exist']
    files = _in_suite_folders(Path(folder), suite)
    if not files:
        return [], [f'{folder}, the folder datasets of {config}, holds no episodes of {suite}']
    return (_of_suite(f'datasets of {config}', files, suite),
            [f'Episodes of {suite} in {folder}, the folder datasets of {config}'])


def _sample(suite, failures, searched):
    """The sample's files, with the sample's failures if no others are given."""
    needed = ' and '.join(f'{folder}/*{ENDING}' for folder in folders_of(suite))
    if suite != _SAMPLE_SUITE:
        raise UserError(f'--env={suite}: no episodes found ({searched[0]}, and the sample is of '
                        f'{_SAMPLE_SUITE}); give --libero_path=DIR, the folder that holds {needed}')
    if not _in_suite_folders(SAMPLE, suite):
        raise UserError(f'--env={suite}: no episodes found ({searched[0]}, and {SAMPLE} is empty); '
                        f'give --libero_path=DIR, the folder that holds {needed}')
    files = _of_suite(str(SAMPLE), _in_suite_folders(SAMPLE, suite), suite)
    notices = [f'No LIBERO data given by --libero_path, and {searched[0]}', *_about_sample()]
    if not failures:
        failures = _of_suite(str(SAMPLE), files_below(SAMPLE / f'{suite}_failures'), suite)
        notices.append("The sample's own failures are used too, as no --libero_failures are given")
    return Sources(*_checked(files, failures), notices, True)


def _about_sample():
    return [f'USING THE SAMPLE in {SAMPLE}: a few episodes of two tasks, simulated with the LIBERO simulator '
            'by a scripted policy, not the human demonstrations. Good for a first try, not for results']


def _without_files(root, suite):
    """Which folders of a suite are below `root`, but have no files; for an error."""
    there = [name for name in folders_of(suite) if (root / name).is_dir()]
    return f'; {" and ".join(there)} holds {_listed(root / there[0])}' if there else ''


def _listed(folder):
    """The first names in a folder, for an error."""
    with file_errors(f'cannot read {folder}'):
        names = sorted(f'{path.name}/' if path.is_dir() else path.name for path in folder.iterdir())
    if not names:
        return 'an empty folder'
    return ', '.join(names[:5]) + (f' and {len(names) - 5} more' if len(names) > 5 else '')
