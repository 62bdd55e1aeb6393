"""RLDS data sets as an `EpisodeSource`."""
from envs.recorded.rlds.find import holds_sets
from utils.errors import UserError


def recognizes(path):
    """Whether `path` is a version folder, or a folder with some one or two levels below; False for None."""
    return path is not None and holds_sets(path)


def open_source(args):
    """The `EpisodeSource` of the suite `args.env`.

    Raises:
        UserError: always; no convention is applied to RLDS yet.
    """
    raise UserError(f'--libero_path={args.libero_path}: expected HDF5 files of LIBERO, got a data set '
                    'in RLDS; RLDS is not connected yet')
