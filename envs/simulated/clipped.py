"""Clipped rewards for a learner: scores of Atari games differ by orders of magnitude."""
from envs.base import Environment, RewardWrapper, Step


class ClippedReward(RewardWrapper):
    """An environment whose rewards are clipped to [-`bound`, `bound`].

    Args:
        env: the wrapped environment.
        bound: largest magnitude of a reward.
    """

    def __init__(self, env: Environment, bound: float):
        super().__init__(env)
        self._bound = bound

    def step(self, action) -> Step:
        """Takes one step; everything but the reward is unchanged."""
        step = self.env.step(action)
        return step._replace(reward=min(max(step.reward, -self._bound), self._bound))
