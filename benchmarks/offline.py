"""Times learning from recorded episodes, compared with the limit of this machine, and reports its memory."""
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/offline.py`

from benchmarks import report
from benchmarks.resident import in_new_process
from benchmarks.rounds import measure
from common import parse_args
from utils.errors import run
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.flags.table import FLAGS
from utils.host import thread_counts
from utils.logs.tables import text_table

PACKAGES = ('numpy', 'tensorflow', 'h5py', 'opencv-python-headless')
SAMPLE = report.ROOT / 'data' / 'libero_sample'
LENGTH, SIZE = 100, 128     # steps of a made episode, and height and width of its frames
TABLE = {
    'What to measure': (
        Flag('rounds', int, 8, 'measured rounds; each times everything once', low=1),
        Flag('updates', int, 20, 'updates, one after the other, in each round', low=1),
        Flag('episodes', int, 20, 'made episodes in the smaller set; ten times as many in the larger', low=4),
        Flag('memory_updates', int, 300, 'updates after which memory is compared', low=1),
        Flag('directory', str, '', 'directory of temporary output; empty: the default one'),
    ),
    'Machine': FLAGS['Machine'],
}


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse(TABLE, (), argv, None, usage='python benchmarks/offline.py [--flag=value ...]',
                  description=__doc__)
    threads = thread_counts(flags.inter_op_threads, flags.intra_op_threads, many_frames=True)
    header = report.header(PACKAGES, threads)
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory(dir=flags.directory or None)))
        sets = episode_sets(flags, directory)
        residents = [in_new_process(words, flags.memory_updates) for words in list(sets.values())[1:]]
        limit, rows, timings = speeds(flags, sets, directory, closing)
    lines = [f'{name}: {value}' for name, value in header.items()]
    lines += [f'limit: {limit / 1e9:.0f} GFLOP/s, the best matrix product of this run', '',
              speed_table(rows, timings, limit), '', memory_table(residents), '']
    sys.stdout.write('\n'.join(lines))


def episode_sets(flags, directory):
    """{name: command line} of runs on the sample and on two sets of made episodes, one ten times larger."""
    from benchmarks.recorded import write_episodes

    folders = {'sample': f'--libero_path={SAMPLE}/libero_spatial'}
    for count in (flags.episodes, 10 * flags.episodes):
        folder = write_episodes(directory / f'made{count}', count, LENGTH, SIZE)
        folders[f'{count} made episodes'] = f'--libero_path={folder}'
    words = {name: ['--env=libero_spatial', word, f'--cache_dir={directory}/cache/{number}',
                    f'--inter_op_threads={flags.inter_op_threads}',
                    f'--intra_op_threads={flags.intra_op_threads}']
             for number, (name, word) in enumerate(folders.items())}
    words['sample'].append(f'--libero_failures={SAMPLE}/libero_spatial_failures')
    return words


def speeds(flags, sets, directory, closing):
    """(operations per second of the machine, [`Row`], their [`Timing`])."""
    from benchmarks.limit import limit_candidate
    from benchmarks.recorded import Learning, cache_rows
    from envs.recorded.dataset import load

    sample, smaller, larger = sets
    rows = []
    for name, words in ((sample, sets[sample]), (larger, sets[larger]),
                        (f'{sample}, potential', [*sets[sample], '--reward_form=potential'])):
        rows += Learning(parse_args(words), closing).rows(name, flags.updates)
    for name in (sample, smaller):
        args = parse_args(sets[name])
        rows += cache_rows(name, load(args).files, args.libero_image_size, directory / 'fills' / name)
    candidates = [limit_candidate(closing), *(row.candidate for row in rows)]
    limit, *timings = measure(candidates, tqdm(range(flags.rounds + 1), unit='round', disable=None))
    return candidates[0].flops / limit.best, rows, timings


def speed_table(rows, timings, flops_per_s):
    """The times as text."""
    shown = []
    for row, timing in zip(rows, timings, strict=True):
        candidate = row.candidate
        ms, best = (1e3 * candidate.units * seconds for seconds in (timing.median, timing.best))
        limit = candidate.flops and 1e3 * candidate.units * candidate.flops / flops_per_s
        cells = [ms, best, 1 / timing.median, row.num_bytes and row.num_bytes / 1e6 / timing.median,
                 limit, limit and ms / limit]
        shown.append([candidate.task, candidate.name, str(candidate.units),
                      *('' if cell is None else f'{cell:#.4g}' for cell in cells),
                      '' if row.waits is None else f'{waiting_share(row, timing):.1%}'])
    return text_table(['episodes', 'what', 'frames', 'median ms', 'min ms', 'frames/s', 'MB/s', 'limit ms',
                       '/ limit', 'waits'], shown, left=(0, 1))


def waiting_share(row, timing):
    """Share of the time of all measured rounds in which learning waited for its batches."""
    calls = row.candidate.calls
    waited = sum(row.waits[-calls * len(timing.seconds):])
    return waited / (sum(timing.seconds) * row.candidate.units * calls)


def memory_table(residents):
    """The memory as text."""
    return text_table(['steps', 'frames, MB', 'anonymous, MB', 'of files, MB', 'peak, MB'], [
        [str(resident.num_steps), *(f'{value / 1e6:.1f}' for value in resident[1:])]
        for resident in residents], left=())


if __name__ == '__main__':
    run(main)
