"""The training batches of randomized return decomposition (arXiv:2111.13485)."""
from algorithm.replay_buffer.samplers import TransitionSampler
from utils.types import Batch


class RRDSampler(TransitionSampler):
    """Draws transitions for the basis algorithm and subsequences for the reward model.

    RRD and RRD-L(RD) draw the same batches: every subsequence includes its variance weight.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch, or None when a reward model is trained alone.
        num_sequences: M, subsequences per batch.
        sample_size: K, steps per subsequence.
    """

    def __init__(self, store, batch_size, num_sequences, sample_size):
        if num_sequences < 1 or sample_size < 1:
            raise ValueError('a batch must have at least one sequence of one step, '
                             f'got {num_sequences} of {sample_size}')
        super().__init__(store, batch_size)
        self._num_sequences, self._sample_size = num_sequences, sample_size

    def sample(self, transitions=True, subsequences=True):
        """A `Batch` of the requested parts."""
        steps = self.sample_transitions() if transitions and self._batch_size is not None else None
        draw = self._store.sample_subsequences
        return Batch(steps, draw(self._num_sequences, self._sample_size) if subsequences else None)
