"""Finds Minari's data sets: folders with `data/main_data.hdf5` and `data/metadata.json`."""
from utils.errors import UserError

DATA, METADATA, EPISODES = 'data', 'metadata.json', 'main_data.hdf5'
_DEPTH = 3      # folders above a data set: an id has two or three parts, such as D4RL/hopper/medium-v2


def recognizes(path):
    """Whether `path` is a data set of Minari, its folder `data`, or a folder of sets; False for None."""
    try:
        return path is not None and bool(_sets(path))
    except OSError:         # opening it later raises an error that names the flag
        return False


def find(path, suite):
    """The folders of the data sets that `path` names, by name.

    Raises:
        UserError: there are none, or a folder cannot be read.
    """
    try:
        found = _sets(path)
    except OSError as error:
        raise UserError(f'{path} cannot be read: {error.strerror or error}') from error
    if not found:
        raise UserError(f'{path}: expected data sets of Minari, folders with {DATA}/{EPISODES}')
    return found


def _sets(path):
    if _is_data(path):
        return [path.parent]
    if path.name == EPISODES and path.is_file():
        return [path.parent.parent] if _is_data(path.parent) else []
    layer = [path] if path.is_dir() else []
    for _ in range(_DEPTH + 1):
        if found := sorted(folder for folder in layer if _is_data(folder / DATA)):
            return found
        layer = [inner for folder in layer for inner in folder.iterdir() if inner.is_dir()]
    return []


def _is_data(folder):
    """Whether a folder is the `data` of a set; the metadata alone are those of one in Arrow."""
    return folder.name == DATA and any((folder / name).is_file() for name in (EPISODES, METADATA))
