"""LIBERO's HDF5 files as an `EpisodeSource`."""
import functools
import zlib
from typing import NamedTuple

import numpy as np

from envs.recorded.content import CAMERA, SHORTEST, described, in_turn, verdict
from envs.recorded.duplicates import copy_lines
from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.listing import found_below, table
from envs.recorded.libero.paths import find_sources, is_data
from envs.recorded.libero.pictures import read_frames
from envs.recorded.robot import BACKWARD, GOAL_STEPS
from envs.recorded.side_files import Progress
from envs.recorded.source import RecordedFile, StoredFrames
from utils.errors import UserError
from utils.flags.suites import SUITES, task_of, tasks_of
from utils.recording import Recording

_SAMPLED = 12       # files of a folder whose frames are looked at for a list


class LiberoSource(NamedTuple):
    """The episodes of a suite; attributes as of `EpisodeSource`."""

    tasks: tuple[str, ...]
    files: list[RecordedFile]
    notices: list[str]
    facts: dict


def serves(env):
    """Whether `env` is a suite of LIBERO."""
    return env in SUITES


def recognizes(path):
    """Whether `path` is a LIBERO file, or a folder with some in it or one level below; True for None."""
    if path is None:
        return True
    try:
        if not path.is_dir():
            return is_data(path)
        folders = [path, *(inner for inner in path.iterdir() if inner.is_dir())]
    except OSError:         # opening it later raises an error that names the flag
        return False
    return any(map(_has_data, folders))


def _has_data(folder):
    """Whether a folder has a LIBERO file; False if it cannot be read."""
    try:
        return any(map(is_data, folder.iterdir()))
    except OSError:         # a neighbour that nobody may need
        return False


def open_source(args):
    """The `EpisodeSource` of the suite `args.env`.

    Raises:
        UserError: a path is missing; or a file or an episode is invalid, without --libero_skip_bad.
    """
    sources = find_sources(args.env, args.libero_path, args.libero_failures)
    read = functools.partial(_usable if args.libero_skip_bad else _recorded,
                             keys=tuple(args.libero_obs.split(',')), args=args)
    files = [*(read(path, 'libero_path') for path in sources.successes),
             *(read(path, 'libero_failures') for path in sources.failures)]
    return LiberoSource(tasks_of(args.env), files, sources.notices, {'id': args.env, 'kwargs': {}})


def describe(path):
    """[text] about each folder of files at a path.

    Raises:
        UserError: a file cannot be read.
    """
    texts = []
    for folder, paths in found_below(path)[0].items():
        files = [read_file(each, (), skip_bad=True) for each in paths]
        skipped = [f'left out: {file.path.name} {name}: {why}'
                   for file in files for name, why in file.skipped.items()]
        repeated = copy_lines([f'{file.path.name} {demo.name}' for file in files for demo in file.demos],
                              [demo.actions for file in files for demo in file.demos])
        texts.append('\n'.join([f'{folder}: HDF5 files of LIBERO', table(files), *_orientation(paths),
                                *repeated, *skipped]))
    return texts


def _orientation(paths):
    """[line] about how the frames of some files are turned; a line for each way they are read."""
    groups = {}
    for path in paths[:_SAMPLED]:
        file = read_file(path, (CAMERA, 'state'), skip_bad=True)
        groups.setdefault(file.orientation, []).append(_looks(file))
    found = [verdict(in_turn(looks), orientation) for orientation, looks in groups.items()]
    return [described(each) for each in found if each.looked]


def _looks(file):
    """Yields the episodes of a `DemoFile` that can show how frames are turned, for `verdict`."""
    for demo in file.demos:
        if len(demo.rows) >= SHORTEST:
            yield (read_frames(file._replace(demos=[demo]), CAMERA), demo.rows - demo.first_row,
                   demo.vectors['state'][:, :3])


def _usable(path, flag, keys, args):
    """As `_recorded`; a file that is unusable as a whole has no episodes."""
    try:
        return _recorded(path, flag, keys, args)
    except UserError as error:
        why = str(error).removeprefix(f'{path}').removeprefix(':').strip()
        return RecordedFile(path, flag, [], {}, {}, '', {'as a whole': why})


def _recorded(path, flag, keys, args):
    """The `RecordedFile` of one HDF5 file."""
    file = read_file(path, keys, args.libero_alignment, args.libero_orientation, args.libero_noops,
                     args.libero_skip_bad, args.get('needs_outcomes', True))
    cameras = {key: stored_frames(file, key) for key in keys if key in CAMERAS} if file.demos else {}
    return RecordedFile(path, flag, _recordings(file), cameras, _fingerprint(file),
                        f'{file.orientation} frames recorded {file.alignment} the actions', file.skipped,
                        has_returns=all(demo.has_rewards for demo in file.demos),
                        orientation=file.orientation)


def stored_frames(file, camera):
    """The `StoredFrames` of a `DemoFile` by one camera."""
    return StoredFrames(file.path, camera, sum(demo.num_stored for demo in file.demos),
                        file.cameras[CAMERAS[camera]],
                        [CAMERAS[camera], file.orientation, [[demo.name, demo.num_stored]
                                                             for demo in file.demos]],
                        functools.partial(read_frames, file, camera),
                        read_one=lambda place: read_frames(file._replace(demos=file.demos[place:place + 1]),
                                                           camera))


def _recordings(file):
    """[`Recording`] of one file, without frames and context."""
    task = task_of(file.path)
    known, nothing = Progress(file.path.with_name(f'progress_{task}.npz')), np.zeros(0, np.float32)
    return [Recording(file.path, demo.name, task, nothing, {}, demo.rows, demo.vectors, demo.actions,
                      demo.total_reward, known.of(demo), '' if demo.total_reward > 0 else known.mode_of(demo),
                      min(demo.unrewarded, max(1, len(demo.actions) - GOAL_STEPS)), BACKWARD, ('feature',),
                      final_action=demo.final_action, stored_steps=demo.stored_steps,
                      num_stored=demo.num_stored)
            for demo in file.demos]


def _fingerprint(file):
    """Values that differ between two files of episodes and are independent of their location."""
    digest = 0
    for demo in file.demos:
        digest = zlib.crc32(np.ascontiguousarray(demo.actions).tobytes(), digest)
    return {'name': f'{file.path.parent.name}/{file.path.name}', 'size': file.path.stat().st_size,
            'episodes': len(file.demos), 'steps': sum(len(demo.actions) for demo in file.demos),
            'actions': digest}
