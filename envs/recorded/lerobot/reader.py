"""LeRobot's data sets as an `EpisodeSource`."""
import functools

from envs.recorded.description import describe_sets
from envs.recorded.lerobot.info import INFO, read_info
from envs.recorded.lerobot.json_files import read_json
from envs.recorded.lerobot.read import read_set
from envs.recorded.orientation import MIRRORED
from envs.recorded.sets import Format, open_sets
from utils.errors import UserError
from utils.foreign.files import ContentError


def serves(env):
    """True: of LIBERO's suites, and of own data."""
    return True


def recognizes(path):
    """Whether `path` is a data set of LeRobot: a folder with a `meta/info.json` that names its version."""
    if path is None:
        return False
    try:
        contents = read_json(path / INFO) if path.is_dir() else None
    except (ContentError, OSError):
        return False
    return isinstance(contents, dict) and 'codebase_version' in contents


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
    except ContentError as error:
        raise UserError(f'{error}') from error


FORMAT = Format(find, columns, read_set, MIRRORED)
open_source = functools.partial(open_sets, form=FORMAT)
describe = functools.partial(describe_sets, FORMAT)
