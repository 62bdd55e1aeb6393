"""What a command of `label.py` writes, and where."""
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from labels.copies.labelled import provenance_of
from labels.copies.options import CopyOptions
from labels.copies.returns import mask_warnings
from labels.copies.writer import check_copy, copy_writer, write_copy
from labels.flags import IN_PLACE, NEEDING_COPY
from labels.parts import has_predictions
from labels.trainers import TRAINERS, check_frames
from labels.uses import check_layout, check_used, used
from utils.errors import UserError
from utils.foreign.files import is_plain_name
from utils.labels.episode import UNKNOWN, episode_labels
from utils.labels.table import write_table
from utils.runs.directory import expanded
from utils.unfinished import PLAN, check_place

_CHANGING = ('date', 'commit')      # of a provenance: differ between two calls of one command


class Target(NamedTuple):
    """A file or folder that will be written.

    Attributes:
        path: of it.
        flags: {name: value} of what its content depends on, beside the rewards.
        check: function of [`EpisodeLabels`] with any rewards; raises a `UserError` if they cannot be written.
        write: function of ([`EpisodeLabels`], provenance) to [text] for the user.
    """

    path: Path
    flags: dict
    check: Callable
    write: Callable

    def check_items(self, items):
        """Makes sure that labels of these [`Item`] can be written, before they are predicted.

        Raises:
            UserError: they cannot.
        """
        self.check([episode_labels(each.recording, np.zeros(each.recording.length, np.float32), UNKNOWN, None)
                    for each in items])

    def is_written(self, notes):
        """Whether the same command has written it before, and was killed after that.

        Args:
            notes: provenance of the labels.

        Raises:
            UserError: something else is there.
        """
        if not os.path.lexists(self.path):
            return False
        found, notes = provenance_of(self.path), {**notes, 'flags': self.flags}
        if any(found.get(name) != value for name, value in notes.items() if name not in _CHANGING):
            check_place(self.path)
        if self.path.is_dir():
            (self.path / PLAN).unlink(missing_ok=True)      # it was killed before this
        return True


def target_of(flags, given, source, form):
    """The `Target` of a command.

    Args:
        flags: of the command, `labels.flags.TABLE`.
        given: {name: value} of those that are given.
        source: path of the data set; None for that of the run.
        form: name of its format.

    Raises:
        UserError: the flags contradict each other or the format, or the place is taken or inside the data
            set.
    """
    _check_flags(flags)
    check_layout(flags, source, form)
    check_used(flags, given, form)
    if flags['for'] in IN_PLACE:
        return _in_place(flags, source)
    text = flags.out or flags.sidecar
    path = expanded('out' if flags.out else 'sidecar', text)
    _check_place(path, [source] if source else [])
    if source and path.resolve() == source.resolve():
        raise UserError(f'{path} is the data set that is read; expected another place')
    if flags.sidecar:
        return Target(path, used(flags), lambda labels: None,
                      lambda labels, notes: _sidecar(path, labels, notes, flags.chunk))
    if source is None:
        raise UserError(f'--out={flags.out}: expected --data_path, the data set to copy')
    copy_writer(source)
    options = CopyOptions(mask=flags.mask, above=flags.above, next_obs=flags.next_obs)
    if flags['for'] in NEEDING_COPY:
        options = options._replace(**NEEDING_COPY[flags['for']](flags))
    return Target(path, used(flags), lambda labels: check_copy(source, _named(labels), options),
                  lambda labels, notes: _copy(path, source, labels, notes, options))


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


def _check_place(path, sources=()):
    """As `check_place`; what was written before a kill is judged later, by `Target.is_written`."""
    if not (os.path.lexists(path) and has_predictions(path)):
        check_place(path, sources)


def _in_place(flags, source):
    if not is_plain_name(flags.tag):
        raise UserError(f'--tag={flags.tag}: expected a name without separators')
    place, write = TRAINERS[flags['for']]
    path = source / place.format(tag=flags.tag)
    if not path.parent.is_dir():
        raise UserError(f'{source}: expected the folder of one data set, with {path.parent.name} in it')
    _check_place(path)
    return Target(path, used(flags), lambda labels: check_frames(source, labels),
                  lambda labels, notes: write(path, source, labels, notes, flags.chunk))


def _sidecar(path, labels, notes, chunk):
    statistics = write_table(path, labels, notes, chunk)
    return [f'weights of chunks of {chunk} steps: kappa {statistics.kappa:.4g}']


def _named(labels):
    """{(path, name): `EpisodeLabels`}."""
    return {(each.path, each.name): each for each in labels}


def _copy(path, source, labels, notes, options):
    write_copy(source, path, _named(labels), notes, options)
    if not (options.mask or options.only_above):
        return []
    above = sum(each.predicted_return > options.above for each in labels)
    return [f'{above} of {len(labels)} episodes have a predicted return above --above={options.above:g}',
            *mask_warnings(labels, options)]
