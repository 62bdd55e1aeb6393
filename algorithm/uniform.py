"""The training batches of uniform redistribution: the mean reward of an episode for each of its steps."""
import numpy as np

from algorithm.replay_buffer.samplers import TransitionSampler


class UniformSampler(TransitionSampler):
    """Draws transitions whose reward is their episode's R / T; no reward is learned, no episode preferred.

    Return decomposition with K = 1 fits these rewards too (arXiv:2111.13485, section 3.2), but by a network,
    which averages over episodes with similar steps.
    """

    def sample_transitions(self):
        """`Transitions` [batch_size], every reward a mean."""
        row, t = self._store.draw_steps(self._batch_size)
        reward = mean_rewards(self._store, row).astype(np.float32)
        return self._store.transitions(row, t)._replace(reward=reward)


def mean_rewards(store, row=slice(None)):
    """Return / length of the episodes `row` of an `EpisodeStore`, or of all, oldest first; float64."""
    return store.returns[row] / store.lengths[row]
