"""LeRobot's data sets as an `EpisodeSource`."""
from envs.recorded.lerobot.faults import BadDataError
from envs.recorded.lerobot.info import INFO
from envs.recorded.lerobot.json_files import read_json
from utils.errors import UserError


def recognizes(path):
    """Whether `path` is a data set of LeRobot: a folder with a `meta/info.json` that names its version."""
    if path is None:
        return False
    try:
        contents = read_json(path / INFO) if path.is_dir() else None
    except (BadDataError, OSError):
        return False
    return isinstance(contents, dict) and 'codebase_version' in contents


def open_source(args):
    """The `EpisodeSource` of the data set `args.libero_path`.

    Raises:
        UserError: always.
    """
    raise UserError(f'--libero_path={args.libero_path}: reading LeRobot data sets is not connected yet')
