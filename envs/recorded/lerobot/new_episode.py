"""What a new data set is made of."""
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from utils.errors import UserError

ENCODERS = {'av1': 'libsvtav1', 'h264': 'libx264'}      # names of PyAV's encoders
ENCODINGS = ('png', *ENCODERS)
_RESERVED = ('action', 'actions', 'timestamp', 'frame_index', 'episode_index', 'index', 'task_index')


class NewEpisode(NamedTuple):
    """One episode to write.

    Attributes:
        task: a sentence.
        actions: [T, A] float32.
        vectors: {column: [T, D] float32}.
        frames: {camera: function that yields its T frames in turn, [n, height, width, 3] uint8}.
        rewards: [T] float32, or None in all episodes.
        success: whether it is a success, or None in all episodes.
    """

    task: str
    actions: np.ndarray
    vectors: dict[str, np.ndarray]
    frames: dict[str, Callable[[], Iterator[np.ndarray]]]
    rewards: np.ndarray | None = None
    success: bool | None = None


class Layout(NamedTuple):
    """What all episodes of a new data set have in common.

    Attributes:
        fps: frames per second.
        sizes: {camera: (height, width)}.
        encoding: 'png' in the parquet files, or 'av1' or 'h264' videos.
        action: name of the column of actions.
        robot: name of the robot, or None.
    """

    fps: int
    sizes: dict[str, tuple[int, int]]
    encoding: str = 'png'
    action: str = 'action'
    robot: str | None = None


def check_new(folder, episodes, layout):
    """Checks what can be checked before anything is written.

    Args:
        folder: to be written, for errors.
        episodes: the `NewEpisode`s.
        layout: the `Layout`.

    Raises:
        UserError: there are no episodes, they differ in their columns, or a value is invalid.
    """
    if not episodes:
        raise UserError(f'{folder}: expected episodes to write, got none')
    if layout.encoding not in ENCODINGS:
        raise UserError(f'{folder}: expected an encoding among {", ".join(ENCODINGS)}, got {layout.encoding}')
    if layout.encoding != 'png' and any(side % 2 for size in layout.sizes.values() for side in size):
        raise UserError(f'{folder}: expected frames of an even height and width for {layout.encoding}, got '
                        f'{layout.sizes}')
    if not (isinstance(layout.fps, int) and layout.fps > 0):
        raise UserError(f'{folder}: expected whole frames per second above 0, got {layout.fps}')
    expected = columns(episodes[0])
    names = [*expected, *layout.sizes]
    bad = [name for name in names if '/' in name or '..' in name or not name or name in _RESERVED[2:]]
    if bad:
        raise UserError(f'{folder}: a column cannot be named {bad[0]!r}')
    for number, episode in enumerate(episodes):
        _check_episode(f'{folder}: episode {number}', episode, expected, layout)


def columns(episode):
    """{column: shape of a step} of the numbers of an episode, beside those that each data set has."""
    shapes = {name: values.shape[1:] for name, values in episode.vectors.items()}
    shapes['action'] = episode.actions.shape[1:]
    shapes |= {'next.reward': (1,), 'next.done': (1,)} if episode.rewards is not None else {}
    return shapes | ({'next.success': (1,)} if episode.success is not None else {})


def _check_episode(label, episode, expected, layout):
    if columns(episode) != expected or episode.frames.keys() != layout.sizes.keys():
        raise UserError(f'{label}: expected the columns {expected} and the cameras {sorted(layout.sizes)} as '
                        f'in the first episode, got {columns(episode)} and {sorted(episode.frames)}')
    length = len(episode.actions)
    arrays = [episode.actions, *episode.vectors.values()]
    arrays += [] if episode.rewards is None else [episode.rewards]
    if not length or any(len(values) != length for values in arrays):
        raise UserError(f'{label}: expected as many rows in each column, got '
                        f'{[len(each) for each in arrays]}')
    if not all(np.isfinite(values).all() for values in arrays):
        raise UserError(f'{label}: expected finite numbers, got NaN or infinity')
    if not episode.task:
        raise UserError(f'{label}: expected a task, got an empty text')
