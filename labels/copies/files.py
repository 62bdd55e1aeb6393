"""Files that a copy takes over as they are."""
import os
import shutil

from utils.errors import UserError, file_errors
from utils.foreign.files import opened
from utils.unfinished import PLAN
from utils.whole_files import CHUNK, write_whole


def files_below(folder):
    """[path relative to `folder`] of all files in it, sorted; links are followed.

    Folders whose names begin with a dot are left out: they belong to programs such as git.

    Raises:
        UserError: a folder cannot be read, leads into itself, or a file has the name of our own plan.
    """
    with file_errors(f'cannot read {folder}'):
        found = sorted(path.relative_to(folder) for path in _below(folder, [folder.resolve()]))
    for path in found:
        if path.name == PLAN:
            raise UserError(f'{folder / path}: a file of this name cannot be copied; it is of an unfinished '
                            'data set')
    return found


def _below(folder, around):
    for path in folder.iterdir():
        if not path.is_dir():
            yield path
        elif not path.name.startswith('.'):
            place = path.resolve()
            if place in around:
                raise UserError(f'{path} leads to a folder around it')
            yield from _below(path, [*around, place])


def stats_of(folder, names):
    """[[name, bytes, time of the last change in ns]] of some files of a folder.

    Raises:
        UserError: one is missing.
    """
    with file_errors(f'cannot read {folder}'):
        stats = [(name, (folder / name).stat()) for name in names]
    return [[name.as_posix(), stat.st_size, stat.st_mtime_ns] for name, stat in stats]


def copy_into(source, file):
    """Appends the content of the file at `source` to an open binary file.

    Raises:
        OSError: one of them fails; or `source` is a pipe or a device.
    """
    with opened(source) as content:
        shutil.copyfileobj(content, file, CHUNK)


def copy_file(source, target):
    """Copies a file, whole or not at all; one that is there stays.

    Raises:
        UserError: it cannot be copied.
    """
    if not target.exists():
        with file_errors(f'cannot copy {source} to {target}'):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, lambda file: copy_into(source, file))


def link_file(source, target):
    """Makes `target` a second name of a file, or a copy where there are no such links.

    Raises:
        UserError: neither is possible.
    """
    with file_errors(f'cannot copy {source} to {target}'):
        target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        try:
            os.link(source.resolve(), target)
        except OSError:         # another file system, or one without hard links
            copy_file(source, target)
