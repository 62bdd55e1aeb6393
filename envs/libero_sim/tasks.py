"""The tasks of the installed LIBERO: one .bddl file each, by suite."""
import difflib

from utils.errors import UserError
from utils.flags.suites import folders_of


def suites(package):
    """Names of the suites that have tasks, sorted.

    Args:
        package: path of the installed folder `libero/libero`.
    """
    return sorted(folder.name for folder in (package / 'bddl_files').iterdir() if any(folder.glob('*.bddl')))


def tasks(package, suite):
    """Names of the tasks of a suite, sorted.

    Args:
        package: as for `suites`.
        suite: name of a folder of .bddl files.
    """
    return sorted(path.stem for path in (package / 'bddl_files' / suite).glob('*.bddl'))


def bddl_file(package, suite, task):
    """Path of the file that defines a task.

    Args:
        package: as for `suites`.
        suite: name of a suite; `libero_long` and `libero_100` stand for the folders that hold them.
        task: name of the task, as in `<task>_demo.hdf5`.

    Raises:
        UserError: there is no such suite or task.
    """
    known = suites(package)
    folders = [folder for folder in folders_of(suite) if folder in known]
    if not folders:
        raise UserError(f'suite {suite!r}: expected one of {", ".join(known)}')
    for folder in folders:
        path = package / 'bddl_files' / folder / f'{task}.bddl'
        if task in tasks(package, folder):
            return path
    names = [name for folder in folders for name in tasks(package, folder)]
    near = difflib.get_close_matches(task, names, n=1)
    hint = f'; did you mean {near[0]}?' if near else ''
    raise UserError(f'task {task!r}: expected one of the {len(names)} tasks of {suite}{hint}')
