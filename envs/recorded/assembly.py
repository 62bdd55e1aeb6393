"""Episodes as they are stored -> `Recording`s in the canonical form."""
import functools
import json
import zlib
from typing import NamedTuple

import numpy as np

from envs.recorded import gripper
from envs.recorded.noops import idle
from envs.recorded.orientation import upright
from envs.recorded.robot import BACKWARD, GOAL_STEPS
from envs.recorded.source import Damaged, RecordedFile, StoredFrames
from utils.errors import UserError
from utils.recording import Recording


class Conventions(NamedTuple):
    """How a set is stored, and what is left out.

    Attributes:
        is_libero: whether the episodes are of LIBERO's robot.
        alignment: 'before' or 'after': when the observation of a step was taken, relative to its action.
        orientation: of frames, as in `envs.recorded.orientation`.
        gripper: convention of the gripper, as in `envs.recorded.gripper`; '' leaves actions as they are.
        drop_noops: whether steps are left out that move nothing.
    """

    is_libero: bool
    alignment: str
    orientation: str
    gripper: str
    drop_noops: bool = False


def recorded_file(raw, flag, choice, tasks, outcomes, conventions):
    """The `RecordedFile` of a `RawFile`.

    Args:
        raw: the `RawFile`, read with the columns of `choice`.
        flag: name of the flag that names it.
        choice: the `Choice` of columns.
        tasks: [name of the task of each episode, or None to leave it out].
        outcomes: the `Outcomes` of its episodes.
        conventions: the `Conventions`.
    """
    kept = [position for position, task in enumerate(tasks) if task is not None]
    recordings, skipped, positions, row = [], dict(raw.skipped), [], 0
    for position in kept:
        episode = raw.episodes[position]
        steps = _steps(episode, conventions)
        if not len(steps):
            skipped[episode.name] = 'no step has an observation before and after its action'
            continue
        recordings.append(_recording(raw.path, episode, tasks[position], outcomes.each[position], choice,
                                     conventions, steps, row))
        positions.append(position)
        row += _num_frames(episode)
    cameras = {key: _stored(raw, key, column, positions, row, conventions.orientation)
               for key, column in choice.cameras.items()} if recordings else {}
    text = f'{conventions.orientation} frames recorded {conventions.alignment} the actions'
    return RecordedFile(raw.path, flag, recordings, cameras, _fingerprint(raw, recordings), text, skipped,
                        outcomes.stored, outcomes.stored,
                        conventions.orientation if conventions.is_libero else '')


def _num_frames(episode):
    return len(episode.actions) + (episode.final_vectors is not None)


def _steps(episode, conventions):
    """Numbers of the stored steps that have s and s'."""
    length, has_final = len(episode.actions), episode.final_vectors is not None
    if conventions.alignment == 'after':
        steps = np.arange(1, length)
    else:
        steps = np.arange(length if has_final else length - 1)
    return steps[~idle(episode.actions)[steps]] if conventions.drop_noops else steps


def _recording(path, episode, task, outcome, choice, conventions, steps, row):
    """The `Recording` of an episode whose first frame is `row`."""
    shift = 0 if conventions.alignment == 'after' else 1
    kept = np.concatenate([[0], steps + shift])         # the s' of a dropped step is dropped too
    unrewarded = int(np.searchsorted(steps, outcome.unrewarded))
    if conventions.is_libero:
        unrewarded = min(unrewarded, max(1, len(steps) - GOAL_STEPS))
    actions = gripper.canonical(episode.actions[steps], conventions.gripper).astype(np.float32)
    vectors = {key: np.concatenate([_values(episode, name) for name in names], axis=1)[kept]
               for key, names in choice.vectors.items()}
    return Recording(path, episode.name, task, np.zeros(0, np.float32), {}, row + kept, vectors, actions,
                     outcome.total_reward, unrewarded=unrewarded,
                     backward=BACKWARD if conventions.is_libero else None, exact=choice.exact,
                     final_action=_final_action(episode, conventions, kept[-1]), stored_steps=steps,
                     num_stored=len(episode.actions))


def _final_action(episode, conventions, last):
    """[A] float32 action at the last observation, stored step `last`; None if it is not stored."""
    if conventions.alignment == 'after' or last >= len(episode.actions):
        return None
    return gripper.canonical(episode.actions[last:last + 1], conventions.gripper)[0].astype(np.float32)


def _values(episode, name):
    """[T, D] of a vector, or [T + 1, D] where the observation after the last step is stored."""
    values = episode.vectors[name]
    if episode.final_vectors is None:
        return values
    return np.concatenate([values, episode.final_vectors[name][None]])


def _stored(raw, key, column, positions, count, orientation):
    """The `StoredFrames` of one camera."""
    found = raw.columns[column]
    facts = [column, orientation, positions, raw.facts]
    return StoredFrames(raw.path, key, count, found.shape[:2], json.loads(json.dumps(facts, default=int)),
                        functools.partial(_frames, raw, column, positions, orientation), found.encoding,
                        lambda place: _frames(raw, column, [positions[place]], orientation))


def _frames(raw, column, positions, orientation):
    yield from turned(raw.read(column, positions), orientation)


def turned(pieces, orientation):
    """Yields stored frames upright and not mirrored, and `Damaged` as it is."""
    for frames in pieces:
        yield frames if isinstance(frames, Damaged) else upright(frames, orientation)


def _fingerprint(raw, recordings):
    """Values that differ between two sets of episodes and are independent of their location."""
    digest = 0
    for recording in recordings:
        digest = zlib.crc32(np.ascontiguousarray(recording.actions).tobytes(), digest)
        digest = zlib.crc32(np.float64(recording.total_reward).tobytes(), digest)
    return {'name': f'{raw.path.parent.name}/{raw.path.name}', 'format': raw.format,
            'episodes': len(recordings), 'steps': sum(map(len, (each.actions for each in recordings))),
            'actions': digest}


def check_widths(files):
    """Raises a UserError if actions have several widths."""
    first = {}
    for file in files:
        for recording in file.episodes:
            width = recording.actions.shape[1]
            other, expected = first.setdefault('actions', (recording, width))
            if width != expected:
                raise UserError(f'{file.path}: {recording.name}: expected actions of {expected} numbers, as '
                                f'in {other.path} {other.name}, got {width}')
