"""What an agent without a learned reward is trained on: steps drawn one by one."""
from algorithm.replay_buffer.segments import Segments
from utils.types import Batch


class TransitionSampler:
    """Draws transitions, uniformly over the stored steps, with the rewards as they came.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch.
    """

    def __init__(self, store, batch_size):
        self._store, self._batch_size = store, batch_size
        self._segments = Segments(store)

    @property
    def num_added(self):
        """Steps ever added, all of finished episodes."""
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
        """A `Batch` of the parts asked for; this sampler knows no subsequences."""
        return Batch(self.sample_transitions() if transitions else None, None)

    def save(self, files):
        """Writes what came since the last save into `files`; what `restore` needs, JSON values only."""
        return {'store': self._segments.save(files)}

    def restore(self, state, files):
        """Makes a sampler that has seen nothing what another was at `save`."""
        self._segments.restore(state['store'], files)
