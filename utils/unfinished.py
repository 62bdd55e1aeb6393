"""A folder that is written over a long time: whole at its place or not there at all, resumed after a kill."""
import fcntl
import json
import os
from contextlib import contextmanager

from utils.errors import UserError, file_errors
from utils.whole_files import sync

PLAN = 'unfinished.plan'        # in the unfinished folder: its lock, and what it will hold
_END = '\n'                     # an empty line; without it the plan was being written


def check_place(target, sources=()):
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
        if os.path.isdir(source) and target.resolve().is_relative_to(source.resolve()):
            raise UserError(f'{target} is inside {source}, which is read; expected a folder elsewhere')


@contextmanager
def staged(target, plan):
    """Yields the folder `TARGET.partial`, which becomes `target` when the block ends without an exception.

    The block writes each file whole (`utils.whole_files`) and skips those that exist: they are of an earlier
    call with the same plan, which was interrupted. Blocks of different targets can be nested.

    Args:
        target: path of the new folder.
        plan: {name: JSON value} of all that the content depends on; an unfinished folder of another plan is
            not resumed.

    Raises:
        UserError: the target exists; or the folder cannot be written, is in use, or is of another plan.
    """
    check_place(target)
    partial = target.with_name(f'{target.name}.partial')
    lines = [f'{name} {json.dumps(value, sort_keys=True)}\n' for name, value in plan.items()]
    with file_errors(f'cannot write {partial}'):
        partial.mkdir(parents=True, exist_ok=True)
        if not (partial / PLAN).exists() and any(partial.iterdir()):
            raise UserError(f'{partial} is not an unfinished folder of this program; remove it, or choose '
                            'another name')
        with open(partial / PLAN, 'a+', encoding='utf-8', errors='replace') as file:
            _lock(file, partial)
            _claim(file, lines, partial)
            yield partial
            os.rename(partial, target)
            (target / PLAN).unlink()
            sync(target)
            sync(target.parent)


def _lock(file, partial):
    """Locks the open plan; another process may have moved it away after it was opened."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(f'{partial} is in use by another process') from error
    if not os.path.samestat(os.fstat(file.fileno()), os.stat(partial / PLAN)):
        raise UserError(f'{partial} was in use by another process; try again')


def _claim(file, lines, partial):
    """Writes the plan into the open file, or makes sure that it is the one there."""
    file.seek(0)
    found = file.readlines()
    if found[-1:] != [_END] and [path.name for path in partial.iterdir()] == [PLAN]:
        file.truncate(0)        # nothing is written before the plan is whole
        file.write(''.join([*lines, _END]))
        file.flush()
        os.fsync(file.fileno())
        sync(partial)
    elif found != [*lines, _END]:
        names = sorted({line.split()[0] for line in {*lines} ^ {*found} if line.strip()})
        raise UserError(f'{partial} is unfinished, with other values of {", ".join(names) or PLAN}; remove '
                        'it to start again')
