"""Finds the task of a LIBERO suite that an episode is of, by its origin or its sentence."""
import re
from collections import Counter
from pathlib import PurePosixPath

from utils.errors import UserError
from utils.flags.suites import ENDING, SUITES, tasks_of

_SINGLE = ('libero_spatial', 'libero_object', 'libero_goal', 'libero_90', 'libero_10')


def suite_tasks(suite, episodes, label):
    """([task of each episode, or None if it is of another suite], [line about those]).

    A sentence is the name of a task with blanks, without its scene. In libero_90 some sentences stand for
    several tasks; there the origin of an episode decides.

    Args:
        suite: such as 'libero_spatial'.
        episodes: list of `RawEpisode`.
        label: of the data set, in an error.

    Raises:
        UserError: a sentence stands for several tasks, or no episode is of the suite.
    """
    tasks = tasks_of(suite)
    by_sentence = {}
    for task in tasks:
        by_sentence.setdefault(_sentence(task), []).append(task)
    found = [_task(episode, tasks, by_sentence, suite, label) for episode in episodes]
    others = Counter(episode.task for episode, task in zip(episodes, found, strict=True) if task is None)
    if episodes and len(episodes) == sum(others.values()):
        names = ', '.join(repr(name) for name in list(others)[:3])
        raise UserError(f'{label}: none of its {len(episodes)} episodes is of a task of {suite}; their tasks '
                        f'are {names}{" and others" if len(others) > 3 else ""}')
    notices = [f'{label}: {sum(others.values())} episodes of {len(others)} tasks that are not of {suite} are '
               f'left out, such as {next(iter(others))!r}'] if others else []
    return found, notices


def sentence_of(task):
    """The instruction of a task of LIBERO, in words."""
    return _sentence(task).replace('_', ' ')


def suites_of(episodes):
    """Names of the suites whose tasks some episodes have, those of LIBERO's folders."""
    sentences = {_plain(episode.task) for episode in episodes}
    return [suite for suite in _SINGLE if sentences & {_sentence(task) for task in tasks_of(suite)}]


def _task(episode, tasks, by_sentence, suite, label):
    origin = PurePosixPath(episode.origin.replace('\\', '/')).name.removesuffix(ENDING)
    if origin in tasks:
        return origin
    if any(origin in others for others in SUITES.values()):
        return None
    named = by_sentence.get(_plain(episode.task), [episode.task] if episode.task in tasks else [])
    if len(named) > 1:
        raise UserError(f'{label}: {episode.name}: the sentence {episode.task!r} stands for {len(named)} '
                        f'tasks of {suite}: {", ".join(named)}; take a set that names each episode\'s file '
                        '(RLDS: episode_metadata/file_path), or HDF5 files of LIBERO, or '
                        '--env=recorded, where the sentence is the task')
    return named[0] if named else None


def _sentence(task):
    """The sentence of a task: its name without the scene."""
    return re.sub('^[A-Z_]+_SCENE[0-9]+_', '', task)


def _plain(sentence):
    """A sentence as the name of a task."""
    return '_'.join(sentence.lower().replace('_', ' ').strip(' .').split())
