"""Memory of learning from recorded episodes, by kind, in a separate process."""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.checkpoints import resident_bytes
from common import parse_args

KINDS = ('RssAnon', 'RssFile')


class Resident(NamedTuple):
    """The largest memory of a process while it learned.

    Attributes:
        num_steps: all recorded steps, including held-out ones.
        cache_bytes: bytes of the decoded frames on disk.
        anonymous_bytes: memory not backed by files.
        file_bytes: memory backed by files, including programs and libraries; the system may reclaim it.
        peak_bytes: peak of both since the start of the process, including reading and decoding.
    """

    num_steps: int
    cache_bytes: int
    anonymous_bytes: int
    file_bytes: int
    peak_bytes: int


def in_new_process(words, updates):
    """The result of `fill_and_learn` in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as pool:
        return pool.submit(fill_and_learn, words, updates).result()


def fill_and_learn(words, updates):
    """Fills the cache and learns for `updates` updates; returns the `Resident` of this process.

    Args:
        words: the command line of the run, with an empty --cache_dir.
        updates: number of updates; enough of them read every frame.
    """
    from benchmarks.recorded import Learning

    args = parse_args(words)
    with ExitStack() as closing:
        learning = Learning(args, closing)
        learner = learning.learner(learning.sampler)
        most = dict.fromkeys(KINDS, 0)
        for _ in range(updates):
            learner.iterate()
            most = {kind: max(value, resident_bytes(kind)) for kind, value in most.items()}
    num_steps = sum(file.cameras['agentview'].count for file in learning.files)
    cache_bytes = sum(path.stat().st_size for path in Path(args.cache_dir).glob('*.npy'))
    return Resident(num_steps, cache_bytes, most['RssAnon'], most['RssFile'], resident_bytes('VmHWM'))
