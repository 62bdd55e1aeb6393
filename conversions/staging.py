"""The folder of an unfinished conversion: it is moved to its place when it is whole."""
import fcntl
import json
import os
from contextlib import contextmanager

from utils.errors import UserError, file_errors
from utils.whole_files import sync

_PLAN = 'plan.json'


def check_place(target, sources):
    """Refuses a place that exists or is inside a source.

    Args:
        target: path to write.
        sources: paths that are read.

    Raises:
        UserError: it cannot be used.
    """
    if os.path.lexists(target):
        raise UserError(f'{target} exists and is not overwritten; expected the name of a new folder')
    for source in sources:
        if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
            raise UserError(f'{target} is inside {source}, which is read; expected a folder elsewhere')


@contextmanager
def staged(target, plan):
    """Yields `TARGET.partial`, which becomes `target` when the block ends.

    Args:
        target: path of the new folder.
        plan: JSON value; an unfinished conversion of another one is not resumed.

    Raises:
        UserError: the folder cannot be written, is in use, or is of another conversion.
    """
    partial = target.with_name(f'{target.name}.partial')
    with file_errors(f'cannot write {partial}'):
        partial.mkdir(parents=True, exist_ok=True)
        if not (partial / _PLAN).exists() and any(partial.iterdir()):
            raise UserError(f'{partial} is no unfinished conversion of this kind; remove it, or choose '
                            'another name')
        with open(partial / _PLAN, 'a+', encoding='utf-8') as file:
            _claim(file, json.dumps(plan, sort_keys=True), partial)
            yield partial
            os.rename(partial, target)
            (target / _PLAN).unlink()
            sync(target)
            sync(target.parent)


def _claim(file, text, partial):
    """Locks the open plan, and makes sure that it is `text`."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(f'{partial} is in use by another process') from error
    file.seek(0)
    found = file.read()
    if found and found != text:
        raise UserError(f'{partial} is an unfinished conversion of other episodes or flags; remove it to '
                        'start again')
    if not found:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
