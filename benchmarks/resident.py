"""How much memory learning from recorded episodes takes, by kind, in a process of its own."""
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
        num_steps: recorded steps that there are, held-out ones included.
        cache_bytes: of the decoded frames on disk.
        anonymous_bytes: memory that has no file behind it.
        file_bytes: pages of files, programs and libraries included, which the system may take back.
        peak_bytes: both, at their largest from the start of the process on, reading and decoding included.
    """

    num_steps: int
    cache_bytes: int
    anonymous_bytes: int
    file_bytes: int
    peak_bytes: int


def in_new_process(words, updates):
    """What `fill_and_learn` gives in a process that has done nothing else."""
    with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as pool:
        return pool.submit(fill_and_learn, words, updates).result()


def fill_and_learn(words, updates):
    """Fills the cache and learns for so many updates; the `Resident` of this process.

    Args:
        words: the command line of the run, with an empty --cache_dir.
        updates: enough of them touch every frame.
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
