"""Checks from their content that frames are upright and not mirrored."""
from envs.recorded.orientation import UPRIGHT, majority, seen

_EPISODES = 12      # of a file; enough for a majority


def orientation_notices(files, frames):
    """[warning] for each file whose frames seem to be turned.

    Args:
        files: list of `RecordedFile` of LIBERO's robot.
        frames: {path: {camera: [N, H, W, 3]}}.
    """
    notices = []
    for file in files:
        if 'agentview' not in file.cameras:
            continue
        found = [seen(frames[file.path]['agentview'][recording.rows], position)
                 for recording in file.episodes[:_EPISODES]
                 if (position := _position(recording)) is not None]
        best, count = majority(found)
        if best not in (None, UPRIGHT):
            notices.append(f'warning: {file.path}: frames of agentview are {best} by what moves in them '
                           f'({count} of {len(found)} episodes); check --libero_orientation')
    return notices


def _position(recording):
    """[T + 1, 3] of the end effector, or None."""
    vector = next((recording.vectors[key] for key in ('state', 'proprio') if key in recording.vectors), None)
    return None if vector is None else vector[:, :3]
