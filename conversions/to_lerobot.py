"""Episodes into a data set of LeRobot v3.0."""
import functools

from envs.recorded.lerobot.new_episode import Layout, NewEpisode
from envs.recorded.lerobot.write import write_set
from utils.flags.suites import OWN_DATA

_LIBERO = {'agentview': 'observation.images.image', 'wrist': 'observation.images.image2',
           'joint_state': 'observation.states.joint_state'}
_FPS = 20       # of LIBERO


def own_column(key, is_camera):
    """The name of a camera or vector of own data."""
    return f'observation.images.{key}' if is_camera else f'observation.{key}'


def write_lerobot(job):
    """Writes the data set `TARGET`."""
    flags, (episodes, sizes, facts, _) = job.flags, job.content
    robot = None if flags.env == OWN_DATA else 'panda'
    sizes = {_column(key, flags.env, True): tuple(size) for key, size in sizes.items()}
    layout = Layout(flags.fps or _FPS, sizes, flags.encoding or 'png', robot=robot)
    write_set(job.target, [_episode(each, job) for each in episodes], layout, facts)


def _episode(episode, job):
    env = job.flags.env
    frames = {_column(key, env, True): functools.partial(_frames, episode, key, job)
              for key in episode.cameras}
    if not frames:
        job.report()
    vectors = {_column(key, env, False): values for key, values in episode.vectors.items()}
    return NewEpisode(episode.sentence, episode.actions, vectors, frames, episode.rewards, episode.success)


def _frames(episode, camera, job):
    yield from episode.pictures(camera)
    if camera == episode.cameras[-1]:
        job.report()


def _column(key, env, is_camera):
    own = own_column(key, is_camera)
    return own if env == OWN_DATA else _LIBERO.get(key, own)
