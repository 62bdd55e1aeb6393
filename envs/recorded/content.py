"""Checks from their content that frames of LIBERO are upright and not mirrored."""
import itertools
from typing import NamedTuple

import cv2
import numpy as np

from envs.recorded.orientation import LEAST, UPRIGHT, composed, majority, seen
from envs.recorded.source import Damaged
from utils.errors import UserError
from utils.flags.suites import OWN_DATA

CAMERA, POSITIONS = 'agentview', ('state', 'proprio')      # a vector that begins with the end effector
SHORTEST = 20       # frames of an episode that can show anything
_EPISODES = 12      # of a set; enough for a majority
_AHEAD = 3          # upright episodes more than others that are enough
_SIDE = 64          # pixels that frames are reduced to: as sure as 128, five times as fast


class Verdict(NamedTuple):
    """What moves in the frames of a set shows, after they were turned as assumed.

    Attributes:
        assumed: how they were assumed to be stored.
        stored: how they are stored; '' if no majority shows it.
        count: number of episodes that show `stored`.
        clear: number of episodes that show any orientation.
        looked: number of episodes of at least `SHORTEST` frames that were decoded.
        hint: what all clear episodes show where they are too few for a majority; '' otherwise.
    """

    assumed: str
    stored: str
    count: int
    clear: int
    looked: int
    hint: str = ''

    @property
    def contradicts(self):
        """Whether the frames are stored in another way than assumed."""
        return self.stored not in ('', self.assumed)


def verdict(episodes, assumed):
    """The `Verdict` of up to 12 episodes; of fewer, if the first ones show what is assumed.

    Args:
        episodes: iterable of (iterator of frames or `Damaged`, rows of them, [T, 3] of the end effector at
            these rows). Frames are turned as assumed.
        assumed: a value of --libero_orientation.
    """
    found, clear = [], []
    for pieces, rows, position in itertools.islice(episodes, _EPISODES):
        frames = _reduced(pieces)
        if frames is None:
            continue
        found.append(seen(frames[rows], position))
        clear = [each for each in found if each is not None]
        if 2 * clear.count(UPRIGHT) - len(clear) >= _AHEAD:
            break
    best, count = majority(found)
    hint = composed(assumed, clear[0]) if len(clear) < LEAST and len(set(clear)) == 1 else ''
    return Verdict(assumed, '' if best is None else composed(assumed, best), count, len(clear), len(found),
                   hint)


def check_orientation(files, args):
    """[warning] about the orientation of frames, each set judged as a whole.

    Args:
        files: [`RecordedFile`] with all episodes that can be read.
        args: reads env and libero_orientation.

    Raises:
        UserError: the content contradicts what is assumed, and --libero_orientation does not say it.
    """
    if args.env == OWN_DATA:
        return []
    verdicts = [(path, verdict(in_turn(map(_episodes, own)), own[0].orientation))
                for path, own in _sets(files)]
    wrong = [(path, each) for path, each in verdicts if each.contradicts]
    if args.libero_orientation != 'auto':
        return [f'warning: {path}: {_finding(each)}, not {each.assumed} as --libero_orientation says'
                for path, each in wrong]
    if wrong:
        raise UserError(_refusal(*wrong[0], verdicts))
    return [f'warning: {path}: {text}' for path, each in verdicts if (text := _caution(each))]


def described(found):
    """A line about a `Verdict`."""
    if not found.looked:
        return f'frames: read as {found.assumed}; no episode is long enough to check it'
    if found.contradicts:
        return (f'frames: read as {found.assumed}; {_finding(found)}: refused in a suite, unless '
                '--libero_orientation is given')
    if found.stored:
        return (f'frames: read as {found.assumed}, as what moves in them confirms ({found.count} of '
                f'{found.clear} clear episodes)')
    return (f'frames: read as {found.assumed}; what moves in them does not show it ({found.clear} of '
            f'{found.looked} episodes are clear)')


def _caution(found):
    """A warning about a `Verdict` that contradicts nothing; '' if there is none."""
    if found.hint not in ('', found.assumed):
        return (f'what moves in the frames of {CAMERA} looks as if they were stored {found.hint}, not '
                f'{found.assumed} as assumed; {found.clear} clear of {found.looked} episodes are too few '
                'to be sure')
    if not found.stored and found.looked >= LEAST:
        return (f'what moves in the frames of {CAMERA} does not show whether they are stored {found.assumed} '
                f'as assumed ({found.clear} of {found.looked} episodes are clear)')
    return ''


def _refusal(path, found, verdicts):
    """The text of the error about a set."""
    for other, each in verdicts:
        if each.stored not in ('', found.stored):
            return (f'{path}: {_finding(found)}, those of {other} {each.stored}; expected all sets in one '
                    'orientation, as a difference would reveal the outcome')
    return (f'{path}: {_finding(found)}, not {found.assumed} as assumed; expected '
            f'--libero_orientation={found.stored}, or --libero_orientation={found.assumed} to insist')


def _finding(found):
    return (f'what moves in the frames of {CAMERA} shows that they are stored {found.stored} '
            f'({found.count} of {found.clear} clear episodes)')


def _sets(files):
    """[(path of a set, its files)] of those that can be judged; the files of a folder are one set."""
    sets = {}
    for file in files:
        if CAMERA in file.cameras and file.orientation and _position(file.episodes[0]) is not None:
            folder = file.path.parent if file.path.is_file() else file.path
            sets.setdefault((folder, file.flag, file.orientation), []).append(file)
    return [(own[0].path if len(own) == 1 else folder, own) for (folder, *_), own in sets.items()]


def in_turn(parts):
    """Yields the first element of each iterable, then the second of each, until all are at their end."""
    for elements in itertools.zip_longest(*parts):
        yield from (element for element in elements if element is not None)


def _episodes(file):
    """Yields the episodes of a file that can show something, for `verdict`."""
    for place, recording in enumerate(file.episodes):
        if len(recording.rows) >= SHORTEST:
            yield (file.cameras[CAMERA].read_one(place), recording.rows - recording.rows[0],
                   _position(recording))


def _position(recording):
    """[T + 1, 3] of the end effector, or None."""
    vector = next((recording.vectors[key] for key in POSITIONS if key in recording.vectors), None)
    return None if vector is None else vector[:, :3]


def _reduced(pieces):
    """[N, h, w, 3] of at most `_SIDE` pixels; None if some are damaged."""
    frames = []
    for piece in pieces:
        if isinstance(piece, Damaged):
            return None
        frames += [_small(frame) for frame in piece]
    return np.stack(frames)


def _small(frame):
    if max(frame.shape[:2]) <= _SIDE:
        return frame
    return cv2.resize(frame, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
