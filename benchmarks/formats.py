"""Times the formats of recorded episodes: frames into the cache beside decoding alone, and a start."""
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

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
WARM_UP = 4          # episodes of the sets that are not reported
TABLE = {
    'What to measure': (
        Flag('rounds', int, 5, 'measured rounds; each times everything once', low=1),
        Flag('frames', int, 1000, 'frames of each set, at most those of the sample', low=1),
        Flag('size', int, 128, 'height and width of stored frames, an even number', low=16),
        Flag('cache_size', int, 84, 'height and width of frames in the cache', low=16),
        Flag('episodes', int, 300, 'episodes without cameras, to list and start from', low=2),
        Flag('directory', str, '', 'directory of temporary output; empty: the default one'),
    ),
}


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse(TABLE, (), argv, None, usage='python benchmarks/formats.py [--flag=value ...]',
                  description=__doc__)
    header = report.header(PACKAGES, thread_counts(0, 0, many_frames=True))
    with tempfile.TemporaryDirectory(dir=flags.directory or None) as directory:
        fills = fill_table(flags, Path(directory))
        starts = start_table(flags, Path(directory))
    lines = [f'{name}: {value}' for name, value in header.items()]
    sys.stdout.write('\n'.join([*lines, '', fills, '', starts, '']))


def fill_table(flags, directory):
    """Frames per second of every format into the cache, and of its decoder alone, as text."""
    from benchmarks.format_sets import fill_candidates, sample_frames, write_sets

    sets = write_sets(directory / 'sets', sample_frames(flags.frames, flags.size))
    candidates = [each for name, made in sets.items()
                  for each in fill_candidates(name, made, flags.cache_size, directory / 'fills' / name)]
    timings = measure(candidates, tqdm(range(flags.rounds + 1), unit='round', disable=None))
    rows = []
    for (candidate, _), (fill, decoder) in zip(_pairs(candidates), _pairs(timings), strict=True):
        rows.append([candidate.task, str(candidate.units), f'{1 / fill.median:.0f}',
                     f'{1 / decoder.median:.0f}', f'{fill.median / decoder.median:.2f}'])
    return text_table(['format', 'frames', f'{flags.size} to {flags.cache_size} pixels, frames/s',
                       'decoding alone, frames/s', 'times as long'], rows)


def start_table(flags, directory):
    """Seconds to list a set of many episodes without cameras, and until learning can begin, as text."""
    from benchmarks.format_sets import write_vectors

    rows = []
    for name in ('warm_up', 'vectors'):     # the first graph of a process takes seconds
        count = flags.episodes if name == 'vectors' else WARM_UP
        sets = write_vectors(directory / name, count)
        rows = [[kind, str(count), *(f'{seconds:.2f}' for seconds in start_seconds(folder))]
                for kind, folder in sets.items()]
    return text_table(['format', 'episodes', 'list, s', 'list, and ready to learn, s'], rows)


def start_seconds(folder):
    """(seconds to list the episodes of a data set, seconds to list them and create sampler and agent)."""
    from benchmarks.recorded import Learning
    from envs.recorded.opening import open_source

    args = parse_args(['--env=recorded', f'--data_path={folder}'])
    with ExitStack() as closing:
        times = [time.perf_counter()]
        open_source(args)
        times.append(time.perf_counter())
        Learning(args, closing)
        times.append(time.perf_counter())
    return times[1] - times[0], times[2] - times[1]


def _pairs(values):
    """[(first, second), (third, fourth), ...]."""
    return list(zip(values[::2], values[1::2], strict=True))


if __name__ == '__main__':
    run(main)
