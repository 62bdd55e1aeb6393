"""One episode with its frames, decoded when it is needed; nothing is kept on disk."""
import numpy as np

from envs.recorded.resizing import resized
from envs.recorded.source import Damaged
from utils.errors import UserError


class FramesLostError(Exception):
    """The frames of an episode cannot be read; the message says why."""


def with_frames(recording, file, place, size):
    """A `Recording` with frames of its own: the same as of the frame cache.

    Args:
        recording: the `Recording`, without frames.
        file: the `RecordedFile` that holds it.
        place: its position in the episodes of the file.
        size: height and width of the frames, pixels.

    Raises:
        FramesLostError: they are damaged.
        UserError: the file cannot be read.
    """
    first, frames = recording.rows[0], {}
    for camera, stored in file.cameras.items():
        pieces = [_resized(piece, size) for piece in stored.read_one(place)]
        frames[camera] = np.concatenate(pieces)
        if len(frames[camera]) <= recording.rows[-1] - first:
            raise UserError(f'{file.path} {recording.name}: expected {recording.rows[-1] - first + 1} frames '
                            f'of {camera}, got {len(frames[camera])}')
    return recording._replace(frames=frames, rows=recording.rows - first)


def _resized(frames, size):
    """[n, size, size, 3] of some frames."""
    if isinstance(frames, Damaged):
        raise FramesLostError(frames.reason)
    return resized(frames, size)
