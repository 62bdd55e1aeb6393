"""Measured operations on recorded episodes: batches, the graph, waiting, and filling the cache."""
import functools
import itertools
import math
import time
from typing import NamedTuple

import numpy as np

from algorithm import create_recorded_sampler, create_reward_agent
from benchmarks.candidates import NoProgress
from benchmarks.graph_flops import graph_flops
from benchmarks.rounds import Candidate
from envs.recorded.dataset import load
from envs.recorded.frame_cache import cached_frames
from learner.offline import OfflineRewardLearner
from tests.envs.recorded.libero.files import write_suite_file
from utils.flags.suites import tasks_of
from utils.logs.logger import Logger
from utils.stop_signals import StopSignals
from utils.types import Batch, leaves

SUITE = 'libero_spatial'
BLOCK = 1 << 20     # bytes read at a time by `read_all`


class Row(NamedTuple):
    """A candidate, and values to compare its time with.

    Attributes:
        candidate: `Candidate`; a unit is a frame; `units` are the frames of a batch or of all files.
        num_bytes: bytes of each frame, for rates in bytes; otherwise None.
        waits: seconds of each call that learning waited for its batch, filled while it runs; otherwise None.
    """

    candidate: Candidate
    num_bytes: float | None = None
    waits: list[float] | None = None


def write_episodes(directory, num_episodes, length, size):
    """Writes files of two tasks with noise, uncompressed like the published ones; returns their folder."""
    folder = directory / SUITE
    folder.mkdir(parents=True)
    for seed, task in enumerate(tasks_of(SUITE)[:2]):
        write_suite_file(folder / f'{task}_demo.hdf5', num_episodes // 2, length, size, seed=seed,
                         cameras=('agentview_rgb',), compression=None)
    return folder


class Learning:
    """A run on recorded episodes, created as by `train.py`, but without output files.

    Args:
        args: flags of the run.
        closing: `ExitStack` that ends its thread.

    Attributes:
        agent: `Agent`.
        sampler: `RecordedSampler`.
        files: [`RecordedFile`], successes first.
    """

    def __init__(self, args, closing):
        data = load(args)
        self._args, self._recordings, self.files = args, data.recordings, data.files
        rng = np.random.default_rng(args.seed)
        self.sampler, _ = create_recorded_sampler(args, data.recordings, rng)
        self.agent = create_reward_agent(args, data.spec, rng)
        closing.callback(self.sampler.close)
        self.agent.update_normalizer(self.sampler)

    def learner(self, sampler):
        """A learner on the batches of `sampler`, one at each `iterate()`."""
        num_steps = sum(recording.length for recording in self._recordings if recording.success)
        return OfflineRewardLearner(self._args, self.agent, sampler, num_steps, self.sampler.steps_per_update,
                                    Logger(self.agent.info_names, []), NoProgress(), StopSignals())

    def rows(self, name, updates):
        """[`Row`] of a batch, of the graph alone, and of learning with and without prefetching.

        Args:
            name: of the set of episodes.
            updates: number of consecutive updates per measurement.
        """
        group, = self.agent.groups
        update = functools.partial(self.agent.run_group, 0, False, leaves(self.sampler.draw(0)))
        frames = sum(math.prod(x.shape[:2]) for x in leaves(group.inputs) if x.dtype == np.uint8)
        flops = graph_flops([*group.updates[0].gradients, *group.info.values()]) / frames
        numbers = itertools.count()

        def draw():
            return self.sampler.draw(next(numbers))

        def row(what, call, flops=None, waits=None):
            return Row(Candidate(name, what, call, updates, frames, flops), waits=waits)

        ahead, between = Watched(self.sampler.sample), Watched(lambda: Batch(None, draw()))
        return [row('draw a batch', draw),
                row('update, always the same batch', update, flops),
                row('learn, batches drawn ahead', self.learner(ahead).iterate, flops, ahead.waits),
                row('learn, each batch drawn in turn', self.learner(between).iterate, flops, between.waits)]


class Watched:
    """A sampler that measures the waiting time of each batch.

    Args:
        sample: function without arguments, to a `Batch`.

    Attributes:
        waits: seconds for each batch.
    """

    def __init__(self, sample):
        self._sample, self.waits = sample, []

    def sample(self, transitions, subsequences):
        """The interface of a sampler of subsequences."""
        start = time.perf_counter()
        batch = self._sample()
        self.waits.append(time.perf_counter() - start)
        return batch


def cache_rows(name, files, size, directory):
    """[`Row`] of filling the cache from `files`, of reading them, and of copying decoded frames in memory.

    Args:
        name: of the set of episodes.
        files: [`RecordedFile`].
        size: height and width of frames in the cache.
        directory: directory of the caches, one for each round.
    """
    count = sum(file.cameras['agentview'].count for file in files)
    height, width = files[0].cameras['agentview'].size
    decoded = np.ones((count, height, width, 3), np.uint8)      # not zeros: those would share one page
    copied, paths = np.empty_like(decoded), [file.path for file in files]
    on_disk = sum(path.stat().st_size for path in paths)
    calls = [(f'fill the cache, {height} to {size} pixels', Fill(files, size, directory), decoded.nbytes),
             ('only read the files', functools.partial(read_all, paths), on_disk),
             ('only copy the decoded frames', functools.partial(np.copyto, copied, decoded), decoded.nbytes)]
    return [Row(Candidate(name, what, call, 1, count), num_bytes / count)
            for what, call, num_bytes in calls]


class Fill:
    """Decodes all frames of some files into a new cache at each call."""

    def __init__(self, files, size, directory):
        self._files, self._size, self._directory = files, size, directory
        self._numbers = itertools.count()

    def __call__(self):
        """Decodes, resizes and writes, and waits for the disk."""
        directory = self._directory / str(next(self._numbers))
        for file in self._files:
            cached_frames(file.cameras['agentview'], self._size, directory)


def read_all(paths):
    """Reads every byte and discards it."""
    block = bytearray(BLOCK)
    for path in paths:
        with open(path, 'rb', buffering=0) as file:
            while file.readinto(block):
                pass
