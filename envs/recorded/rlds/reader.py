"""RLDS data sets as an `EpisodeSource`."""
import functools

from envs.recorded.description import describe_sets
from envs.recorded.orientation import MIRRORED
from envs.recorded.rlds.features import columns_of, read_fields
from envs.recorded.rlds.find import find_sets, holds_sets
from envs.recorded.rlds.read import read_set
from envs.recorded.sets import Format, open_sets
from utils.errors import UserError
from utils.foreign.files import ContentError


def serves(env):
    """True: of LIBERO's suites, and of own data."""
    return True


def recognizes(path):
    """Whether `path` is a version folder, or a folder with some one or two levels below; False for None."""
    return path is not None and holds_sets(path)


def columns(folder):
    """{name: `Column`} of a version folder.

    Raises:
        UserError: its features are invalid.
    """
    try:
        return columns_of(read_fields(folder))
    except ContentError as error:
        raise UserError(f'{folder}: {error}') from error


FORMAT = Format(find_sets, columns, read_set, MIRRORED)
open_source = functools.partial(open_sets, form=FORMAT)
describe = functools.partial(describe_sets, FORMAT)
