"""Clipped rewards for a learner: scores of Atari games differ by orders of magnitude."""
from envs.base import Environment, Observation, RewardWrapper, Step


class ClippedReward(RewardWrapper):
    """An environment whose rewards are clipped to [-`bound`, `bound`].

    Args:
        env: the wrapped environment.
        bound: largest magnitude of a reward.

    Attributes:
        env: the wrapped environment.
        episode_return: sum of the true rewards of the current episode so far, its score.
    """

    def __init__(self, env: Environment, bound: float):
        super().__init__(env)
        self._bound, self.episode_return = bound, 0.0

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""
        self.episode_return = 0.0
        return super().reset()

    def step(self, action) -> Step:
        """Takes one step; everything but the reward is unchanged."""
        step = self.env.step(action)
        self.episode_return += step.reward
        return step._replace(reward=min(max(step.reward, -self._bound), self._bound))

    def state_dict(self) -> dict:
        """As `Environment.state_dict`."""
        return {'episode_return': self.episode_return, **super().state_dict()}

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self.episode_return = state['episode_return']
        super().load_state_dict(state)
