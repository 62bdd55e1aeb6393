"""The impact cost of `Humanoid-v2`, which its successor in Gymnasium no longer has."""
import gymnasium
import numpy as np
from gymnasium.utils import RecordConstructorArgs


class ImpactCost(gymnasium.Wrapper, RecordConstructorArgs):
    """Subtracts min(`weight` * sum(cfrc_ext^2), `limit`) from each reward, as gym 0.18.3 does.

    Gymnasium calls mj_rnePostConstraint after each step, without which cfrc_ext would be 0.

    Args:
        env: a Gymnasium environment on MuJoCo.
        weight: of the sum of squares of all external forces and torques, [bodies, 6].
        limit: largest cost of a step.
    """

    def __init__(self, env: gymnasium.Env, weight: float, limit: float):
        RecordConstructorArgs.__init__(self, weight=weight, limit=limit)
        super().__init__(env)
        self._weight, self._limit = weight, limit

    def step(self, action):
        """As the wrapped environment; `info` has the cost as gym names it."""
        state, reward, terminated, truncated, info = self.env.step(action)
        cost = min(self._weight * np.square(self.unwrapped.data.cfrc_ext).sum(), self._limit)
        return state, reward - cost, terminated, truncated, {**info, 'reward_impact': -cost}
