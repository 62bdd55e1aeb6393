"""Memory of filling the cache of frames, in a process of its own."""
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from benchmarks.checkpoints import reset_peak, resident_bytes
from common import parse_args
from envs.recorded.decoding import decode
from envs.recorded.opening import open_source


class Filling(NamedTuple):
    """Memory of a process that filled the cache.

    Attributes:
        num_frames: frames in the cache.
        listed_bytes: memory with the episodes listed, before the first frame is decoded.
        peak_bytes: largest memory from then on, including programs, libraries and the files that are read.
    """

    num_frames: int
    listed_bytes: int
    peak_bytes: int


def in_new_process(words):
    """The result of `fill_and_measure` in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as pool:
        return pool.submit(fill_and_measure, words).result()


def fill_and_measure(words):
    """Lists the episodes of a command line and fills a temporary cache; the `Filling` of this process."""
    with tempfile.TemporaryDirectory() as directory:
        args = parse_args([*words, f'--cache_dir={directory}'])
        files = open_source(args).files
        listed = resident_bytes()
        reset_peak()
        decode(files, args)
        peak = resident_bytes('VmHWM')
    return Filling(sum(stored.count for file in files for stored in file.cameras.values()), listed, peak)
