"""Episodes in parts, one file for each demonstration, so that a killed program resumes; and their making."""
import functools
import os
from pathlib import Path
from typing import NamedTuple

from envs.libero_sim.demonstrations import read_sources
from envs.libero_sim.episode_files import write_episodes
from utils.errors import UserError, file_errors
from utils.flags.flag import Args
from utils.ray_shares import run_tasks
from utils.shares import run_processes

PARTS = 'episodes'      # folder of the parts, in the unfinished folder


class Item(NamedTuple):
    """One demonstration to work on.

    Attributes:
        source: the `Source` that has it.
        place: its position there.
    """

    source: object
    place: int

    @property
    def demonstration(self):
        """The `Demonstration`."""
        return self.source.demonstrations[self.place]

    def path_in(self, folder):
        """Path of its part in an unfinished folder."""
        return Path(folder, PARTS, self.source.suite, self.source.task, f'{self.demonstration.name}.hdf5')


class Kind(NamedTuple):
    """What is made of demonstrations.

    Attributes:
        alignment: of the observations, `AFTER` or `BEFORE`.
        make: function of (`Item`, `Scenes`, flags) to ([(`Played`, {name: attribute})], facts).
    """

    alignment: str
    make: object


class Job(NamedTuple):
    """What another process needs.

    Attributes:
        kind: the `Kind`, whose function can be imported.
        flags: {name: value} of the command.
        folder: the unfinished folder, an absolute path.
        cwd: directory that relative paths start from.
    """

    kind: Kind
    flags: dict
    folder: str
    cwd: str


class Scenes:
    """The scenes of one task at a time, with and without cameras; others are closed.

    Args:
        make: function of (suite, task, cameras, size, reflections) to a `Scene`.
        args: the flags `cameras`, `size` and `reflections`.
    """

    def __init__(self, make, args):
        self._make, self._args, self._task, self._open = make, args, None, {}

    def get(self, source, has_cameras=True):
        """The `Scene` of a `Source`."""
        if self._task != (source.suite, source.task):
            self.close()
            self._task = (source.suite, source.task)
        if has_cameras not in self._open:
            cameras = tuple(self._args.cameras.split(',')) if has_cameras else ()
            self._open[has_cameras] = self._make(*self._task, cameras=cameras, size=self._args.size,
                                                 reflections=self._args.reflections)
        return self._open[has_cameras]

    def close(self):
        """Closes all."""
        for scene in self._open.values():
            scene.close()
        self._open.clear()


def items_of(sources):
    """[`Item`] of all demonstrations, in order."""
    return [Item(source, place) for source in sources for place in range(len(source.demonstrations))]


def missing_parts(folder, items):
    """Numbers of the items whose parts are not there."""
    return [number for number, item in enumerate(items) if not item.path_in(folder).exists()]


def make_parts(job, items, numbers, make_scene, report):
    """Makes the parts of some items, in this process.

    Args:
        job: the `Job`.
        items: [`Item`] of all demonstrations.
        numbers: of those to make.
        make_scene: as for `Scenes`.
        report: function without arguments, called after each part.

    Raises:
        UserError: the simulator cannot be used, a demonstration does not fit it, or the disk is full.
    """
    args = Args(job.flags)
    scenes = Scenes(make_scene, args)
    try:
        for number in numbers:
            item = items[number]
            try:
                episodes, facts = job.kind.make(item, scenes, args)
            except UserError as error:
                raise UserError(f'{item.source.path} {item.demonstration.name}: {error}') from error
            with file_errors(f'cannot write {item.path_in(job.folder)}'):
                write_episodes(item.path_in(job.folder), episodes, job.kind.alignment, facts)
            report()
    finally:
        scenes.close()


def make_share(job, numbers):
    """As `make_parts`, in a process of its own."""
    os.chdir(job.cwd)
    parent = os.getppid()

    def check_parent():
        if os.getppid() != parent:      # was killed; another may make the same
            raise UserError('the program that started this process is gone')

    make_parts(job, items_of(read_sources(job.flags['libero_path'])), numbers, real_scene, check_parent)


def real_scene(*args, **kwargs):
    """A `Scene`; the simulator is imported here."""
    from envs.libero_sim.scene import Scene
    return Scene(*args, **kwargs)


def make_missing(job, items, bar, make_scene=real_scene):
    """Makes the parts that are not there, here, in processes, or on a Ray cluster.

    Args:
        job: the `Job`.
        items: [`Item`] of all demonstrations.
        bar: has `update(count)`.
        make_scene: as for `Scenes`; used in this process only.

    Raises:
        UserError: as of `make_parts`.
    """
    numbers, waiting = missing_parts(job.folder, items), len(missing_parts(job.folder, items))
    seen = [waiting]

    def watch():
        left = len(missing_parts(job.folder, items))
        bar.update(seen[0] - left)
        seen[0] = left

    if job.flags['ray']:
        run_tasks(make_share, job, numbers, job.flags['ray'], watch)
    elif job.flags['jobs'] > 1:
        run_processes(make_share, job, numbers, job.flags['jobs'], watch)
    elif numbers:
        make_parts(job, items, numbers, make_scene, functools.partial(bar.update, 1))
