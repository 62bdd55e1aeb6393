"""Sums of rewards over the chunk of actions that a policy predicts at once, and weights from them."""
from typing import NamedTuple

import numpy as np

CHUNK = 50          # steps; of SmolVLA, pi0 and pi0.5 in LeRobot
_TINY = 1e-6        # avoids a division by zero where all sums are equal


def chunk_sums(progress, chunk):
    """[S] sum of the rewards of the next `chunk` steps, cut at the episode's last step.

    The last step itself is not counted, as in LeRobot's RA-BC: it reads progress[t + chunk] - progress[t].

    Args:
        progress: [S] sum of the rewards before each step.
        chunk: number of steps.
    """
    ends = np.minimum(np.arange(len(progress)) + chunk, len(progress) - 1)
    return progress[ends] - progress


class ChunkStatistics(NamedTuple):
    """Mean and standard deviation of the chunk sums of a data set.

    Attributes:
        chunk: number of steps of a chunk.
        mean: of the sums; 0 where it is negative.
        std: of the sums.
    """

    chunk: int
    mean: float
    std: float

    @property
    def kappa(self):
        """The sum above which a chunk has full weight; a value for RA-BC's flag of this name."""
        return self.mean + self.std

    def weights(self, progress):
        """[S] float32 weight of the chunk from each step, 0 to 1: RA-BC's, equations 8 and 9 of SARM.

        A sum below 0 weighs 0, a sum above `kappa` weighs 1. Between them the weight rises linearly from
        mean - 2 std to mean + 2 std.
        """
        sums = chunk_sums(progress, self.chunk)
        soft = ((sums - (self.mean - 2 * self.std)) / (4 * self.std + _TINY)).clip(0, 1)
        return np.where(sums > self.kappa, 1, np.where(sums < 0, 0, soft)).astype(np.float32)


def chunk_statistics(progresses, chunk=CHUNK):
    """The `ChunkStatistics` of episodes, given the progress [S] of each; an iterator is read once."""
    count, total, squares = 0, 0.0, 0.0
    for progress in progresses:
        sums = chunk_sums(progress, chunk)
        count, total = count + len(sums), total + float(sums.sum())
        squares += float(np.square(sums).sum())
    mean = total / max(count, 1)
    std = max(squares / max(count, 1) - mean ** 2, 0.0) ** 0.5
    return ChunkStatistics(chunk, max(mean, 0.0), max(std, _TINY))
