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
        wrong = turned(recording._replace(frames=frames[file.path])
                       for recording in file.episodes[:_EPISODES])
        if wrong:
            notices.append(f'warning: {file.path}: {wrong}')
    return notices


def turned(recordings):
    """How the frames of most episodes are turned, as text; '' if they are not, or if it is unclear.

    Args:
        recordings: `Recording`s of LIBERO's robot with frames of agentview.
    """
    found = [seen(recording.frames['agentview'][recording.rows], position)
             for recording in recordings if (position := _position(recording)) is not None]
    best, count = majority(found)
    if best in (None, UPRIGHT):
        return ''
    return (f'frames of agentview are {best} by what moves in them ({count} of {len(found)} episodes); check '
            '--libero_orientation')


def _position(recording):
    """[T + 1, 3] of the end effector, or None."""
    vector = next((recording.vectors[key] for key in ('state', 'proprio') if key in recording.vectors), None)
    return None if vector is None else vector[:, :3]
