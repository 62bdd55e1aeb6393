"""HDF5 files in robomimic's layout as an `EpisodeSource`."""
import functools

from envs.recorded.description import describe_sets
from envs.recorded.robomimic.read import columns, read_file
from envs.recorded.sets import Format, open_sets
from utils.errors import UserError
from utils.flags.suites import OWN_DATA

_ENDINGS = ('.hdf5', '.h5')


def serves(env):
    """Whether `env` is own data; LIBERO's files are of its own format."""
    return env == OWN_DATA


def recognizes(path):
    """Whether `path` is an HDF5 file, or a folder with some; False for None."""
    if path is None:
        return False
    try:
        return bool(_files(path))
    except OSError:         # opening it later raises an error that names the flag
        return False


def find(path, suite):
    """The files that `path` names, by name.

    Raises:
        UserError: there are none.
    """
    files = _files(path)
    if not files:
        raise UserError(f'{path}: expected {" or ".join(_ENDINGS)} files')
    return files


def _files(path):
    if not path.is_dir():
        return [path] if path.suffix in _ENDINGS else []
    return sorted(file for file in path.iterdir() if file.suffix in _ENDINGS)


FORMAT = Format(find, columns, read_file, reads_suites=False)
open_source = functools.partial(open_sets, form=FORMAT)
describe = functools.partial(describe_sets, FORMAT)
