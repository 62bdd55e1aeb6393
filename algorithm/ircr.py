"""The training batches of iterative relative credit refinement: returns in place of rewards."""
import copy

import numpy as np

from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from algorithm.uniform import mean_rewards
from utils.types import Transitions, flattened, unflattened

NUM_ELITE = 10      # of the RRD authors' code, and of GuidanceRewards but for Humanoid's 50


class IRCRSampler(TransitionSampler):
    """Draws transitions whose reward is their episode's credit, scaled to [0, 1] (arXiv:2010.12718).

    The credit is the return R in the RRD authors' code, and R / T in GuidanceRewards, the code of IRCR's
    authors. With episodes of one length T the scale makes both the same.

    The first half of a batch comes from the store, the rest from the elite, the episodes of the highest
    return. Copies of these are kept after the store has dropped them. The scale runs from the lowest to the
    highest credit among both, and changes only when an episode is added.

    Args:
        store: the `EpisodeStore` to fill and to draw from.
        batch_size: transitions per batch; if odd, the elite contributes one more.
        rng: source of the draws from the elite.
        num_elite: episodes in the elite; it is ranked by return whatever the credit is, as by both authors.
        credit: 'return' for R, 'mean' for R / T.
    """

    def __init__(self, store, batch_size, rng, num_elite=NUM_ELITE, credit='return'):
        super().__init__(store, batch_size)
        self._rng, self._num_elite = rng, num_elite
        self._credits = {'return': _returns, 'mean': mean_rewards}[credit]
        self._elite = []                                 # (number, copy of the episode), in order of arrival
        self._elite_store = None
        self._low = self._high = np.nan

    @property
    def elite(self):
        """The best episodes so far, at most `num_elite`, in order of arrival."""
        return tuple(episode for _, episode in self._elite)

    @property
    def credit_range(self):
        """Lowest and highest credit among store and elite, which become rewards 0 and 1."""
        return self._low, self._high

    def append(self, episode):
        """Stores a finished episode; keeps a copy unless `num_elite` episodes are better."""
        self._store.append(episode)
        if self._joins_elite(episode):
            self._elite.append((self._store.episodes_added, copy.deepcopy(episode)))
            self._fill_elite_store()
        self._update_range()

    def _joins_elite(self, episode):
        """Whether `episode` is one of the best; if so, and the elite is full, the worst is removed."""
        if len(self._elite) < self._num_elite:
            return True
        returns = [kept.total_reward for kept in self.elite]
        worst = int(np.argmin(returns))                  # the first of them, as in the original
        if episode.total_reward < returns[worst]:
            return False
        del self._elite[worst]
        return True

    def _fill_elite_store(self):
        # few short copies, made rarely: a second way to gather steps would not be worth the time it saves
        num_steps = sum(kept.length for kept in self.elite)
        self._elite_store = EpisodeStore(self._store.spec, num_steps, self._rng)
        for kept in self.elite:
            self._elite_store.append(kept)

    def _update_range(self):
        values = np.concatenate([self._credits(store) for store in (self._store, self._elite_store)])
        self._low, self._high = float(values.min()), float(values.max())

    def save(self, files):
        """As `TransitionSampler.save`, with the elite: one file for each episode, which never changes."""
        for number, episode in self._elite:
            files.add(_file_name(number), flattened(episode))
        return super().save(files) | {'elite': [number for number, _ in self._elite]}

    def restore(self, state, files):
        """Restores the state at `save` into a new sampler."""
        super().restore(state, files)
        self._elite = [(number, unflattened(files.load(_file_name(number)))) for number in state['elite']]
        if self._elite:
            self._fill_elite_store()
            self._update_range()

    def sample_transitions(self):
        """`Transitions` [batch_size], rewards scaled; those from the store come first."""
        from_store = self._batch_size // 2
        return _concatenate(self._relabelled(self._store, from_store),
                            self._relabelled(self._elite_store, self._batch_size - from_store))

    def _relabelled(self, store, size):
        row, t = store.draw_steps(size)
        # original: 0 / 0 = NaN while all credits are equal; see docs/fidelity.md
        scale = (self._high - self._low) or 1.0
        reward = (self._credits(store, row) - self._low) / scale
        return store.transitions(row, t)._replace(reward=reward.astype(np.float32))


class ReturnSampler(TransitionSampler):
    """Draws transitions whose reward is their episode's whole return: IRCR on Atari, as in the original."""

    def sample_transitions(self):
        """`Transitions` [batch_size], every reward a return."""
        row, t = self._store.draw_steps(self._batch_size)
        return self._store.transitions(row, t)._replace(reward=self._store.returns[row].astype(np.float32))


def _returns(store, row=slice(None)):
    return store.returns[row]


def _concatenate(first, second):
    """Two `Transitions` as one."""
    parts = []
    for one, other in zip(first, second, strict=True):
        if isinstance(one, dict):
            parts.append({key: np.concatenate([one[key], other[key]]) for key in one})
        else:
            parts.append(np.concatenate([one, other]))
    return Transitions(*parts)


def _file_name(number):
    return f'elite-episode-{number}.npz'
