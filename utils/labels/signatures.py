"""Numbers by which an episode is recognized in another file or format, and what a run has seen by them."""
import zlib

import numpy as np

from utils.labels.episode import HELD_OUT, NEW, TRAIN

_SAME = 1e-5    # of means of actions: copies of an episode in two formats differ by 3e-8


def signatures(recordings):
    """[N, 5] float64 of recordings: length, task, and three means of actions that differ between episodes."""
    return np.array([_signature(each) for each in recordings], np.float64).reshape(-1, 5)


def _signature(recording):
    actions = recording.actions.astype(np.float64)
    steps = np.linspace(0, 1, len(actions))[:, None]
    columns = np.linspace(0.5, 1.5, actions.shape[1])
    return (len(actions), zlib.crc32(recording.task.encode()), (actions * columns).mean(),
            (actions * columns * steps).mean(), (actions * np.sin(9 * steps + columns)).mean())


class Seen:
    """Which episodes a run has learned from, and which it has held out.

    Args:
        train: [N, 5] `signatures`.
        held_out: [M, 5] `signatures`.
    """

    def __init__(self, train, held_out):
        self._rows = np.concatenate([train, held_out]).reshape(-1, 5)
        self._splits = [TRAIN] * len(train) + [HELD_OUT] * len(held_out)
        self._groups = {}       # {(length, task): [number of a row]}
        for number, row in enumerate(self._rows):
            self._groups.setdefault(tuple(row[:2]), []).append(number)

    def split_of(self, recording):
        """`TRAIN`, `HELD_OUT` or `NEW`: which set holds an episode of the same task and the same actions."""
        row = signatures([recording])[0]
        numbers = self._groups.get(tuple(row[:2]), [])
        same = np.isclose(self._rows[numbers, 2:], row[2:], rtol=_SAME, atol=_SAME).all(axis=1)
        return self._splits[numbers[int(same.argmax())]] if same.any() else NEW
