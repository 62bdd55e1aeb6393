"""Episodes into RLDS; those of LIBERO as OpenVLA's loader takes them."""
import functools

from envs.recorded.rlds.new_episode import NewEpisode
from envs.recorded.rlds.schema import Schema
from envs.recorded.rlds.write import check_name, write_set
from utils.flags.suites import OWN_DATA
from utils.unfinished import staged

_LIBERO = {'agentview': 'image', 'wrist': 'wrist_image'}
_VERSION = '1.0.0'


def own_column(key, is_camera):
    """The name that a reader finds for a camera or vector of own data."""
    return f'observation/{key}'


def write_rlds(job):
    """Writes `TARGET/NAME/1.0.0`."""
    flags, (episodes, sizes, facts, _) = job.flags, job.content
    name = flags.name or (f'{flags.env}_no_noops' if flags.libero_noops == 'drop' else flags.env)
    schema = Schema({_name(key, flags.env): tuple(size) for key, size in sizes.items()},
                    {key: values.shape[1] for key, values in episodes[0].vectors.items()},
                    episodes[0].actions.shape[1], flags.encoding or 'jpeg')
    check_name(name)        # before there is an unfinished folder
    plan = {'format': 'rlds', 'name': name, 'schema': schema._asdict(), 'facts': facts}
    with staged(job.target, plan) as partial:
        folder = partial / name / _VERSION
        if not folder.exists():     # the last call stopped between both moves
            write_set(folder, name, _VERSION, [functools.partial(_episode, each, job) for each in episodes],
                      schema, facts=facts)


def _episode(episode, job):
    env = job.flags.env
    frames = {_name(key, env): episode.pictures(key) for key in episode.cameras}
    job.report()
    return NewEpisode(frames, episode.vectors, episode.actions, episode.rewards, episode.sentence,
                      episode.origin, terminal=episode.success is not False)


def _name(camera, env):
    """The name of a camera in an observation."""
    return camera if env == OWN_DATA else _LIBERO[camera]
