"""A version of a data set in RLDS that is copied with rewards: its files, and what is written for a shard."""
import copy
from pathlib import Path
from typing import Any, NamedTuple

from envs.recorded.rlds import features, info, relabel
from envs.recorded.rlds.checks import part, read_json
from envs.recorded.rlds.features import Field
from envs.recorded.rlds.tfrecord import FRAMING, places, read_unchecked, write_parts
from labels.copies.returns import spread
from labels.copies.target import PROVENANCE
from utils.errors import UserError, file_errors
from utils.foreign.files import ContentError, opened
from utils.whole_files import write_whole


class LabelledSet(NamedTuple):
    """A version folder.

    Attributes:
        folder: its path.
        info: dictionary of `dataset_info.json`.
        features: dictionary of the new `features.json`.
        fields: {key: `Field`} of the old one.
        shards: [`Shard`] of all splits.
        others: [name] of the files that are copied as they are.
        names: [name] of all files that are read, as paths.
        keep: whether recorded rewards are in `steps/reward`, from where they are moved.
    """

    folder: Path
    info: Any
    features: Any
    fields: dict[str, Field]
    shards: list[info.Shard]
    others: list[str]
    names: list[Path]
    keep: bool


class ShardStep(NamedTuple):
    """A shard to write.

    Attributes:
        shard: the `Shard` that is read.
        target: path of the new one.
        names: of the episodes that it keeps, in their order.
        first: number of its first episode in its split.
    """

    shard: info.Shard
    target: Path
    names: list[str]
    first: int

    @property
    def num_bytes(self):
        """Bytes of the records of the new shard, without their framing."""
        return self.target.stat().st_size - FRAMING * len(self.names)


def open_set(folder, table):
    """The `LabelledSet` of a version folder.

    Raises:
        UserError: its labels are of other episodes.
        ContentError: its description is invalid.
    """
    with part(str(folder)):
        values, fields = read_json(folder / features.NAME), features.read_fields(folder)
        found = info.read_info(folder)
        info.check_shards(found.shards)
    with file_errors(f'cannot read {folder}'):
        files = sorted(path.name for path in folder.iterdir() if path.is_file())
    before = relabel.RECORDED in fields or PROVENANCE in files
    shards = {shard.path.name for shard in found.shards}
    others = [name for name in files if name not in (features.NAME, info.NAME, PROVENANCE, *shards)]
    own = LabelledSet(folder, read_json(folder / info.NAME),
                      values if before else relabel.with_recorded_reward(values), fields, found.shards,
                      others, [Path(name) for name in files], not before)
    table.check_known(folder, {name for names, _ in _names(own) for name in names})
    return own


def check_above(own, table, options):
    """Makes sure that an episode of a `LabelledSet` is kept.

    Raises:
        UserError: none is.
    """
    labels = table.of(own.folder).values()
    if options.only_above and not any(each.predicted_return > options.above for each in labels):
        raise UserError(f'{own.folder}: expected an episode with a predicted return above '
                        f'--above={options.above:g}, got returns {spread(labels)}')


def shard_plan(own, folder, table, options):
    """(dictionary of the new `dataset_info.json`, [`ShardStep`]) of a copy in `folder`.

    A shard of which no episode is kept is left out, and the others are numbered anew.
    """
    kept = [[name for name in names if not options.only_above or table.is_above(
        own.folder, name, options.above)] for names, _ in _names(own)]
    steps, values = [], copy.deepcopy(own.info)
    for split in values['splits']:
        found = [(shard, names, first) for shard, names, (_, first) in zip(own.shards, kept, _names(own),
                                                                           strict=True)
                 if shard.split == split['name'] and (names or not options.only_above)]
        split['shardLengths'] = [str(len(names)) for _, names, _ in found]
        targets = info.info_of(folder, {**values, 'splits': [split]}).shards if found else []
        steps += [ShardStep(shard, new.path, names, first)
                  for (shard, names, first), new in zip(found, targets, strict=True)]
    return values, steps


def new_splits(steps, splits):
    """{name of an episode in the copy: split}, of labelled episodes.

    Args:
        steps: [`ShardStep`].
        splits: {name in the source: split}.
    """
    counts, found = {}, {}
    for step in steps:
        for name in step.names:
            number = counts[step.shard.split] = counts.get(step.shard.split, -1) + 1
            if name in splits:
                found[f'{step.shard.split} episode {number}'] = splits[name]
    return found


def write_shard(own, step, table, options):
    """Writes a shard, whole or not at all.

    Raises:
        UserError: the labels of an episode are of another number of steps.
        ContentError: the shard or a record is damaged.
        OSError: it cannot be read or written.
    """
    def write(file):
        with opened(step.shard.path) as content, part(str(step.shard.path)):
            found = places(content)
            if len(found) != step.shard.length:
                raise ContentError(f'expected {step.shard.length} records, got {len(found)}')
            names = set(step.names)
            for number, place in enumerate(found):
                name = f'{step.shard.split} episode {step.first + number}'
                if name in names:
                    with part(name):
                        write_parts(file, *_record(own, name, read_unchecked(content, place), table))

    step.target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(step.target, write)


def _record(own, name, record, table):
    """(parts of the data, checksum) of the new record, from (data, checksum) of the old one."""
    def rewards(found):
        return table.steps(own.folder, name, relabel.num_steps(found, own.fields))[0]
    return relabel.with_rewards(*record, rewards, own.keep)


def _names(own):
    """[([name of each episode], number of the first in its split)] of each shard; names as of the reader."""
    counts, found = dict.fromkeys((shard.split for shard in own.shards), 0), []
    for shard in own.shards:
        first = counts[shard.split]
        counts[shard.split] = first + shard.length
        found.append(([f'{shard.split} episode {number}' for number in range(first, counts[shard.split])],
                      first))
    return found
