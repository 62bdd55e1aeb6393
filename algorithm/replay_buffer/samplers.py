"""What an agent without a learned reward is trained on: steps drawn one by one."""
from utils.types import Batch


class TransitionSampler:
    """Draws transitions, uniformly over the stored steps, with the rewards as they came.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch.
    """

    def __init__(self, store, batch_size):
        self._store, self._batch_size = store, batch_size

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

    def sample(self, transitions=True, subsequences=True):
        """A `Batch` of the parts asked for; this sampler knows no subsequences."""
        return Batch(self.sample_transitions() if transitions else None, None)
