"""Recorded episodes of any format, checked, split and decoded, for learning and evaluation."""
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.recorded.agreement import check_alike, check_known, of_outcome
from envs.recorded.content import check_orientation
from envs.recorded.decoding import decode
from envs.recorded.duplicates import check_apart
from envs.recorded.held_out_tasks import named_tasks
from envs.recorded.magnitudes import of_magnitude
from envs.recorded.notices import notices_of
from envs.recorded.opening import open_source
from envs.recorded.side_files import contexts
from envs.recorded.source import RecordedFile
from envs.recorded.splits import split
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import OWN_DATA
from utils.recording import Recording
from utils.types import Field, Spec

_SCALE = 0.3        # of a potential, to the size of a return, per unit of output of its network


class Dataset(NamedTuple):
    """The recorded episodes of a run.

    Attributes:
        recordings: the training set; every episode for `load_all`.
        held_out: episodes for evaluation only.
        spec: shapes and types of their observations and actions.
        tasks: names of the tasks that have episodes, in their order.
        files: the files that were read, successes first.
        fingerprint: JSON values that differ where the episodes do, independent of their location.
        notices: lines to report to the user.
        facts: {'id', 'kwargs'} of the data for the record of a run.
    """

    recordings: list[Recording]
    held_out: list[Recording]
    spec: Spec
    tasks: tuple[str, ...]
    files: list[RecordedFile]
    fingerprint: list[dict]
    notices: list[str]
    facts: dict


def load(args, progress=None):
    """The `Dataset` that the flags specify, part of it held out.

    Frames are decoded into the cache, which takes a while the first time.

    Args:
        args: the flags of the run.
        progress: as for `cached_frames`.

    Raises:
        UserError: a flag, a file or an episode is invalid, or no success is left to learn from.
    """
    return _loaded(args, progress, _divided)


def load_all(args, progress=None, model=None):
    """As `load`, with all episodes in `recordings` and none held out.

    Args:
        args: the flags of the run.
        progress: as for `cached_frames`.
        model: the `Spec` of a trained model. Own data take its tasks and its scale of rewards, as those
            depend on the episodes of the training set.

    Raises:
        UserError: as of `load`; or the model was not trained with a task of own data.
    """
    if model is None or args.env != OWN_DATA:
        return _loaded(args, progress, lambda dataset, args: dataset)
    return _loaded(args, progress, lambda dataset, args: dataset._replace(
        spec=dataset.spec._replace(reward_scale=model.reward_scale)), model.tasks)


def load_stored(args, model):
    """The `Dataset` of all episodes that are found, without frames; their outcomes need not be known.

    Args:
        args: the flags of the run.
        model: the `Spec` of a trained model, as for `load_all`.

    Raises:
        UserError: a flag, a file or an episode is invalid, or the model was not trained with a task.
    """
    is_own = args.env == OWN_DATA
    args = Args({**args, 'needs_outcomes': False})
    source = _opened(args, model.tasks if is_own else None)
    dataset = _gathered(source, [of_magnitude(file, args) for file in source.files], args)
    scale = model.reward_scale if is_own else 0.0
    return dataset._replace(spec=dataset.spec._replace(reward_scale=scale))


def _opened(args, known_tasks):
    """The `EpisodeSource`; own data get the `known_tasks` of a model, unless these are None."""
    source = open_source(args)
    if known_tasks is None:
        return source
    check_known(source, known_tasks)
    return source._replace(tasks=known_tasks)


def _loaded(args, progress, divide, known_tasks=None):
    """The `Dataset` with frames.

    Args:
        args: the flags of the run.
        progress: as for `cached_frames`.
        divide: function of (a `Dataset` without frames, args) to another.
        known_tasks: the tasks that own data are limited to; None for all.
    """
    source = _opened(args, known_tasks)
    files = [of_magnitude(of_outcome(file, args), args) for file in source.files]
    dataset = divide(_gathered(source, files, args), args)      # checks precede decoding, which is slow
    warnings = check_orientation(source.files, args)            # decodes a few episodes
    decoded, frames = decode(files, args, progress)
    if any(after is not before for after, before in zip(decoded, files, strict=True)):
        dataset = divide(_gathered(source, decoded, args), args)
    recordings, held_out = ([recording._replace(frames=frames[recording.path]) for recording in part]
                            for part in (dataset.recordings, dataset.held_out))
    return dataset._replace(recordings=recordings, held_out=held_out, notices=[*dataset.notices, *warnings])


def _divided(dataset, args):
    """The dataset, part of it held out."""
    holdout_tasks = named_tasks(args.holdout_tasks, dataset.tasks)
    recordings, held_out = split(dataset.recordings, args.val_fraction, args.val_fold, holdout_tasks)
    if not args.learn_from_failures:
        held_out += [recording for recording in recordings if not recording.success]
        recordings = [recording for recording in recordings if recording.success]
    if not any(recording.success for recording in recordings):
        raise UserError('expected successes to learn from; all episodes of the training set are failures')
    check_apart(recordings, held_out)
    dataset = dataset._replace(spec=dataset.spec._replace(reward_scale=_reward_scale(args, recordings)))
    notice = f'{len(recordings)} episodes are learned from, {len(held_out)} are held out'
    return dataset._replace(recordings=recordings, held_out=held_out, notices=[*dataset.notices, notice])


def _gathered(source, files, args):
    """The `Dataset` of all episodes of `files`, without frames."""
    kept = [file for file in files if file.episodes]
    if not kept:
        why = next(iter(files[0].skipped.items()), ('', 'it has no episodes'))
        cause = '--libero_skip_bad=True leaves no episode' if args.libero_skip_bad else 'no episode is usable'
        raise UserError(f'{cause} of {len(files)} files, the first of which is {files[0].path} '
                        f'({": ".join(why)})')
    check_alike(kept)
    tasks = _present(source, kept)
    vectors = contexts(source.tasks, tasks, args.task_embedding)
    recordings = [recording._replace(context=vectors[recording.task])
                  for file in kept for recording in file.episodes]
    spec = _spec(kept[0], args.libero_image_size, recordings[0], source.tasks)
    fingerprint = [file.fingerprint for file in kept]
    return Dataset(recordings, [], spec, tasks, files,
                   fingerprint + _vectors_fingerprint(args.task_embedding, vectors),
                   [*source.notices, *notices_of(source.tasks, files, args.env,
                                                 args.get('needs_outcomes', True))], source.facts)


def _reward_scale(args, recordings):
    """The mean size of a reward of own data, of a potential `_SCALE` of a return; 0 for --r_scale."""
    if args.env != OWN_DATA or args.r_scale:
        return 0.0
    sizes = sum(abs(recording.total_reward) for recording in recordings)
    if not sizes:
        raise UserError('expected returns other than 0 to learn from; all of the training set are 0')
    if args.get('reward_form', 'step') != 'step':
        return _SCALE * sizes / len(recordings)
    return sizes / sum(recording.length for recording in recordings)


def _present(source, kept):
    """Names of the tasks that have episodes, in the source's order."""
    found = {recording.task for file in kept for recording in file.episodes}
    return tuple(task for task in source.tasks if task in found)


def _spec(file, size, recording, tasks):
    """The `Spec` of all recordings, from one file and one episode of it; cameras come first."""
    observation = {camera: Field((size, size, 3), np.uint8) for camera in file.cameras}
    observation |= {key: Field(values.shape[1:]) for key, values in recording.vectors.items()}
    return Spec(observation, Field(recording.actions.shape[1:]), context=len(recording.context), tasks=tasks)


def _vectors_fingerprint(embedding, vectors):
    """[values that differ where the task vectors do]; [] without a file of task vectors."""
    if not embedding:
        return []
    return [{'name': Path(embedding).name, 'vectors': zlib.crc32(np.stack(list(vectors.values())).tobytes())}]
