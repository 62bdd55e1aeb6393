"""Frames of an episode that cannot be read: an error, or a reason to leave the episode out."""
from envs.recorded.source import Damaged
from utils.errors import UserError


def fault(streams):
    """Why some frames of an episode cannot be read; '' if all can.

    Args:
        streams: iterable of what is read of each camera, an iterator of frames or `Damaged`.
    """
    return next((piece.reason for pieces in streams for piece in pieces if isinstance(piece, Damaged)), '')


def undamaged(pieces, path):
    """Yields the frames of one camera.

    Raises:
        UserError: some cannot be read.
    """
    for piece in pieces:
        if isinstance(piece, Damaged):
            raise UserError(f'{path}: {piece.reason}; --libero_skip_bad=True leaves the episode out')
        yield piece
