"""Clipped rewards: what a learner sees of Atari's scores, which differ by orders of magnitude."""
from envs.base import Environment, RewardWrapper, Step


class ClippedReward(RewardWrapper):
    """An environment whose rewards are cut at `bound` on both sides.

    Args:
        env: the environment below.
        bound: largest magnitude of a reward.
    """

    def __init__(self, env: Environment, bound: float):
        super().__init__(env)
        self._bound = bound

    def step(self, action) -> Step:
        """Acts once; everything but the reward passes through."""
        step = self.env.step(action)
        return step._replace(reward=min(max(step.reward, -self._bound), self._bound))
