"""Subsequences of recorded episodes, drawn ahead of their use."""
import numpy as np

from algorithm.replay_buffer.draws import distinct_steps, variance_weight
from utils.prefetch import Prefetcher
from utils.types import Batch, Subsequences, Transitions


class RecordedSampler:
    """Draws M subsequences of K steps, or M whole episodes.

    Batch n depends on the seed and n alone: drawing ahead in a thread of its own changes nothing, and to go
    on with a run is to go on with a number.

    Args:
        recordings: of the training set.
        contrast: has `draw(rng)` -> `Plan`.
        augment: an `Augment`.
        num_sequences: M.
        sample_size: K, or None for whole episodes.
        seed: of every draw.

    Attributes:
        num_drawn: batches handed out so far.
        steps_per_update: steps of a batch; of whole episodes, on average.
    """

    def __init__(self, recordings, contrast, augment, num_sequences, sample_size, seed):
        self._recordings, self._contrast, self._augment = recordings, contrast, augment
        self._num_sequences, self._sample_size, self._seed = num_sequences, sample_size, seed
        self._std = {'proprio': self._side(slice(None, None))['proprio'].std(axis=0)} \
            if 'proprio' in recordings[0].vectors else {}
        self.num_drawn = 0
        per_episode = sample_size or sum(recording.length for recording in recordings) / len(recordings)
        self.steps_per_update = num_sequences * per_episode
        self._batches = Prefetcher(self.draw)

    def sample(self, transitions=False, subsequences=True):
        """A `Batch`: the next subsequences, and as transitions the vectors of every step there is."""
        steps = Transitions(self._side(slice(None, -1)), None, None, self._side(slice(1, None)),
                            None) if transitions else None
        if not subsequences:
            return Batch(steps, None)
        batch = self._batches.get(self.num_drawn)
        self.num_drawn += 1
        return Batch(steps, batch)

    def draw(self, number):
        """The `Subsequences` of batch `number`."""
        rng = np.random.default_rng([self._seed, number])
        plans = [self._contrast.draw(rng) for _ in range(self._num_sequences)]
        totals = np.array([len(plan.actions) for plan in plans])
        if self._sample_size is None:
            return self._gather(plans, _whole(totals), totals, rng,
                                np.arange(totals.max()) < totals[:, None])
        return self._gather(plans, distinct_steps(rng, totals, self._sample_size), totals, rng)

    def _gather(self, plans, steps, totals, rng, is_step=None):
        before, after = self._observed(plans, steps, rng)
        return Subsequences(
            before, np.stack([plan.actions[t] for plan, t in zip(plans, steps, strict=True)]), after,
            (np.array([plan.total_reward for plan in plans]) / totals).astype(np.float32),
            variance_weight(totals, len(steps[0])), np.stack([plan.context for plan in plans]),
            None if is_step is None else (is_step / totals[:, None]).astype(np.float32))

    def _observed(self, plans, steps, rng):
        """{key: [M, K, *shape]} before and after the `steps` [[K]] of each of M plans."""
        sides = {}
        for m, (plan, t) in enumerate(zip(plans, steps, strict=True)):
            for key, values in self._changed(plan, t, rng).items():
                if not m:
                    sides[key] = np.empty((2, len(plans), *values.shape[1:]), values.dtype)
                sides[key][:, m] = values
        return tuple({key: both[side] for key, both in sides.items()} for side in range(2))

    def _changed(self, plan, t, rng):
        """{key: [2, K, *shape]} before and after the steps `t` [K] of one plan, changed alike."""
        observation = plan.recording.observation(np.concatenate([plan.before[t], plan.after[t]]))
        for key in plan.recording.frames:
            observation[key] = self._augment.frames(observation[key], rng)
        for key, std in self._std.items():
            observation[key] = observation[key] + self._augment.offset(std, rng)
        return {key: values.reshape(2, len(t), *values.shape[1:]) for key, values in observation.items()}

    def _side(self, part):
        """{key: [N, D]} of the observations `part` of every recording, vectors only."""
        return {key: np.concatenate([recording.vectors[key][part] for recording in self._recordings])
                for key in self._recordings[0].vectors}

    def save(self, files):
        """How many batches were handed out, of which tasks; episodes stay where they are."""
        return {'num_drawn': self.num_drawn, 'tasks': sorted({each.task for each in self._recordings})}

    def restore(self, state, files):
        """Goes on where `save` was called."""
        self.num_drawn = state['num_drawn']

    def close(self):
        """Ends the thread."""
        self._batches.close()


def _whole(totals):
    """[[T_max] steps] of whole episodes; those beyond an episode's end repeat its last, and weigh nothing."""
    return [np.minimum(np.arange(totals.max()), total - 1) for total in totals]
