"""Frames of a small file through the cache, and the expected ones."""
import contextlib

import h5py
import numpy as np

from envs.recorded.frame_cache import cached_frames
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.reader import stored_frames


class Progress:
    """Counts how often frames were decoded, and how many at a time; `during` is called between."""

    def __init__(self, during=lambda: None):
        self.totals, self.steps, self._during = [], [], during

    @contextlib.contextmanager
    def __call__(self, total):
        self.totals.append(total)
        yield self

    def update(self, count):
        self.steps.append(count)
        self._during()


def decoded(path, camera='agentview_rgb'):
    """[N, H, W, 3] upright frames."""
    with h5py.File(path) as file:
        return np.concatenate([demo[f'obs/{camera}'][:][:, ::-1] for demo in file['data'].values()])


def frames_of(path, directory, camera='agentview', size=8, progress=None, **options):
    stored = stored_frames(read_file(path, (camera,), **options), camera)
    return cached_frames(stored, size, directory, progress)
