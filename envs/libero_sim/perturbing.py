"""`perturb`: replays each demonstration with one disturbance, and records what comes of it."""
import zlib

import numpy as np

from envs.libero_sim.disturbances import KINDS, possible
from envs.libero_sim.episode_files import AFTER
from envs.libero_sim.parts import Kind
from envs.libero_sim.playing import play_to_end

UNDISTURBED = 'none'    # kind of the replay without a disturbance
_COLUMN = 'undisturbed'     # whether that replay succeeds


def make_disturbed(item, scenes, args):
    """Plays one demonstration without a disturbance, as a check, and `per_demo` times with one.

    Args:
        item: the `Item`.
        scenes: the `Scenes`.
        args: the flags `per_demo`, `seed` and `keep_diverged`.

    Returns:
        ([(`Played`, {name: attribute})] of the episodes to record, {'undisturbed': whether it succeeds}).
    """
    source, own = item.source, item.demonstration
    others = [each.actions for each in source.demonstrations if each.name != own.name]
    episodes, names = [], possible(own.actions, others)

    def play(has_cameras, actions):
        return play_to_end(scenes.get(source, has_cameras), own.state, actions, own.model_file)

    def add(played, kind, **noted):
        noted = {f'disturbance_{name}': value for name, value in noted.items()}
        episodes.append((played, {'model_file': own.stored_model, 'source_demo': own.name,
                                  'disturbance': kind, **noted}))

    is_sound = play(False, own.actions).success     # without pictures it takes a third of the time
    if args.keep_diverged and not is_sound:
        add(play(True, own.actions), UNDISTURBED)
    for number in range(args.per_demo):
        kind = names[(item.place * args.per_demo + number + args.seed) % len(names)]
        seed = _seed(item, args.seed, number)
        disturbed = KINDS[kind](own.actions, np.random.default_rng(seed), others)
        add(play(True, disturbed.actions), kind, seed=seed, step=disturbed.step)
    return episodes, {_COLUMN: int(is_sound)}


def _seed(item, seed, number):
    """The seed of one episode, which is independent of the other files and of the order of the work."""
    where = zlib.crc32(f'{item.source.suite}/{item.source.task}/{item.demonstration.name}'.encode())
    return int(np.random.SeedSequence([seed, where, number]).generate_state(1)[0])


KIND = Kind(AFTER, make_disturbed)


def summary(rows):
    """[text] about the episodes that were recorded.

    Args:
        rows: of `rows_of`.
    """
    sound = {(row['suite'], row['task'], row['demonstration']): int(row[_COLUMN]) for row in rows}
    texts = [f'{sum(sound.values())} of {len(sound)} demonstrations succeed when replayed undisturbed']
    texts += [f'diverged: {suite}/{task} {name}' for (suite, task, name), is_sound in sound.items()
              if not is_sound]
    for kind in dict.fromkeys(row['disturbance'] for row in rows):
        outcomes = [int(row['success']) for row in rows if row['disturbance'] == kind]
        texts.append(f'{kind}: {sum(outcomes)} of {len(outcomes)} succeed')
    return texts
