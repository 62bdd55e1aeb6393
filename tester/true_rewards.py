"""How well predicted rewards follow the true ones of the steps, which no learner ever sees."""
import numpy as np
from scipy import stats

from utils.recorder import EpisodeRecorder

CORRELATIONS = ('reward/true_correlation', 'reward/true_spearman')


def has_true_rewards(agent, spec):
    """Whether there is a reward model to judge, on observations small enough to keep an episode of."""
    return agent.reward_model is not None and all(field.stack == 1 for field in spec.observation.values())


class TrueRewards:
    """Predicts the rewards of each test episode once it is over, and compares.

    Args:
        agent: has `predict_rewards(observation, action, next_observation)` -> [T].
        spec: of the environment that is played.

    Attributes:
        episodes: [(predicted [T], true [T])] of those that are over, where `keep` asked for them.
    """

    def __init__(self, agent, spec, keep=False):
        self._agent, self._keep, self._recorder, self.episodes = agent, keep, EpisodeRecorder(spec), []

    def begin(self, observation):
        """An episode begins."""
        self._recorder.begin(observation)

    def add(self, action, reward, observation):
        """A step was taken; `reward` is the task's own."""
        self._recorder.add(action, reward, False, observation)

    def finish(self):
        """{column: correlation} of the episode that is over; what is not defined is left out."""
        episode = self._recorder.finish()
        before, after = ({key: frames[steps] for key, frames in episode.observations.items()}
                         for steps in (slice(None, -1), slice(1, None)))
        predicted = self._agent.predict_rewards(before, episode.actions, after)
        if self._keep:
            self.episodes.append((predicted, episode.rewards))
        return correlations(predicted, episode.rewards)


def correlations(predicted, true):
    """{column: Pearson's, Spearman's correlation} of two arrays [T].

    Neither is defined, and none is given, where one of them is constant or not finite, or T is 1.
    """
    both = np.stack([predicted, true]).astype(np.float64)       # float32 would round what little some vary by
    if not np.isfinite(both).all() or (np.ptp(both, axis=1) == 0).any():
        return {}
    # numpy's, as SciPy's own warns on the terminal where one is nearly constant; steps that tie share a rank
    found = (np.corrcoef(rows)[0, 1] for rows in (both, stats.rankdata(both, axis=1)))
    return dict(zip(CORRELATIONS, map(float, found), strict=True))
