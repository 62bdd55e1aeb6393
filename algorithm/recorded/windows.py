"""Windows of recorded episodes: pairs of observations, and the share of the episode between them."""
import numpy as np

from algorithm.recorded.sampler import RecordedSampler
from utils.types import Windows


class WindowSampler(RecordedSampler):
    """Draws K windows a < b of each of M episodes of T steps.

    Windows of a success, or of an episode whose return is a score, end at two distinct uniform draws from
    0 .. T. Those of another episode of return 0 begin in its first tenth and end in its last: what happens
    between may be real progress that is undone.

    Args:
        recordings: of the training set.
        contrast: has `draw(rng)` -> `VirtualEpisode`, in the order of its recording.
        augment: an `Augment`.
        num_sequences: M.
        sample_size: K.
        seed: of every draw.
        single: windows of one step each, of successes.
    """

    def __init__(self, recordings, contrast, augment, num_sequences, sample_size, seed, single=False):
        self._single = single
        super().__init__(recordings, contrast, augment, num_sequences, sample_size, seed)

    def draw(self, number):
        """The `Windows` of batch `number`."""
        rng = np.random.default_rng([self._seed, number])
        episodes = [self._contrast.draw(rng) for _ in range(self._num_sequences)]
        totals = np.array([len(episode.actions) for episode in episodes])
        is_fitted = np.array([episode.total_reward != 0 or episode.recording.scored for episode in episodes])
        start, end = windows(rng, totals, self._sample_size, is_fitted, self._single)
        places = np.concatenate([np.zeros((len(episodes), 1), int), start, end], axis=1)    # [M, 1 + 2 K]
        observed = [self._changed(episode.recording, t, rng)
                    for episode, t in zip(episodes, places, strict=True)]
        return Windows({key: np.stack([each[key] for each in observed]) for key in observed[0]},
                       (places / totals[:, None]).astype(np.float32),
                       np.array([episode.total_reward for episode in episodes], np.float32),
                       is_fitted.astype(np.float32), np.stack([episode.context for episode in episodes]))


def windows(rng, totals, count, is_fitted, single=False):
    """([M, K] numbers of first observations, [M, K] of last ones) of K windows of each episode.

    Args:
        rng: a generator.
        totals: [M] steps of each episode, 1 or more.
        count: K.
        is_fitted: [M] bool, whether windows may lie anywhere.
        single: whether those have one step.
    """
    totals, shape = totals[:, None], (len(totals), count)
    first = rng.integers(0, totals + 1, shape)
    second = rng.integers(0, totals, shape)
    second += second >= first                               # distinct, and uniform over the others
    start, end = np.minimum(first, second), np.maximum(first, second)
    if single:
        start = rng.integers(0, totals, shape)
        end = start + 1
    margin = totals // 10
    early = rng.integers(0, margin + 1, shape)
    late = totals - rng.integers(0, margin + 1, shape)
    anywhere = is_fitted[:, None]
    return np.where(anywhere, start, early), np.where(anywhere, end, late)
