"""Minari's data sets as an `EpisodeSource`."""
from envs.recorded.description import describe_sets
from envs.recorded.minari.find import find, recognizes
from envs.recorded.minari.read import columns, read_set
from envs.recorded.sets import Format, open_sets
from utils.flags.suites import OWN_DATA

__all__ = ['describe', 'open_source', 'recognizes', 'serves']


def serves(env):
    """Whether `env` is own data."""
    return env == OWN_DATA


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
    return describe_sets(FORMAT, path)


FORMAT = Format(find, columns, read_set)
