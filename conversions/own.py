"""Episodes of own data in the form in which all formats are written: steps and frames as stored."""
import functools
import json
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from conversions.damaged import fault, undamaged
from conversions.job import Content
from conversions.own_checks import check_keys, renamed, sizes_of
from envs.recorded.opening import reader_of
from envs.recorded.outcomes import REWARDS
from envs.recorded.sets import read_sets, task_of
from utils.errors import UserError


class OwnEpisode(NamedTuple):
    """One episode to write, as `conversions.job.Rows`.

    Attributes:
        is_padded: whether the last row is the observation after the last action. That row repeats the action,
            and has reward 0.
        pictures: function of a camera that yields its frames.
    """

    sentence: str
    origin: str
    actions: np.ndarray
    rewards: np.ndarray
    vectors: dict[str, np.ndarray]
    cameras: tuple[str, ...]
    success: bool | None
    is_padded: bool
    pictures: Callable


def open_own(args, column):
    """The `Content` of the data set --data_path.

    Args:
        args: the flags.
        column: function of (key, whether it is a camera) to the name in the new data set.

    Raises:
        UserError: the data are invalid, there are no episodes, or a key cannot be kept.
    """
    sets = read_sets(args, reader_of(args).FORMAT)
    is_after = args.libero_alignment == 'after'
    sizes = sizes_of(sets)
    check_keys(sets[0], column, args.to)
    successes = _successes(sets)
    episodes, notices, damaged = [], [], []
    for each in sets:
        notices += _notices(each, is_after)
        for place, raw in enumerate(each.raw.episodes):
            success, why = next(successes), _fault(each, place) if args.libero_skip_bad else ''
            if why:
                damaged.append(f'left out: {each.raw.path} {raw.name}: {why}')
            elif len(raw.actions) > is_after:
                episodes.append(_episode(each, place, is_after, success))
    if not episodes:
        raise UserError(f'{args.data_path}: expected episodes, found none')
    if args.to == 'hdf5':
        notices += renamed(dict.fromkeys(episode.sentence for episode in episodes))
    padded = sum(episode.is_padded for episode in episodes)
    if padded and args.to != 'hdf5':
        notices.append(f'{padded} of {len(episodes)} episodes have an observation after their last action; '
                       'it gets a row of its own, whose action repeats the one before, with reward 0')
    return Content(episodes, sizes, _facts(sets, [is_after, damaged]), [*notices, *damaged])


def _episode(found, place, is_after, success):
    """The `OwnEpisode` of the episode at `place` of a `ReadSet`."""
    raw = found.raw.episodes[place]
    is_padded = is_after or raw.final_vectors is not None
    actions, rewards = raw.actions[int(is_after):], _rewards(found, place)
    if is_after:        # nothing was observed before the first action
        rewards[1] += rewards[0]
        rewards = rewards[1:]
    vectors = {key: raw.vectors[name] for key, (name,) in found.choice.vectors.items()}
    if is_padded:
        actions, rewards = np.concatenate([actions, actions[-1:]]), np.append(rewards, np.float32(0))
    if raw.final_vectors is not None and not is_after:
        vectors = {key: np.concatenate([values, raw.final_vectors[found.choice.vectors[key][0]][None]])
                   for key, values in vectors.items()}
    return OwnEpisode(task_of(found.raw, raw), raw.origin or f'{found.raw.path.name}/{raw.name}', actions,
                      rewards, vectors, tuple(found.choice.cameras), success, is_padded,
                      functools.partial(_pictures, found, place, len(actions)))


def _rewards(found, place):
    """[T] float32: as recorded, or else the return at the last step."""
    raw = found.raw.episodes[place]
    if found.outcomes.source == REWARDS:
        return raw.rewards.copy()
    rewards = np.zeros(len(raw.actions), np.float32)
    rewards[-1] = found.outcomes.each[place].total_reward
    return rewards


def _fault(found, place):
    """Why frames of an episode cannot be read; '' if they can."""
    return fault(found.raw.read(column, [place]) for column in found.choice.cameras.values())


def _pictures(found, place, count, camera):
    """Yields the first `count` frames of an episode.

    Raises:
        UserError: some cannot be read.
    """
    for frames in undamaged(found.raw.read(found.choice.cameras[camera], [place]), found.raw.path):
        if count:
            yield frames[:count]
        count -= min(count, len(frames))


def _successes(sets):
    """Yields whether each episode is a success: as marked, or by returns of 0 and 1; None if unknown."""
    pairs = [pair for each in sets for pair in zip(each.raw.episodes, each.outcomes.each, strict=True)]
    is_marked = all(raw.success is not None for raw, _ in pairs)
    is_scored = any(outcome.total_reward not in (0, 1) for _, outcome in pairs)
    for raw, outcome in pairs:
        yield raw.success if is_marked else None if is_scored else outcome.total_reward > 0


def _notices(found, is_after):
    """Lines about one data set."""
    raw, source = found.raw, found.outcomes.source
    lines = [f'{raw.path}: {raw.format}, {len(raw.episodes)} episodes; outcomes: {source}']
    lines += [f'left out: {raw.path} {name}: {why}' for name, why in raw.skipped.items()]
    if source != REWARDS:
        lines.append(f'{raw.path}: each return is written as the reward of the last step, as returns are by '
                     f'{source}')
    if is_after:
        lines.append(f'{raw.path}: the first action of an episode is left out, as nothing was observed '
                     'before it; its reward is added to the next')
        lines += [f'left out: {raw.path} {each.name}: no step has an observation before and after its action'
                  for each in raw.episodes if len(each.actions) < 2]
    return lines


def _facts(sets, choices):
    """A text that differs where other episodes would be written."""
    facts = [[str(found.raw.path), found.flag, found.choice, found.raw.facts,
              [[raw.name, outcome.total_reward, task_of(found.raw, raw)]
               for raw, outcome in zip(found.raw.episodes, found.outcomes.each, strict=True)]]
             for found in sets]
    return json.dumps([choices, facts], default=int)
