"""Recorded episodes of a LIBERO suite, to learn a reward from; `python -m envs.libero DIR` lists them."""
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from envs.recorded.frame_cache import cached_frames, default_directory
from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import DemoFile, read_file
from envs.recorded.libero.paths import find_sources
from envs.recorded.mapped_rows import MappedRows
from envs.recorded.side_files import Progress, contexts
from envs.recorded.splits import split
from utils.errors import UserError
from utils.flags.suites import task_of, tasks_of
from utils.recording import Recording
from utils.runs.directory import expanded
from utils.types import Field, Spec


class Dataset(NamedTuple):
    """All that a run knows of recorded episodes.

    Attributes:
        recordings: those that are learned from; of `load_all`, all.
        held_out: those that are only judged.
        spec: what networks must know of them.
        tasks: names of the tasks that there are episodes of, in the suite's order.
        files: the `DemoFile`s they were read from, successes first.
        fingerprint: values for JSON that differ where the episodes do, wherever they lie.
        notices: lines that a user should see.
        facts: what a record of the run keeps of the environment.
    """

    recordings: list[Recording]
    held_out: list[Recording]
    spec: Spec
    tasks: tuple[str, ...]
    files: list[DemoFile]
    fingerprint: list[dict]
    notices: list[str]
    facts: dict


def load(args, progress=None):
    """The `Dataset` that the flags ask for, part of it held out.

    Frames are decoded into the cache first, which takes a while the first time.

    Args:
        args: the flags of the run.
        progress: as for `cached_frames`.

    Raises:
        UserError: a flag, a file or an episode is unusable, or nothing is left to learn from.
    """
    dataset = _read(args)
    holdout_tasks = tuple(task.strip() for task in args.holdout_tasks.split(',') if task.strip())
    recordings, held_out = split(dataset.recordings, args.val_fraction, args.val_fold, holdout_tasks)
    if not args.learn_from_failures:
        held_out += [recording for recording in recordings if not recording.success]
        recordings = [recording for recording in recordings if recording.success]
    if not any(recording.success for recording in recordings):
        raise UserError('expected successes to learn from; all episodes of the training set are failures')
    notice = f'{len(recordings)} episodes are learned from, {len(held_out)} are held out'
    return _decoded(dataset._replace(recordings=recordings, held_out=held_out,
                                     notices=[*dataset.notices, notice]), args, progress)


def load_all(args, progress=None):
    """As `load`, with every episode found in `recordings` and none held out."""
    return _decoded(_read(args), args, progress)


def _read(args):
    """The `Dataset` of every episode found, still without frames."""
    sources = find_sources(args.env, args.libero_path, args.libero_failures)
    keys = tuple(args.libero_obs.split(','))
    paths = [*sources.successes, *sources.failures]
    files = [read_file(path, keys, args.libero_alignment, args.libero_orientation, args.libero_noops,
                       args.libero_skip_bad) for path in paths]
    _check_outcomes(files[:len(sources.successes)], files[len(sources.successes):])
    _check_alike(files, keys)
    tasks = tuple(task for task in tasks_of(args.env)
                  if any(file.demos and task_of(file.path) == task for file in files))
    if not tasks:
        raise UserError(f'--libero_skip_bad=True leaves no episode of {len(files)} files, the first of which '
                        f'is {files[0].path}')
    vectors = contexts(args.env, tasks, args.task_embedding)
    recordings = [recording for file in files if file.demos
                  for recording in _recordings(file, vectors[task_of(file.path)])]
    return Dataset(recordings, [], _spec(keys, args.libero_image_size, recordings[0]), tasks, files,
                   [*map(_fingerprint, files), *_vectors_fingerprint(args.task_embedding, vectors)],
                   [*sources.notices, *_notices(files, tasks, recordings, args.env)],
                   {'id': args.env, 'kwargs': {}})


def _decoded(dataset, args, progress):
    """The same with frames, which takes long, and so comes after every check."""
    directory = expanded('cache_dir', args.cache_dir) if args.cache_dir else default_directory()
    cameras = [key for key in dataset.spec.observation if key in CAMERAS]
    frames = {file.path: {camera: MappedRows(cached_frames(file, camera, args.libero_image_size, directory,
                                                           progress)) for camera in cameras}
              for file in dataset.files if file.demos}
    recordings, held_out = ([recording._replace(frames=frames[recording.path]) for recording in part]
                            for part in (dataset.recordings, dataset.held_out))
    return dataset._replace(recordings=recordings, held_out=held_out)


def _recordings(file, context):
    """[`Recording`] of one file, without frames."""
    known, task = Progress(file.path), task_of(file.path)
    return [Recording(file.path, demo.name, task, context, {}, demo.rows, demo.vectors, demo.actions,
                      demo.total_reward, known.of(demo), '' if demo.total_reward > 0 else known.mode_of(demo))
            for demo in file.demos]


def _spec(keys, size, recording):
    """The `Spec` of all recordings, from one of them; cameras come first."""
    observation = {key: Field((size, size, 3), np.uint8) for key in keys if key in CAMERAS}
    observation |= {key: Field(values.shape[1:]) for key, values in recording.vectors.items()}
    return Spec(observation, Field(recording.actions.shape[1:]), context=len(recording.context))


def _check_outcomes(successes, failures):
    """Refuses a failure among the successes, which only `--libero_failures` names, and the reverse."""
    for flag, files, wanted in (('libero_path', successes, True), ('libero_failures', failures, False)):
        for file in files:
            for demo in file.demos:
                if (demo.total_reward > 0) != wanted:
                    expected = 'successes (above 0)' if wanted else 'failures (0)'
                    raise UserError(f'--{flag}: {file.path} {demo.name} has the return '
                                    f'{demo.total_reward:g}; expected {expected}')


def _check_alike(files, keys):
    """Refuses files in which what `keys` name has several sizes.

    Frames could be resized, but how sharp they were would tell one file from another, and so failures
    from successes.
    """
    first = {}
    for file in files:
        if not file.demos:
            continue
        sizes = {key: file.cameras[CAMERAS[key]] for key in keys if key in CAMERAS}
        shapes = {key: f'{height} x {width} pixels' for key, (height, width) in sizes.items()}
        shapes |= {key: f'{values.shape[1]} numbers' for key, values in file.demos[0].vectors.items()}
        for key, shape in shapes.items():
            other, expected = first.setdefault(key, (file.path, shape))
            if shape != expected:
                raise UserError(f'{key} has several sizes: {expected} in {other}, {shape} in {file.path}; '
                                'expected one for all files')


def _fingerprint(file):
    """What tells one file of episodes from another, wherever it lies."""
    digest = 0
    for demo in file.demos:
        digest = zlib.crc32(np.ascontiguousarray(demo.actions).tobytes(), digest)
    return {'name': f'{file.path.parent.name}/{file.path.name}', 'size': file.path.stat().st_size,
            'episodes': len(file.demos), 'steps': sum(len(demo.actions) for demo in file.demos),
            'actions': digest}


def _vectors_fingerprint(embedding, vectors):
    """As `_fingerprint`, of the file of task vectors; [] without one."""
    if not embedding:
        return []
    return [{'name': Path(embedding).name, 'vectors': zlib.crc32(np.stack(list(vectors.values())).tobytes())}]


def _notices(files, tasks, recordings, suite):
    """Lines about what was read."""
    num_steps = sum(recording.length for recording in recordings)
    num_failures = sum(not recording.success for recording in recordings)
    kept = [file for file in files if file.demos]
    how = ' and '.join(dict.fromkeys(
        f'{file.orientation} frames recorded {file.alignment} the actions' for file in kept))
    lines = [f'{len(recordings)} episodes of {len(tasks)} of the {len(tasks_of(suite))} tasks of {suite}, '
             f'{num_failures} of them failures, {num_steps} steps; {how}']
    for file in files:
        lines += [f'left out: {file.path} {name}: {why}' for name, why in file.skipped.items()]
    return lines
