"""The training batches of Diaster: whole episodes and cuts of them. Unofficial: docs/unofficial.md."""
import numpy as np

from algorithm.replay_buffer.samplers import TransitionSampler
from utils.types import Batch, Trajectories


class DiasterSampler(TransitionSampler):
    """Draws transitions for the basis algorithm and whole episodes for the reward model.

    Args:
        store: the `EpisodeStore` to fill and to draw from, of whole episodes.
        batch_size: transitions per batch.
        num_episodes: M, episodes per batch, drawn in proportion to their steps.
        rng: source of the cuts.
    """

    def __init__(self, store, batch_size, num_episodes, rng):
        super().__init__(store, batch_size)
        self._num_episodes, self._rng = num_episodes, rng

    def sample(self, transitions=True, subsequences=True):
        """A `Batch` of the requested parts."""
        steps = self.sample_transitions() if transitions else None
        return Batch(steps, self._sample_trajectories() if subsequences else None)

    def _sample_trajectories(self):
        """`Trajectories` [M, L], cut after 1 to T steps; copies of the last step are the padding."""
        row, _ = self._store.draw_steps(self._num_episodes)
        length = self._store.lengths[row]
        t = np.minimum(np.arange(length.max()), length[:, None] - 1)                        # [M, L]
        steps = self._store.transitions(np.broadcast_to(row[:, None], t.shape), t)
        mean_reward = (self._store.returns[row] / length).astype(np.float32)
        cut = self._rng.integers(1, length + 1)
        return Trajectories(steps.observation, steps.action, steps.next_observation, mean_reward,
                            length.astype(np.int32), cut.astype(np.int32))
