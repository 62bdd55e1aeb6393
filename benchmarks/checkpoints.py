"""Times saving and reading the replay store, compared with writing as many bytes to the same disk."""
import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/checkpoints.py`

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.segments import Segments
from benchmarks import report
from utils.checkpoints.files import CheckpointFiles, place_name
from utils.checkpoints.state_files import write_state
from utils.errors import run
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.host import thread_counts
from utils.logs.tables import text_table
from utils.types import Episode, Field, Spec

EPISODE = 1000      # steps
TABLE = {'What to measure': (
    Flag('steps', int, 1_000_000, 'steps in a store of vectors of Ant', low=EPISODE),
    Flag('frame_steps', int, 100_000, 'steps in a store of Atari frames', low=EPISODE),
    Flag('new_steps', int, 10_000, 'steps between two saves', low=EPISODE),
    Flag('saves', int, 5, 'saves after the first', low=1),
    Flag('directory', str, '', 'directory of temporary output; empty: the default one'),
)}
SPECS = {'vectors': Spec({'state': Field((111,))}, Field((8,))),
         'frames': Spec({'frame': Field((84, 84), np.uint8, 4)}, Field((), np.int32))}


class Row(NamedTuple):
    """Measurements of one save or of reading: bytes on disk, seconds, growth of the memory in use."""

    name: str
    num_bytes: int
    seconds: float
    memory: int = 0


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse(TABLE, (), argv, None, usage='python benchmarks/checkpoints.py [--flag=value ...]',
                  description=__doc__)
    header = report.header(['numpy'], thread_counts())
    with tqdm(total=2 * (flags.saves + 3), unit='measurement', disable=None) as bar:
        rows = [row for kind, steps in (('vectors', flags.steps), ('frames', flags.frame_steps))
                for row in measured(measure(kind, steps, flags), bar)]
    lines = [f'{name}: {value}' for name, value in header.items()]
    sys.stdout.write('\n'.join([*lines, '', table(rows), '']))


def measured(rows, bar):
    """Yields the rows and advances the bar."""
    for row in rows:
        bar.update(1)
        yield row


def measure(kind, num_steps, flags):
    """Yields the `Row`s of one kind of store."""
    rng = np.random.default_rng(0)
    spec = SPECS[kind]
    store = EpisodeStore(spec, num_steps, rng)
    episodes = [random_episode(spec, rng) for _ in range(8)]
    fill(store, episodes, num_steps)
    with tempfile.TemporaryDirectory(dir=flags.directory or None) as directory:
        files = CheckpointFiles(Path(directory) / 'checkpoints', keep=2)
        segments, times = Segments(store), []
        first = saved(f'{kind}, first save of {num_steps:,} steps', files, segments, 0)
        yield first
        yield raw_write(f'{kind}, as many bytes by one write', Path(directory) / 'raw', first.num_bytes)
        for number in range(1, flags.saves + 1):
            fill(store, episodes, flags.new_steps)
            times.append(saved('', files, segments, number))
        yield Row(f'{kind}, save after {flags.new_steps:,} more', times[0].num_bytes,
                  statistics.median(row.seconds for row in times), max(row.memory for row in times))
        del segments, store
        yield read(f'{kind}, verify and read', spec, num_steps, files)


def random_episode(spec, rng):
    """An `Episode` of `EPISODE` steps of incompressible noise."""
    frames = {key: rng.integers(0, 256, (EPISODE + field.stack, *field.shape)).astype(field.dtype)
              for key, field in spec.observation.items()}
    actions = np.zeros((EPISODE, *spec.action.shape), spec.action.dtype)
    return Episode(frames, actions, np.zeros(EPISODE, np.float32), np.zeros(EPISODE, bool))


def fill(store, episodes, num_steps):
    """Appends `num_steps` steps."""
    for number in range(num_steps // EPISODE):
        store.append(episodes[number % len(episodes)])


def saved(name, files, segments, number):
    """The `Row` of one checkpoint of the store alone."""
    before = files.shared.bytes_written
    with watched() as readings:
        files.write(place_name(number), lambda directory: write_state(
            directory, {'replay': segments.save(files.shared)}))
    return Row(name, files.shared.bytes_written - before, *readings)


def raw_write(name, path, num_bytes):
    """The `Row` of writing as many bytes at once, and waiting for the disk."""
    data = np.random.default_rng(0).bytes(num_bytes)
    with watched() as readings, open(path, 'wb') as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return Row(name, num_bytes, *readings)


def read(name, spec, num_steps, files):
    """The `Row` of checking the newest checkpoint and filling a new store from it."""
    store = EpisodeStore(spec, num_steps, np.random.default_rng(0))
    with watched() as readings:
        found = files.find()
        Segments(store).restore(found.state['replay'], files.shared)
    # memory in use beyond the store itself
    return Row(name, sum(record['bytes'] for record in found.shared.values()), readings[0],
               readings[1] - store.nbytes)


@contextmanager
def watched():
    """Fills a list with the seconds of the block, and the peak growth of the memory in bytes."""
    readings, start, before = [], time.perf_counter(), resident_bytes()
    reset_peak()
    yield readings
    readings += [time.perf_counter() - start, resident_bytes('VmHWM') - before]


def resident_bytes(entry='VmRSS'):
    """Memory of this process, now or (VmHWM) at most since `reset_peak`; 0 if unavailable."""
    try:
        lines = Path('/proc/self/status').read_text(encoding='utf-8').splitlines()
    except OSError:                                         # not Linux
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(f'{entry}:')), 0)


def reset_peak():
    """Resets the peak memory size of this process."""
    try:
        Path('/proc/self/clear_refs').write_text('5', encoding='utf-8')
    except OSError:                                         # not Linux, or not allowed
        pass


def table(rows):
    """The rows as text."""
    return text_table(['', 'MB', 's', 'MB/s', 'memory, MB'], [
        [row.name, f'{row.num_bytes / 1e6:.1f}', f'{row.seconds:.3f}',
         f'{row.num_bytes / 1e6 / row.seconds:.0f}', f'{row.memory / 1e6:.0f}'] for row in rows])


if __name__ == '__main__':
    run(main)
