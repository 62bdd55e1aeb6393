"""Tiny runs on tiny recorded episodes, in a folder that replaces the user's home."""
import contextlib
import csv

import numpy as np
import pytest

import train
from tests.envs.recorded.libero.folders import TASKS, isolate, write

LENGTHS = (12, 15, 18)      # stored steps of the episodes of a file; one step fewer is learned from
# a cycle of three updates, of two subsequences of four steps each
TINY = ('--env=libero_spatial', '--libero_image_size=24', '--rrd_batch_size=8', '--rrd_sample_size=4',
        '--passes=0.4', '--min_updates=1', '--cycles=2', '--inter_op_threads=1', '--intra_op_threads=1')


@contextlib.contextmanager
def user(folder):
    """Three successes and three failures of each of two tasks below `folder`, and nothing outside of it."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(folder, patch)
        for number, task in enumerate(TASKS):
            write(folder / 'libero_spatial', task, lengths=LENGTHS, size=24, seed=number)
            write(folder / 'failures', task, lengths=LENGTHS, size=24, seed=number + 5, success=False)
        yield folder


def write_vectors(folder):
    """Makes tasks.npz, with a vector for each of the two tasks."""
    np.savez(folder / 'tasks.npz', **{task: np.arange(3.0) + number for number, task in enumerate(TASKS)})


def sources(folder, failures=True):
    """Flags that read what is below `folder`."""
    return [f'--libero_path={folder / "libero_spatial"}', f'--cache_dir={folder / "cache"}',
            *([f'--libero_failures={folder / "failures"}'] if failures else [])]


def train_run(folder, name, *flags, failures=True):
    """The directory of a finished run on what is below `folder`."""
    directory = folder / name
    train.main([*TINY, *sources(folder, failures), *flags, f'--run_dir={directory}'])
    return directory


def progress(directory):
    """[{column: text}] of progress.csv."""
    with open(directory / 'progress.csv', newline='') as file:
        return list(csv.DictReader(file))
