"""Refuses episodes that a reward model does not fit."""
from pathlib import Path

import numpy as np

from envs.recorded.agreement import stored_sizes
from labels.copies.labelled import is_labelled
from utils.errors import UserError


def check_run(directory, recorded):
    """Refuses a run without a reward model of recorded episodes.

    Args:
        directory: of the run.
        recorded: its flags.

    Raises:
        UserError: it has none.
    """
    if recorded.env_category != 'recorded':
        raise UserError(f'{directory} is a run on --env={recorded.env}; expected one on recorded episodes')
    if recorded.alg != 'rrd':
        raise UserError(f'{directory} is a run with --alg={recorded.alg}, which has no reward model; '
                        'expected one with --alg=rrd')


def check_sound(found):
    """Refuses a checkpoint that is older than a damaged one, unless it was asked for.

    Raises:
        UserError: a newer checkpoint is damaged.
    """
    for path, wrong in found.damaged.items():
        raise UserError(f'{path} is damaged: {wrong}; --checkpoint={found.path.name} labels with the one '
                        'before it')


def was_labelled(files, relabel):
    """Whether a data set is a copy with learned rewards, whose returns say nothing about the episodes.

    Args:
        files: [`RecordedFile`].
        relabel: whether such a data set is accepted.

    Raises:
        UserError: it is, and is not accepted.
    """
    before = next((file.path for file in files if is_labelled(Path(file.path))), None)
    if before is not None and not relabel:
        raise UserError(f'{before} was labelled before; expected the data set that it was made of, or '
                        '--relabel=True')
    return before is not None


def check_shapes(model, spec, flag):
    """Refuses observations or actions of other sizes than those that a model was trained on.

    Args:
        model: the `Spec` of the model.
        spec: the `Spec` of the episodes.
        flag: name and value of the flag that names them.

    Raises:
        UserError: they differ.
    """
    if list(spec.observation) != list(model.observation):
        raise UserError(f'{flag}: expected observations of {", ".join(model.observation)}, as the run was '
                        f'trained with, got {", ".join(spec.observation)}')
    for key, expected, got in (*((key, model.observation[key], spec.observation[key])
                                 for key in model.observation), ('actions', model.action, spec.action)):
        if expected.shape != got.shape:
            raise UserError(f'{flag}: expected {key} of {expected.shape[-1]} numbers, as the run was trained '
                            f'with, got {got.shape[-1]}')


def check_tasks(data, learned, flag):
    """Refuses tasks that a model has not learned from, whose number has no meaning to it.

    Args:
        data: the `Dataset`.
        learned: names of the tasks that it has learned from.
        flag: name and value of the flag that names the episodes.

    Raises:
        UserError: there is such a task.
    """
    unknown = [task for task in data.tasks if task not in learned]
    if unknown:
        raise UserError(f'{flag}: the run has learned from no episode of {unknown[0]}; expected tasks among '
                        f'{", ".join(learned)}')


def check_sizes(data, seen, flag, resize):
    """Refuses frames of another size than those that the run has read: their sharpness differs.

    Args:
        data: the `Dataset`.
        seen: {key: text of a size}, as of `stored_sizes`; {} if unknown.
        flag: name and value of the flag that names the episodes.
        resize: whether to accept them.

    Raises:
        UserError: they differ.
    """
    for key, size in stored_sizes(data.files).items():
        expected, got = (text.partition(' pixels')[0] for text in (seen.get(key, size), size))
        if expected != got and not resize:
            raise UserError(f'{flag}: expected {key} of {expected} pixels, as the run was trained with, got '
                            f'{got}; --resize=True labels them all the same')


def check_episodes(data, other, directory, first):
    """Refuses a run that reads other steps than the first of several, or other vectors of tasks.

    Args:
        data: the `Dataset` as the first run reads it.
        other: the `Dataset` as another run reads it.
        directory: of the other run.
        first: directory of the first run.

    Raises:
        UserError: they differ.
    """
    if len(data.recordings) != len(other.recordings):
        raise UserError(f'{directory}: expected the {len(data.recordings)} episodes that {first} reads, got '
                        f'{len(other.recordings)}')
    for ours, theirs in zip(data.recordings, other.recordings, strict=True):
        if not np.array_equal(ours.context, theirs.context):
            raise UserError(f'{directory}: expected the vectors of tasks of {first} (--task_embedding), got '
                            f'another one of {ours.task}')
        if ours.length != theirs.length:
            raise UserError(f'{directory}: expected the steps that {first} reads, {ours.length} of '
                            f'{ours.path} {ours.name}, got {theirs.length}')
