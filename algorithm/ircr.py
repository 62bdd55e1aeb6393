"""What iterative relative credit refinement is trained on: returns in place of rewards."""
import copy

import numpy as np

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from utils.types import Transitions

NUM_ELITE = 10


class IRCRSampler(TransitionSampler):
    """Draws transitions whose reward is their episode's return, scaled to [0, 1].

    The first half of a batch comes from the store, the rest from the `NUM_ELITE` best episodes
    ever, of which copies outlive the store's first in, first out. The scale runs from the lowest
    to the highest return among both, and moves only when an episode is added.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch; of an odd number the elite gives one more.
        rng: source of the draws from the elite.
    """

    def __init__(self, store, batch_size, rng):
        super().__init__(store, batch_size)
        self._rng = rng
        self._elite = []                                 # copies of episodes, in the order they came
        self._elite_store = None
        self._low = self._high = np.nan

    @property
    def elite(self):
        """The best episodes so far, at most `NUM_ELITE`, in the order they came."""
        return tuple(self._elite)

    @property
    def return_range(self):
        """Lowest and highest return among store and elite, which become rewards 0 and 1."""
        return self._low, self._high

    def append(self, episode):
        """Stores a finished episode, and keeps a copy unless the elite are `NUM_ELITE` better ones."""
        self._store.append(episode)
        self._update_elite(episode)
        returns = np.concatenate([self._store.returns, self._elite_store.returns])
        self._low, self._high = float(returns.min()), float(returns.max())

    def _update_elite(self, episode):
        if len(self._elite) == NUM_ELITE:
            returns = [kept.total_reward for kept in self._elite]
            worst = int(np.argmin(returns))              # the first of them, as in the original
            if episode.total_reward < returns[worst]:
                return
            del self._elite[worst]
        self._elite.append(copy.deepcopy(episode))
        # ten short copies, seldom made: one way to gather steps is worth more than their time
        num_steps = sum(kept.length for kept in self._elite)
        self._elite_store = EpisodeStore(self._store.spec, num_steps, self._rng)
        for kept in self._elite:
            self._elite_store.append(kept)

    def sample_transitions(self):
        """`Transitions` [batch_size], rewards scaled; those from the store come first."""
        from_store = self._batch_size // 2
        return _concatenate(self._relabelled(self._store, from_store),
                            self._relabelled(self._elite_store, self._batch_size - from_store))

    def _relabelled(self, store, size):
        row, t = store.draw_steps(size)
        # original: 0 / 0 = NaN while all returns are equal; see README, Differences
        scale = (self._high - self._low) or 1.0
        reward = (store.returns[row] - self._low) / scale
        return store.transitions(row, t)._replace(reward=reward.astype(np.float32))


def _concatenate(first, second):
    """Two `Transitions` as one."""
    parts = []
    for one, other in zip(first, second, strict=True):
        if isinstance(one, dict):
            parts.append({key: np.concatenate([one[key], other[key]]) for key in one})
        else:
            parts.append(np.concatenate([one, other]))
    return Transitions(*parts)
