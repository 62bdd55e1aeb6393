"""Stores with the files that they are saved into, for the tests of these."""
import json

import numpy as np

from algorithm.replay_buffer.segments import Segments
from tests.algorithm.replay_buffer.episodes import VECTOR, make_store, numbered_episode


class FakeFiles:
    """Shared files in a dictionary; only those that the last save needs are kept.

    Attributes:
        arrays: {name: {array's name: array}}.
        written: names, in the order of writing.
        room: files that can still be written before the disk is full; None for any number.
    """

    def __init__(self):
        self.arrays, self.written, self.room, self._referred = {}, [], None, set()

    def add(self, name, arrays):
        if name not in self.arrays:
            if self.room == len(self.written):
                raise OSError('no space left on device')
            self.arrays[name] = {key: array.copy() for key, array in arrays.items()}
            self.written.append(name)
        self.refer(name)

    def refer(self, name):
        assert name in self.arrays
        self._referred.add(name)

    def is_whole(self, name):
        return name in self.arrays

    def load(self, name):
        return dict(self.arrays[name])

    def save(self, segments):
        """The state that `segments` writes, as JSON would keep it."""
        self._referred = set()
        state = json.loads(json.dumps(segments.save(self)))
        self.arrays = {name: arrays for name, arrays in self.arrays.items() if name in self._referred}
        return state


class Saved:
    """A store of numbered episodes of these lengths, its segments and files."""

    def __init__(self, max_steps, lengths=(), **kinds):
        self.store = make_store(max_steps, **kinds)
        self.segments, self.files, self._count = Segments(self.store), FakeFiles(), 0
        self.append(*lengths)

    def append(self, *lengths):
        for length in lengths:
            self.store.append(numbered_episode(self._count, length))
            self._count += 1

    def save(self):
        return self.files.save(self.segments)

    def steps(self):
        """(episode, t) of every step in the files of the last save."""
        return [tuple(step) for arrays in self.files.arrays.values()
                for step in arrays['step/frame/state'].astype(int).tolist()]


def restored(state, files, max_steps, spec=VECTOR, drop='episodes'):
    """A new store that was restored to the state of another at `save`, and its segments."""
    store = make_store(max_steps, spec=spec, drop=drop)
    segments = Segments(store)
    segments.restore(state, files)
    return store, segments


def assert_restored(saved):
    """Asserts that the files of `saved` contain the whole store."""
    store, _ = restored(saved.save(), saved.files, saved.store.max_steps)
    steps = np.arange(saved.store.first_step, saved.store.num_added)
    row = saved.store.table['start'].searchsorted(steps, side='right') - 1
    t = steps - saved.store.table['start'][row]
    for one, other in zip(saved.store.transitions(row, t), store.transitions(row, t), strict=True):
        np.testing.assert_equal(one, other)
    assert (store.first_step, store.num_added) == (saved.store.first_step, saved.store.num_added)
