"""Labelled copies of data sets in RLDS: records with other rewards and the same bytes in everything else."""
from pathlib import Path

from envs.recorded.rlds import features, info
from labels.copies.files import copy_file, stats_of
from labels.copies.options import check_options
from labels.copies.rlds_set import check_above, new_splits, open_set, shard_plan, write_shard
from labels.copies.table import LabelTable, relative
from labels.copies.target import PROVENANCE, SPLITS, new_copy, write_json
from utils.errors import UserError, file_errors
from utils.foreign.files import ContentError
from utils.text import one_line


def write_copy(source, target, labels, provenance, options):
    """Writes a copy of the labelled version folders at `source` or one or two levels below.

    Args:
        source: path of a version folder, of a data set or of a folder of data sets.
        target: path of the new folder, with the same folders in it.
        labels: {(path of the version folder, name of the episode): `EpisodeLabels`}.
        provenance: {name: JSON value}.
        options: the `CopyOptions`.

    Raises:
        UserError: the labels or the options do not fit, or the copy cannot be written.
    """
    target, table = Path(target), LabelTable(labels)
    try:
        sets = _opened(source, table, options)
        for each in sets.values():
            check_above(each, table, options)
        stats = [[place.as_posix(), stats_of(each.folder, each.names)] for place, each in sets.items()]
        kept = next(iter(sets)) / PROVENANCE
        with new_copy(target, 'RLDS', table, provenance, options, stats, kept) as (partial, noted):
            for place, each in sets.items():
                _write_set(each, partial / place, table, noted, options)
    except ContentError as error:
        raise UserError(one_line(str(error))) from error


def check_source(source, labels, options):
    """Makes sure that a copy can be written, whatever the rewards are; arguments as of `write_copy`.

    Raises:
        UserError: it cannot.
    """
    try:
        _opened(source, LabelTable(labels), options)
    except ContentError as error:
        raise UserError(one_line(str(error))) from error


def _opened(source, table, options):
    """{place in `source`: `LabelledSet`} of the version folders that have labels."""
    check_options(options, 'RLDS', ('only_above',))
    return {relative(path, source): open_set(path, table) for path in table.paths}


def _write_set(each, folder, table, provenance, options):
    """Writes the copy of a `LabelledSet` into a folder."""
    new_info, steps = shard_plan(each, folder, table, options)
    write_json(folder / PROVENANCE, {**provenance, SPLITS: new_splits(steps, table.splits(each.folder))})
    for name in each.others:
        copy_file(each.folder / name, folder / name)
    for step in steps:
        if not step.target.exists():
            with file_errors(f'cannot write {step.target}'):
                write_shard(each, step, table, options)
        for _ in step.names:
            options.report()
    for split in new_info['splits']:
        split['numBytes'] = str(sum(step.num_bytes for step in steps if step.shard.split == split['name']))
    write_json(folder / features.NAME, each.features)
    write_json(folder / info.NAME, new_info)
