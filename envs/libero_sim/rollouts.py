"""Roll-outs to evaluate a reward on: demonstrations replayed undisturbed, and with one disturbance each."""
import math
from pathlib import Path

from envs.libero_sim.appearance import mirrors
from envs.libero_sim.episode_files import AFTER
from envs.libero_sim.parts import Kind
from envs.libero_sim.perturbing import UNDISTURBED, make_disturbed, summary
from envs.libero_sim.playing import play_to_end
from envs.libero_sim.producing import PERTURB, produce
from envs.libero_sim.recorded import files, first_moment
from envs.libero_sim.sensors import CAMERAS
from utils.errors import UserError
from utils.flags.command_line import parse
from utils.flags.flag import Args
from utils.flags.suites import ENDING
from utils.foreign.hdf5 import hdf5_file
from utils.new_hdf5 import new_file


def share(demonstrations, episodes):
    """(demonstrations to use, disturbed episodes of each) for at least this many episodes in all.

    Each demonstration gives one undisturbed episode, and one disturbed one or more.

    Args:
        demonstrations: number of those that there are.
        episodes: number wanted.
    """
    per_demo = max(1, math.ceil(episodes / demonstrations) - 1)
    return min(demonstrations, math.ceil(episodes / (per_demo + 1))), per_demo


def spread(chosen, count):
    """[(path, name)] of the first `count` of {path: [name]}, taken from each file in turn; in their order."""
    turns = sorted((place, number, path, name) for number, (path, names) in enumerate(chosen.items())
                   for place, name in enumerate(names))[:count]
    return [(path, name) for _, number, path, name in sorted(turns, key=lambda turn: (turn[1], turn[0]))]


def write_selection(folder, chosen):
    """Copies demonstrations into files of their own, in folders of the names of their own.

    Args:
        folder: an existing folder.
        chosen: [(path of a file, name of an episode in it)].

    Raises:
        UserError: one has no simulator states, or they cannot be copied.
    """
    for path in dict.fromkeys(path for path, _ in chosen):
        path = Path(path)
        if not path.name.endswith(ENDING):
            raise UserError(f'{path}: expected LIBERO\'s own HDF5 files, which hold simulator states')
        target = Path(folder, path.parent.name, path.name)
        target.parent.mkdir(exist_ok=True)
        with hdf5_file(path) as source, new_file(target) as copy:
            data = copy.create_group('data')
            for key, value in source['data'].attrs.items():
                data.attrs[key] = value
            for name in (name for each, name in chosen if Path(each) == path):
                if 'states' not in source['data'][name]:
                    raise UserError(f'{path}: data/{name} has no simulator states to start from')
                source.copy(f'data/{name}', data, name)


def make_rollouts(item, scenes, args):
    """Plays one demonstration undisturbed, and `per_demo` times disturbed; all as `make_disturbed`."""
    own = item.demonstration
    played = play_to_end(scenes.get(item.source), own.state, own.actions, own.model_file)
    noted = {'model_file': own.stored_model, 'source_demo': own.name, 'disturbance': UNDISTURBED}
    disturbed, facts = make_disturbed(item, scenes, args)
    return [(played, noted), *disturbed], facts


KIND = Kind(AFTER, make_rollouts)


def main(words):
    """Records roll-outs that look as their demonstrations do; `python -m tester RUN_DIR --sim` calls it.

    Args:
        words: the command line: --libero_path, --out, --per_demo, --seed and --jobs.

    Raises:
        UserError: as of `producing.perturb`.
    """
    args = parse(PERTURB, (), words, None, description=__doc__,
                 usage='python -m envs.libero_sim rollouts --libero_path=IN --out=OUT [--flag=value ...]')
    path = files(args.libero_path)[0]
    look = {'reflections': mirrors(path), **_pictures(first_moment(path).pictures)}
    produce('rollouts', Args({**args, **look, 'keep_diverged': False}), KIND, summary, True)


def _pictures(stored):
    """The flags `cameras` and `size` that give pictures as the stored {key: [H, W, 3]}."""
    names = [name for name, (_, key) in CAMERAS.items() if key in stored]
    if not names:
        return {}
    return {'cameras': ','.join(names), 'size': len(stored[CAMERAS[names[0]][1]])}
