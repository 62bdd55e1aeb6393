"""Predictions in parts of episodes; each part is a file, whole or not there, so a killed program resumes."""
import hashlib
import json
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from utils.errors import UserError, file_errors
from utils.foreign.files import UnreadableError
from utils.foreign.json_files import read_json
from utils.foreign.npz import read_arrays
from utils.unfinished import PLAN, staged
from utils.whole_files import write_whole

_PROVENANCE = 'provenance.json'


class Item(NamedTuple):
    """One episode to label.

    Attributes:
        recording: the `Recording`, without frames.
        file: the `RecordedFile` that holds it.
        place: its position in the episodes of the file.
    """

    recording: object
    file: object
    place: int


def items_of(dataset):
    """[`Item`] of the episodes of a `Dataset`, in its order."""
    places = [(file, place) for file in dataset.files for place in range(len(file.episodes))]
    return [Item(recording, file, place)
            for recording, (file, place) in zip(dataset.recordings, places, strict=True)]


def parts_of(items, steps):
    """[[`Item`]]: consecutive episodes, so many that a part has `steps` steps or a little more."""
    parts, count = [[]], 0
    for item in items:
        if count >= steps:
            parts, count = [*parts, []], 0
        parts[-1].append(item)
        count += item.recording.length
    return parts


@contextmanager
def kept_predictions(target, plan, provenance):
    """Yields (a folder for the predictions of a target, the provenance with which they began).

    The folder is beside the target and is resumed after a kill. It vanishes when the block ends without an
    exception, or with one before the first part.

    Args:
        target: path that will be written.
        plan: {name: JSON value} of all that predictions depend on.
        provenance: {name: JSON value} of a beginning.

    Raises:
        UserError: as of `staged`.
    """
    folder = target.with_name(f'{target.name}.predictions')
    with suppress(OSError):     # of a program that was killed at its very end
        (folder / PLAN).unlink(missing_ok=True)
        folder.rmdir()
    with staged(folder, plan) as partial:
        path = partial / _PROVENANCE
        try:
            if not path.exists():
                text = json.dumps(provenance)
                with file_errors(f'cannot write {path}'):
                    write_whole(path, lambda file: file.write(text.encode()))
            yield partial, read_json(path)
        except BaseException:
            _remove_empty(partial)
            raise
        for each in [*partial.glob('part-*'), path]:
            each.unlink()
    with file_errors(f'cannot remove {folder}'):
        shutil.rmtree(folder)


def has_predictions(target):
    """Whether there are predictions of an unfinished command with this target."""
    return any(target.with_name(f'{target.name}.predictions{ending}').is_dir() for ending in ('', '.partial'))


def _remove_empty(partial):
    """Removes the folder of the predictions if it has none."""
    if not any(partial.glob('part-*')):
        with suppress(OSError):
            (partial / _PROVENANCE).unlink(missing_ok=True)
            (partial / PLAN).unlink()       # last: it is the lock
            partial.rmdir()


def plan_of(dataset, found_sha256, image_size, steps):
    """The plan of the predictions of a `Dataset` by a checkpoint: values that differ where rewards would.

    Args:
        dataset: the `Dataset`.
        found_sha256: checksum of the checkpoint.
        image_size: height and width of frames, pixels.
        steps: least steps of a part.
    """
    files = [[str(file.path), file.fingerprint, file.conventions,
              [recording.name for recording in file.episodes],
              {camera: stored.facts for camera, stored in file.cameras.items()}, _changed(file.path)]
             for file in dataset.files]
    digest = hashlib.sha256(json.dumps(files, sort_keys=True, default=str).encode()).hexdigest()
    return {'content': 'learned rewards', 'checkpoint': found_sha256, 'image_size': image_size,
            'part': steps, 'source': digest}


def _changed(path):
    """Time of the last change of a file, ns; None of a folder, into which we may write."""
    path = Path(path)
    return path.stat().st_mtime_ns if path.is_file() else None


def path_of(folder, number):
    """The path of the predictions of a part."""
    return folder / f'part-{number:06d}.npz'


def missing_parts(folder, parts):
    """Numbers of the parts that have no predictions yet."""
    return [number for number in range(len(parts)) if not path_of(folder, number).exists()]


def save_part(folder, number, rewards):
    """Writes the predictions of a part.

    Args:
        folder: of the predictions.
        number: of the part.
        rewards: [[T] float32] of its episodes, NaN where the frames are lost.

    Raises:
        UserError: they cannot be written.
    """
    path = path_of(folder, number)
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: np.savez(file, rewards=np.concatenate(rewards)))


def read_part(folder, number, part):
    """[[T] float32] of the episodes of a part, as `save_part` got them.

    Raises:
        UserError: they cannot be read, or are of other episodes.
    """
    path, lengths = path_of(folder, number), [item.recording.length for item in part]
    try:
        rewards = read_arrays(path)['rewards']
    except (UnreadableError, KeyError) as error:
        raise UserError(f'{path}: expected predictions of this program; remove it to make them again '
                        f'({error})') from error
    if rewards.shape != (sum(lengths),) or rewards.dtype != np.float32:
        raise UserError(f'{path}: expected {sum(lengths)} rewards as float32, got {rewards.dtype} '
                        f'{list(rewards.shape)}; remove it to make them again')
    return np.split(rewards, np.cumsum(lengths)[:-1])
