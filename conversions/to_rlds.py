"""Episodes into RLDS, as OpenVLA's loader takes them."""
import functools

from envs.recorded.rlds.new_episode import NewEpisode
from envs.recorded.rlds.schema import Schema
from envs.recorded.rlds.write import write_set
from utils.flags.suites import ENDING
from utils.unfinished import staged

_CAMERAS = {'agentview': 'image', 'wrist': 'wrist_image'}
_VERSION = '1.0.0'


def write_rlds(target, episodes, sizes, flags, facts):
    """Writes `TARGET/NAME/1.0.0`.

    Args:
        target: path of the new folder.
        episodes: [`Episode`].
        sizes: {camera: (height, width)}.
        flags: reads name, env and encoding.
        facts: JSON value that identifies the sources.

    Raises:
        UserError: it cannot be written, or an episode cannot be read.
    """
    name = flags.name or (f'{flags.env}_no_noops' if flags.libero_noops == 'drop' else flags.env)
    vectors = {'state': 8} | ({} if episodes[0].joints is None else {'joint_state': 7})
    schema = Schema({_CAMERAS[camera]: tuple(size) for camera, size in sizes.items()}, vectors,
                    encoding=flags.encoding or 'jpeg')
    plan = {'format': 'rlds', 'name': name, 'schema': schema._asdict(), 'facts': facts}
    with staged(target, plan) as partial:
        folder = partial / name / _VERSION
        if not folder.exists():     # the last call stopped between both moves
            write_set(folder, name, _VERSION, [functools.partial(_episode, each, schema.vectors)
                                               for each in episodes], schema, facts=facts)


def _episode(episode, vectors):
    values = {'state': episode.state, 'joint_state': episode.joints}
    frames = {_CAMERAS[camera]: [episode.mirrored(camera)] for camera in episode.file.cameras}
    episode.report()
    return NewEpisode(frames, {key: values[key] for key in vectors}, episode.actions, episode.rewards,
                      episode.sentence, f'{episode.recording.task}{ENDING}',
                      terminal=episode.recording.success)
