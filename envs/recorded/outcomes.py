"""The returns of episodes: from a file, from the data, or from the flag that names the set."""
import math
from typing import NamedTuple

import numpy as np

from utils.errors import UserError
from utils.foreign.files import DamagedError, UnreadableError
from utils.foreign.tables import read_cells
from utils.runs.directory import expanded

FAILURES = 'libero_failures'
REWARDS = 'recorded rewards'     # where outcomes come from, in a report
_HEADER = ['episode', 'return']
_LARGEST = float(np.finfo(np.float32).max)


class Outcome(NamedTuple):
    """How an episode ended.

    Attributes:
        total_reward: its whole return.
        unrewarded: number of initial steps that certainly have reward 0.
    """

    total_reward: float
    unrewarded: int


class Outcomes(NamedTuple):
    """The outcomes of a set.

    Attributes:
        each: the `Outcome` of each episode; of an episode without one, None.
        stored: whether they are stored per episode, so that a set may hold successes and failures.
        source: where they come from, in a few words for a report.
    """

    each: list[Outcome | None]
    stored: bool
    source: str


def outcomes_of(episodes, flag, listed, label, at_end=False):
    """The `Outcomes` of some episodes.

    Args:
        episodes: list of `RawEpisode`.
        flag: name of the flag that names the set.
        listed: {name of an episode: return} of `read_returns`; {} without a file.
        label: of the data set, in an error.
        at_end: whether an unrecorded reward is that of the last step, as in LIBERO.

    Raises:
        UserError: some episodes have an outcome and others have none, or a return is not finite.
    """
    if any(episode.name in listed for episode in episodes):
        missing = [episode.name for episode in episodes if episode.name not in listed]
        if missing:
            raise UserError(f'--outcomes: expected a line for each episode of {label}, {missing[0]} is '
                            'missing')
        return Outcomes([_ended(episode, listed[episode.name], at_end) for episode in episodes], True,
                        '--outcomes')
    known = [episode for episode in episodes if episode.rewards is not None]
    if known:
        _check_all(known, episodes, 'rewards', label)
        return Outcomes([_rewarded(episode, label) for episode in episodes], True, REWARDS)
    known = [episode for episode in episodes if episode.success is not None]
    if known:
        _check_all(known, episodes, 'a mark of success', label)
        return Outcomes([_ended(episode, episode.success, at_end) for episode in episodes], True,
                        'recorded marks of success')
    return Outcomes([_ended(episode, flag != FAILURES, at_end) for episode in episodes], False, f'--{flag}')


def read_returns(path):
    """{name of an episode: return} of the file --outcomes; {} without a path.

    Raises:
        UserError: the file is invalid.
    """
    if not path:
        return {}
    label, returns = f'--outcomes={path}', {}
    try:
        rows = read_cells(expanded('outcomes', path))
    except DamagedError as error:
        raise UserError(f'{label}: expected a .csv file in UTF-8 ({error.cause})') from error
    except UnreadableError as error:
        raise UserError(f'{label}: {error.cause}') from error
    if not rows or [name.strip() for name in rows[0]] != _HEADER:
        header = ','.join(rows[0]) if rows else ''
        raise UserError(f'{label}: expected the header episode,return, got {header!r}')
    for number, row in enumerate(rows[1:], 2):
        value = _number(row[1]) if len(row) == 2 else math.nan
        if not abs(value) <= _LARGEST or row[0].strip() in returns:
            raise UserError(f'{label}: line {number}: expected a new episode and a finite return, got '
                            f'{",".join(row)!r}')
        returns[row[0].strip()] = value
    return returns


def _number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


def _check_all(known, episodes, what, label):
    if len(known) < len(episodes):
        raise UserError(f'{label}: {known[0].name} has {what}, and other episodes have none; expected it for '
                        'all or for none')


def _ended(episode, value, at_end):
    """The outcome of a return without rewards: where it was earned is unknown, or in the last step."""
    length = len(episode.actions)
    return Outcome(float(value), length if not value else length - 1 if at_end else 0)


def _rewarded(episode, label):
    total = float(episode.rewards.sum(dtype=np.float64))
    if not abs(total) <= _LARGEST:
        raise UserError(f'{label}: {episode.name}: expected a finite return, got {total:g}')
    earned = np.flatnonzero(episode.rewards)
    return Outcome(total, int(earned[0]) if len(earned) else len(episode.actions))
