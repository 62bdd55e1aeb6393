"""Times labels of recorded episodes in each format, beside the network alone on frames in memory."""
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/label.py`

import numpy as np

from benchmarks import report
from benchmarks.rounds import Candidate, measure
from common import parse_args
from utils.errors import run
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.host import thread_counts
from utils.logs.tables import text_table

PACKAGES = ('numpy', 'tensorflow', 'h5py', 'opencv-python-headless', 'pyarrow', 'av')
LIBERO_FRAMES = 1_000_000       # of its 6,500 episodes, about
TABLE = {
    'What to measure': (
        Flag('rounds', int, 3, 'measured rounds; each times everything once', low=1),
        Flag('frames', int, 1000, 'frames of each set, at most those of the sample', low=1),
        Flag('size', int, 256, 'height and width of stored frames, an even number', low=16),
        Flag('image_size', int, 84, 'height and width of frames in the network', low=24),
        Flag('threads', int, 0, 'threads of the network; 0: all cores, as label.py', low=0),
        Flag('directory', str, '', 'directory of temporary output; empty: the default one'),
    ),
}


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse(TABLE, (), argv, None, usage='python benchmarks/label.py [--flag=value ...]',
                  description=__doc__)
    header = report.header(PACKAGES, thread_counts(0, flags.threads, many_frames=True))
    with tempfile.TemporaryDirectory(dir=flags.directory or None) as directory:
        table = label_table(flags, Path(directory))
    lines = [f'{name}: {value}' for name, value in header.items()]
    sys.stdout.write('\n'.join([*lines, '', table, '']))


def label_table(flags, directory):
    """Labelled steps per second of each format, beside the network alone, as text."""
    from benchmarks.format_sets import sample_frames, write_sets

    sets = write_sets(directory / 'sets', sample_frames(flags.frames, flags.size))
    pairs = {name: label_candidates(name, made.path, flags, directory / 'parts')
             for name, made in sets.items()}
    candidates = [each for pair in pairs.values() for each in pair]
    rounds = tqdm(range(flags.rounds + 1), unit='round', disable=None)
    timings, costs = (iter(measure(candidates, rounds, clock)) for clock in (time.perf_counter,
                                                                             time.process_time))
    rows = []
    for name in pairs:
        label, alone = next(timings).median, next(timings).median
        cost, cost_alone = next(costs).median, next(costs).median
        rows.append([name, f'{1 / label:.0f}', f'{1 / alone:.0f}', f'{label / alone:.2f}',
                     f'{1e3 * cost:.2f}', f'{1e3 * cost_alone:.2f}', f'{LIBERO_FRAMES * label / 60:.0f}'])
    return text_table([f'{flags.size} to {flags.image_size} pixels', 'labels, steps/s', 'network, steps/s',
                       'times as long', 'CPU ms, labels', 'CPU ms, network', 'a million steps, min'], rows)


def label_candidates(name, path, flags, folder):
    """Two `Candidate`s: labelling a data set as `label.py` does, and the network on frames in memory.

    Args:
        name: of the format.
        path: of the data set.
        flags: `image_size` is the height and width of frames in the network, `threads` its threads.
        folder: of predictions, which is made and removed.
    """
    from algorithm import create_reward_agent
    from benchmarks.recorded import SUITE
    from envs.recorded.dataset import load_stored
    from envs.recorded.single import with_frames
    from labels.parts import items_of, parts_of
    from labels.predicting import PartPredictor
    from utils.flags.suites import tasks_of
    from utils.labels.predict import predict
    from utils.types import Spec

    args = parse_args([f'--env={SUITE}', f'--libero_path={path}', '--libero_obs=agentview',
                       f'--libero_image_size={flags.image_size}', f'--intra_op_threads={flags.threads}'])
    data = load_stored(args, Spec({}, None, tasks=tasks_of(SUITE)))
    agent = create_reward_agent(args, data.spec, np.random.default_rng(0))
    items = items_of(data)
    parts = parts_of(items, 4096)
    framed = [with_frames(*item, flags.image_size) for item in items]

    def label():
        folder.mkdir()
        predictor = PartPredictor(agent, flags.image_size, False, lambda steps: None)
        predictor.run(folder, parts, range(len(parts)))
        shutil.rmtree(folder)

    def alone():
        for recording in framed:
            predict(agent, recording, [recording.context])

    count = sum(recording.length for recording in framed)
    return [Candidate(name, 'label', label, 1, count), Candidate(name, 'network alone', alone, 1, count)]


if __name__ == '__main__':
    run(main)
