"""LIBERO's meshes and textures: whether they are installed, and how they get there."""
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from utils.errors import UserError, file_errors
from utils.foreign.files import DamagedError, data_file
from utils.text import one_line

FOLDER = 'assets'           # below `libero/libero`
VARIABLE = 'LIBERO_ASSETS'
HOW = (f'set {VARIABLE} to their folder (libero/libero/assets of a clone of LIBERO\'s repository) or to a '
       '.tar.zst of it, and run `make libero`')
# a download that was cut, or another folder, lacks one of these
_EXPECTED = ('scenes', 'textures', 'articulated_objects', 'stable_hope_objects', 'stable_scanned_objects',
             'turbosquid_objects')
_MAX_BYTES = 2 ** 34
_FAULTS = (tarfile.TarError, EOFError, ValueError)


def check_assets(package):
    """Checks that the assets are in the package; otherwise its code would try to download them.

    Args:
        package: path of the installed folder `libero/libero`.

    Raises:
        UserError: a folder of them is missing; names the command that finds them.
    """
    if lacking := _lacking(package / FOLDER):
        raise UserError(f'{package / FOLDER} lacks {lacking}: the meshes and textures of LIBERO are not '
                        f'installed; {HOW}')


def install(package, given, beside):
    """Puts the assets into the package, unless they are there.

    A folder is linked; of an archive the folder `assets` is unpacked, whole or not at all.

    Args:
        package: as for `check_assets`.
        given: value of the variable LIBERO_ASSETS; '' where it is not set.
        beside: [path] of archives to look at, in this order.

    Returns:
        A line about where they are, or about how to get them.

    Raises:
        UserError: `given` does not hold them, or they cannot be written.
    """
    target = package / FOLDER
    if not _lacking(target):
        return f'assets: {target} (installed before)'
    source = Path(given).expanduser() if given else next((path for path in beside if path.is_file()), None)
    if source is None:
        return f'warning: no assets of LIBERO were found; {HOW}'
    if source.is_dir():
        _link(source, target)
        return f'assets: {target} is a link to {source}'
    if not source.is_file():
        raise UserError(f'{VARIABLE}={given}: expected a folder or a .tar.zst; it does not exist')
    _unpack(source, target)
    return f'assets: {target}, unpacked from {source}'


def _lacking(folder):
    """Name of the first of the expected folders that is missing; '' if all are there."""
    return next((name for name in _EXPECTED if not (folder / name).is_dir()), '')


def _link(source, target):
    inner = source if not _lacking(source) else source / FOLDER
    if lacking := _lacking(inner):
        raise UserError(f'{VARIABLE}={source}: expected the assets of LIBERO; it has no folder {lacking}')
    with file_errors(f'cannot write {target}'):
        _remove(target)
        target.symlink_to(inner.resolve(), target_is_directory=True)


def _unpack(source, target):
    with file_errors(f'cannot unpack {source} into {target}'):
        partial = Path(tempfile.mkdtemp(prefix='.assets-', dir=target.parent))
        try:
            _extract(source, partial)
            if lacking := _lacking(partial / FOLDER):
                raise UserError(f'{source}: expected the assets of LIBERO; it has no {FOLDER}/{lacking}')
            _remove(target)
            os.replace(partial / FOLDER, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _remove(target):
    """Removes a link or an incomplete folder."""
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)


def _extract(source, folder):
    """Unpacks what lies below `assets/` in a .tar.zst."""
    import zstandard

    try:
        with data_file(source, _MAX_BYTES) as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            with tarfile.open(fileobj=plain, mode='r|') as archive:
                for member in archive:
                    if member.name.split('/')[0] == FOLDER:
                        archive.extract(member, folder, filter='data')
    except (zstandard.ZstdError, *_FAULTS) as error:
        raise DamagedError(source, one_line(str(error)) or type(error).__name__) from error
