"""LeRobot's data sets as an `EpisodeSource`."""
from envs.recorded.description import describe_sets
from envs.recorded.lerobot.faults import BadDataError
from envs.recorded.lerobot.info import INFO, read_info
from envs.recorded.lerobot.json_files import read_json
from envs.recorded.lerobot.read import read_set
from envs.recorded.orientation import MIRRORED
from envs.recorded.sets import Format, open_sets
from utils.errors import UserError


def serves(env):
    """True: of LIBERO's suites, and of own data."""
    return True


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
    """The `EpisodeSource` of the data sets that the flags name.

    Raises:
        UserError: a path is missing, or a data set or an episode is invalid.
    """
    return open_sets(args, FORMAT)


def describe(path):
    """[text] about each data set at a path.

    Raises:
        UserError: one cannot be read.
    """
    return describe_sets(FORMAT, path, MIRRORED)


def find(path, suite):
    """The data set `path`, which may hold several suites.

    Raises:
        UserError: it is none.
    """
    if not recognizes(path):
        raise UserError(f'{path}: expected a data set of LeRobot, with {INFO}')
    return [path]


def columns(folder):
    """{name: `Column`} of a data set.

    Raises:
        UserError: its metadata are invalid.
    """
    try:
        return read_info(folder).columns
    except BadDataError as error:
        raise UserError(f'{error}') from error


FORMAT = Format(find, columns, read_set)
