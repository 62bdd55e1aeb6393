"""Subsequences of recorded episodes, prefetched."""
import numpy as np

from algorithm.replay_buffer.draws import distinct_steps, variance_weight
from utils.prefetch import Prefetcher
from utils.types import Batch, Subsequences, Transitions


class RecordedSampler:
    """Draws M subsequences of K steps, or M whole episodes.

    Batch n depends only on the seed and n. So prefetching in a separate thread changes no number, and a
    resumed run needs only the number of the next batch.

    Args:
        recordings: of the training set.
        contrast: has `draw(rng)` -> `VirtualEpisode`.
        augment: an `Augment`.
        num_sequences: M.
        sample_size: K, or None for whole episodes.
        seed: of every draw.

    Attributes:
        num_drawn: batches returned so far.
        steps_per_update: steps of a batch; an average for whole episodes.
    """

    def __init__(self, recordings, contrast, augment, num_sequences, sample_size, seed):
        self._recordings, self._contrast, self._augment = recordings, contrast, augment
        self._num_sequences, self._sample_size, self._seed = num_sequences, sample_size, seed
        self._std = {key: values.std(axis=0) for key, values in self._side(slice(None, None)).items()
                     if key not in recordings[0].exact}
        self.num_drawn = 0
        per_episode = sample_size or sum(recording.length for recording in recordings) / len(recordings)
        self.steps_per_update = num_sequences * per_episode
        self._batches = Prefetcher(self.draw)

    def normalizer_batch(self):
        """`Transitions` of the vectors and actions of all steps: exact moments, without sampling."""
        actions = np.concatenate([recording.actions for recording in self._recordings])
        return Transitions(self._side(slice(None, -1)), actions, None, self._side(slice(1, None)), None)

    def sample(self, transitions=False, subsequences=True):
        """A `Batch` of the next subsequences; transitions are unsupported, as there is no policy."""
        if transitions or not subsequences:
            raise ValueError('recorded episodes are drawn as subsequences only')
        batch = self._batches.get(self.num_drawn)
        self.num_drawn += 1
        return Batch(None, batch)

    def draw(self, number):
        """The `Subsequences` of batch `number`."""
        rng = np.random.default_rng([self._seed, number])
        episodes = [self._contrast.draw(rng) for _ in range(self._num_sequences)]
        totals = np.array([len(episode.actions) for episode in episodes])
        if self._sample_size is None:
            return self._gather(episodes, _whole(totals), totals, rng,
                                np.arange(totals.max()) < totals[:, None])
        return self._gather(episodes, distinct_steps(rng, totals, self._sample_size), totals, rng)

    def _gather(self, episodes, steps, totals, rng, is_step=None):
        before, after = self._observed(episodes, steps, rng)
        return Subsequences(
            before, np.stack([episode.actions[t] for episode, t in zip(episodes, steps, strict=True)]), after,
            (np.array([episode.total_reward for episode in episodes]) / totals).astype(np.float32),
            variance_weight(totals, len(steps[0])), np.stack([episode.context for episode in episodes]),
            None if is_step is None else (is_step / totals[:, None]).astype(np.float32))

    def _observed(self, episodes, steps, rng):
        """{key: [M, K, *shape]} before and after the `steps` [[K]] of each of M episodes."""
        sides = {}
        for m, (episode, t) in enumerate(zip(episodes, steps, strict=True)):
            numbers = np.concatenate([episode.before[t], episode.after[t]])
            for key, values in self._changed(episode.recording, numbers, rng).items():
                values = values.reshape(2, len(t), *values.shape[1:])
                if not m:
                    sides[key] = np.empty((2, len(episodes), *values.shape[1:]), values.dtype)
                sides[key][:, m] = values
        return tuple({key: both[side] for key, both in sides.items()} for side in range(2))

    def _changed(self, recording, numbers, rng):
        """{key: [N, *shape]} of the observations `numbers` [N] of one episode, all augmented alike."""
        observation = recording.observation(numbers)
        for key in recording.frames:
            observation[key] = self._augment.frames(observation[key], rng)
        for key, std in self._std.items():
            observation[key] = observation[key] + self._augment.offset(std, rng)
        return observation

    def _side(self, part):
        """{key: [N, D]} of the observations `part` of every recording, vectors only."""
        return {key: np.concatenate([recording.vectors[key][part] for recording in self._recordings])
                for key in self._recordings[0].vectors}

    def save(self, files):
        """The number of returned batches, and the tasks; episodes are not saved."""
        return {'num_drawn': self.num_drawn, 'tasks': sorted({each.task for each in self._recordings})}

    def restore(self, state, files):
        """Resumes where `save` was called."""
        self.num_drawn = state['num_drawn']

    def close(self):
        """Stops the prefetching thread."""
        self._batches.close()


def _whole(totals):
    """[[T_max] steps] of whole episodes, padded with the last step; the padding has weight 0."""
    return [np.minimum(np.arange(totals.max()), total - 1) for total in totals]
