"""Writes a labelled copy of a data set in its own layout, which is recognized by its content."""
from pathlib import Path

from envs.recorded.opening import readers
from labels.copies import hdf5, lerobot, rlds
from labels.copies.options import CopyOptions
from utils.errors import UserError
from utils.unfinished import check_place

_WRITERS = {'lerobot': lerobot, 'libero': hdf5, 'rlds': rlds, 'robomimic': hdf5}    # by the format


def copy_writer(path):
    """The module that copies the layout of a data set.

    Args:
        path: of the data set.

    Raises:
        UserError: there is none.
    """
    found = next((reader.__name__.split('.')[-2] for reader in readers() if reader.recognizes(path)), '')
    if found not in _WRITERS:
        raise UserError(f'{path}: expected a data set of LIBERO, robomimic, RLDS or LeRobot to copy, got '
                        f'{f"one of {found}" if found else "none that is recognized"}')
    return _WRITERS[found]


def check_copy(source, labels, options):
    """Makes sure that a copy can be written, whatever the rewards are.

    Args:
        source: path of the data set.
        labels: as of `write_copy`, with any rewards.
        options: the `CopyOptions`.

    Raises:
        UserError: the labels or the options do not fit the source, or it cannot be read.
    """
    copy_writer(source).check_source(source, labels, options)


def write_copy(source, target, labels, provenance, options=None):
    """Writes a copy of a data set with learned rewards in it; what exists is neither changed nor replaced.

    A call that was killed is resumed by the same call. `target` exists only when it is whole.

    Args:
        source: path of the data set: a file or folder of HDF5 files, a folder of RLDS, or of LeRobot.
        target: path of the new data set.
        labels: {(path, name): `EpisodeLabels`}, with paths and names as of a `Recording`.
        provenance: {name: JSON value} that is stored with the rewards.
        options: the `CopyOptions`; None for the usual ones.

    Raises:
        UserError: the target exists or is inside the source, the labels or the options do not fit it, or
            the copy cannot be written.
    """
    source, target = Path(source), Path(target)
    check_place(target, [source])
    copy_writer(source).write_copy(source, target, labels, provenance, options or CopyOptions())
