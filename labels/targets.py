"""What a command of `label.py` writes, and where."""
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from labels.copies.options import CopyOptions
from labels.copies.writer import copy_writer, write_copy
from labels.flags import IN_PLACE, NEEDING_COPY
from labels.trainers import TRAINERS
from utils.errors import UserError
from utils.foreign.files import is_plain_name
from utils.labels.table import write_table
from utils.runs.directory import expanded
from utils.unfinished import check_place


class Target(NamedTuple):
    """A file or folder that will be written.

    Attributes:
        path: of it.
        write: function of ([`EpisodeLabels`], provenance) to [text] for the user.
    """

    path: Path
    write: Callable


def target_of(flags, source, form):
    """The `Target` of a command.

    Args:
        flags: of the command, `labels.flags.TABLE`.
        source: path of the data set; None for that of the run.
        form: name of its format.

    Raises:
        UserError: the flags contradict each other, or the place is taken or inside the data set.
    """
    _check_flags(flags)
    if flags['for'] in IN_PLACE:
        return _in_place(flags, source, form)
    text = flags.out or flags.sidecar
    path = expanded('out' if flags.out else 'sidecar', text)
    check_place(path, [source] if source else [])
    if source and path.resolve() == source.resolve():
        raise UserError(f'{path} is the data set that is read; expected another place')
    if flags.sidecar:
        return Target(path, lambda labels, notes: _sidecar(path, labels, notes, flags.chunk))
    if source is None:
        raise UserError(f'--out={flags.out}: expected --data_path, the data set to copy')
    copy_writer(source)
    return Target(path, lambda labels, notes: _copy(path, source, labels, notes, flags))


def _check_flags(flags):
    given = [f'--{name}={flags[name]}' for name in ('out', 'sidecar') if flags[name]]
    if flags['for'] in IN_PLACE:
        if given:
            raise UserError(f'{given[0]}: --for={flags["for"]} writes into the data set; expected no other '
                            'place')
    elif len(given) != 1:
        raise UserError(f'expected one of --out=DST, --sidecar=FILE.parquet and --for={IN_PLACE[0]} or '
                        f'{IN_PLACE[1]}, got {" and ".join(given) or "none"}')
    elif flags['for'] and not flags.out:
        raise UserError(f'--for={flags["for"]}: expected --out=DST, a new copy of the data set')
    if flags.sidecar and not flags.sidecar.endswith('.parquet'):
        raise UserError(f'--sidecar={flags.sidecar}: expected the name of a .parquet file')


def _in_place(flags, source, form):
    if source is None or form != 'lerobot':
        raise UserError(f'--for={flags["for"]}: expected --data_path, a data set of LeRobot, got '
                        f'{f"{source}, {form}" if source else "none"}')
    if not is_plain_name(flags.tag):
        raise UserError(f'--tag={flags.tag}: expected a name without separators')
    place, write = TRAINERS[flags['for']]
    path = source / place.format(tag=flags.tag)
    if not path.parent.is_dir():
        raise UserError(f'{source}: expected the folder of one data set, with {path.parent.name} in it')
    check_place(path)
    return Target(path, lambda labels, notes: write(path, source, labels, notes, flags.chunk))


def _sidecar(path, labels, notes, chunk):
    statistics = write_table(path, labels, notes, chunk)
    return [f'weights of chunks of {chunk} steps: kappa {statistics.kappa:.4g}']


def _copy(path, source, labels, notes, flags):
    options = CopyOptions(mask=flags.mask, above=flags.above, next_obs=flags.next_obs, relabel=flags.relabel)
    if flags['for'] in NEEDING_COPY:
        options = options._replace(**NEEDING_COPY[flags['for']](flags))
    write_copy(source, path, {(each.path, each.name): each for each in labels}, notes, options)
    above = sum(each.predicted_return > flags.above for each in labels)
    return [f'{above} of {len(labels)} episodes have a predicted return above {flags.above:g}']
