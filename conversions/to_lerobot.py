"""Episodes into a data set of LeRobot v3.0."""
import functools

from envs.recorded.lerobot.new_episode import Layout, NewEpisode
from envs.recorded.lerobot.write import write_set

_CAMERAS = {'agentview': 'observation.images.image', 'wrist': 'observation.images.image2'}
_JOINTS = 'observation.states.joint_state'


def write_lerobot(target, episodes, sizes, flags, facts):
    """Writes the data set `target`.

    Args:
        target: path of the new folder.
        episodes: [`Episode`].
        sizes: {camera: (height, width)}.
        flags: reads fps and encoding.
        facts: JSON value that identifies the sources.

    Raises:
        UserError: it cannot be written, or an episode cannot be read.
    """
    layout = Layout(flags.fps, {_CAMERAS[camera]: tuple(size) for camera, size in sizes.items()},
                    flags.encoding or 'png', robot='panda')
    write_set(target, [_episode(each) for each in episodes], layout, facts)


def _episode(episode):
    joints = {} if episode.joints is None else {_JOINTS: episode.joints}
    cameras = list(episode.file.cameras)
    frames = {_CAMERAS[camera]: functools.partial(_frames, episode, camera, camera == cameras[-1])
              for camera in cameras}
    return NewEpisode(episode.sentence, episode.actions, {'observation.state': episode.state, **joints},
                      frames, episode.rewards, episode.recording.success)


def _frames(episode, camera, is_last):
    yield episode.mirrored(camera)
    if is_last:
        episode.report()
