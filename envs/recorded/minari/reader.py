"""Minari's data sets as an `EpisodeSource`."""
import functools

from envs.recorded.description import describe_sets
from envs.recorded.minari.find import find, recognizes
from envs.recorded.minari.read import columns, read_set
from envs.recorded.sets import Format, open_sets
from utils.flags.suites import OWN_DATA

__all__ = ['describe', 'open_source', 'recognizes', 'serves']


def serves(env):
    """Whether `env` is own data."""
    return env == OWN_DATA


FORMAT = Format(find, columns, read_set, reads_suites=False)
open_source = functools.partial(open_sets, form=FORMAT)
describe = functools.partial(describe_sets, FORMAT)
