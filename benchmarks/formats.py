"""Times the formats of recorded episodes: their way into the cache, memory, and a start."""
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/formats.py`

from benchmarks import report
from benchmarks.rounds import measure
from common import parse_args
from utils.errors import run
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.host import thread_counts
from utils.logs.tables import text_table

PACKAGES = ('numpy', 'tensorflow', 'h5py', 'opencv-python-headless', 'pyarrow', 'av')
LARGER = 4           # times as many frames, to compare memory
WARM_UP = 4          # episodes of the sets that are not reported
TABLE = {
    'What to measure': (
        Flag('rounds', int, 5, 'measured rounds; each times everything once', low=1),
        Flag('frames', int, 1000, 'frames of each set, at most those of the sample', low=1),
        Flag('size', int, 128, 'height and width of stored frames, an even number', low=16),
        Flag('cache_size', int, 84, 'height and width of frames in the cache', low=24),
        Flag('episodes', int, 300, 'episodes without cameras, to list and start from', low=2),
        Flag('directory', str, '', 'directory of temporary output; empty: the default one'),
    ),
}


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse(TABLE, (), argv, None, usage='python benchmarks/formats.py [--flag=value ...]',
                  description=__doc__)
    from benchmarks.format_sets import sample_frames, write_sets

    header = report.header(PACKAGES, thread_counts(0, 0, many_frames=True))
    with tempfile.TemporaryDirectory(dir=flags.directory or None) as name:
        directory = Path(name)
        frames = sample_frames(flags.frames, flags.size)
        small = write_sets(directory / 'small', frames)
        large = write_sets(directory / 'large', np.concatenate([frames] * LARGER))
        tables = [fill_table(flags, small, directory / 'fills'), memory_table(flags, small, large),
                  start_table(flags, directory)]
    lines = [f'{name}: {value}' for name, value in header.items()]
    sys.stdout.write('\n\n'.join(['\n'.join(lines), *tables, '']))


def fill_table(flags, sets, directory):
    """Frames per second of every format into the cache, and of its parts alone, as text.

    Args:
        flags: of the command line.
        sets: {name of a format: `MadeSet`}.
        directory: directory of the caches.
    """
    from benchmarks.format_sets import fill_candidates

    candidates = [fill_candidates(name, made, flags.cache_size, directory / name)
                  for name, made in sets.items()]
    seconds = measure(sum(candidates, []), tqdm(range(flags.rounds + 1), unit='round', disable=None), _clocks)
    rows = []
    for group, times in zip(candidates, _in_groups(seconds, len(candidates[0])), strict=True):
        wall, used = np.moveaxis(np.array([timing.seconds for timing in times]), -1, 0)     # [4, rounds] each
        rows.append([group[0].task, str(group[0].units), *(f'{1 / np.median(row):.0f}' for row in wall),
                     f'{np.median(wall[0] / wall[1]):.2f}', f'{wall[0].min() / wall[1].min():.2f}',
                     f'{np.median(used[0] / used[1]):.2f}'])
    names = [f'{flags.size} to {flags.cache_size} pixels', *(each.name for each in candidates[0][1:])]
    return text_table(['format', 'frames', *(f'{name}, frames/s' for name in names),
                       'times as long as decoding', 'at best', 'CPU time, times as much'], rows)


def memory_table(flags, small, large):
    """Memory of filling the cache from sets {name of a format: `MadeSet`} of two sizes, as text."""
    from benchmarks.fill_memory import in_new_process
    from benchmarks.format_sets import words_of

    rows = []
    for name in small:
        for made in (small[name], large[name]):
            found = in_new_process([*words_of(made), f'--libero_image_size={flags.cache_size}'])
            rows.append([name, str(found.num_frames), f'{found.listed_bytes / 1e6:.0f}',
                         f'{found.peak_bytes / 1e6:.0f}'])
    return text_table(['format', 'frames', 'episodes listed, MB', 'peak of filling, MB'], rows)


def start_table(flags, directory):
    """Seconds to list a set of many episodes without cameras, and until learning can begin, as text."""
    from benchmarks.format_sets import write_vectors

    rows = []
    for name in ('warm_up', 'vectors'):     # the first graph of a process takes seconds
        count = flags.episodes if name == 'vectors' else WARM_UP
        sets = write_vectors(directory / name, count)
        rows = [[kind, str(count), *(f'{seconds:.2f}' for seconds in start_seconds(words))]
                for kind, words in sets.items()]
    return text_table(['format', 'episodes', 'list, s', 'list, and ready to learn, s'], rows)


def start_seconds(words):
    """(seconds to list the episodes of a command line, seconds to list them and create sampler and agent)."""
    from benchmarks.recorded import Learning
    from envs.recorded.opening import open_source

    args = parse_args(words)
    with ExitStack() as closing:
        times = [time.perf_counter()]
        open_source(args)
        times.append(time.perf_counter())
        Learning(args, closing)
        times.append(time.perf_counter())
    return times[1] - times[0], times[2] - times[1]


def _clocks():
    """[2] seconds: the time, and the time that all threads of this process have used."""
    return np.array([time.perf_counter(), time.process_time()])


def _in_groups(values, size):
    """[[value] of length `size`]."""
    return [values[start:start + size] for start in range(0, len(values), size)]


if __name__ == '__main__':
    run(main)
