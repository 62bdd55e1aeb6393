"""The training batches of an agent without a learned reward: single transitions."""
from algorithm.replay_buffer.segments import Segments
from utils.types import Batch


class TransitionSampler:
    """Draws transitions, uniformly over the stored steps, with the stored rewards.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch.
    """

    def __init__(self, store, batch_size):
        self._store, self._batch_size = store, batch_size
        self._segments = Segments(store)

    @property
    def num_added(self):
        """Number of steps ever added, all of finished episodes."""
        return self._store.num_added

    def append(self, episode):
        """Stores a finished episode."""
        self._store.append(episode)

    def sample_transitions(self):
        """`Transitions` [batch_size]."""
        return self._store.sample_transitions(self._batch_size)

    def normalizer_batch(self):
        """`Transitions` that the moments of observations are updated from."""
        return self.sample_transitions()

    def sample(self, transitions=True, subsequences=True):
        """A `Batch` of the requested parts; subsequences are unsupported and always None."""
        return Batch(self.sample_transitions() if transitions else None, None)

    def save(self, files):
        """Writes the steps since the last save into `files`; returns JSON values for `restore`."""
        return {'store': self._segments.save(files)}

    def restore(self, state, files):
        """Restores the state at `save` into a new sampler."""
        self._segments.restore(state['store'], files)
