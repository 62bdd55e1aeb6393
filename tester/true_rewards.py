"""Correlations of predicted with true rewards, which are never used for learning."""
import numpy as np
from scipy import stats

from utils.recorder import EpisodeRecorder

CORRELATIONS = ('reward/true_correlation', 'reward/true_spearman')


def has_true_rewards(agent, spec):
    """Whether there is a reward model to evaluate, and observations are small enough to store an episode."""
    return agent.reward_model is not None and all(field.stack == 1 for field in spec.observation.values())


class TrueRewards:
    """Predicts the rewards of each test episode at its end, and compares them with the true ones.

    Args:
        agent: has `predict_rewards(observation, action, next_observation)` -> [T].
        spec: shapes of the environment.
        keep: whether to store the rewards in `episodes`.

    Attributes:
        episodes: [(predicted [T], true [T])] of finished episodes, if `keep`.
    """

    def __init__(self, agent, spec, keep=False):
        self._agent, self._keep, self._recorder, self.episodes = agent, keep, EpisodeRecorder(spec), []

    def begin(self, observation):
        """Starts an episode at its first observation."""
        self._recorder.begin(observation)

    def add(self, action, reward, observation):
        """Records one step; `reward` is the task's own."""
        self._recorder.add(action, reward, False, observation)

    def finish(self):
        """{column: correlation} of the finished episode; undefined ones are left out."""
        episode = self._recorder.finish()
        before, after = ({key: frames[steps] for key, frames in episode.observations.items()}
                         for steps in (slice(None, -1), slice(1, None)))
        predicted = self._agent.predict_rewards(before, episode.actions, after)
        if self._keep:
            self.episodes.append((predicted, episode.rewards))
        return correlations(predicted, episode.rewards)


def correlations(predicted, true):
    """{column: Pearson's, Spearman's correlation} of two arrays [T].

    Both are undefined and left out if an array is constant or not finite, or T is 1.
    """
    both = np.stack([predicted, true]).astype(np.float64)       # float32 would round small variations
    if not np.isfinite(both).all() or (np.ptp(both, axis=1) == 0).any():
        return {}
    # not SciPy's pearsonr: it warns if an array is nearly constant; tied steps share a rank
    found = (np.corrcoef(rows)[0, 1] for rows in (both, stats.rankdata(both, axis=1)))
    return dict(zip(CORRELATIONS, map(float, found), strict=True))
