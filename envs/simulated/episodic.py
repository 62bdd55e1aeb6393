"""Episodic rewards: the return of an episode is given once, at its last step."""
from envs.base import Environment, Observation, RewardWrapper, Step, fits_float32
from utils.errors import DivergedError


class EpisodicReward(RewardWrapper):
    """An environment whose reward is 0 until the last step of an episode, and there its return.

    Attributes:
        env: the wrapped environment.
        episode_return: sum of the true rewards of the current episode so far.
    """

    def __init__(self, env: Environment):
        super().__init__(env)
        self.episode_return = 0.0

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""
        self.episode_return = 0.0
        return super().reset()

    def step(self, action) -> Step:
        """Takes one step; everything but the reward is unchanged.

        Raises:
            DivergedError: the return is beyond the range of float32, in which rewards are stored.
        """
        observation, reward, terminal, over = self.env.step(action)
        self.episode_return += reward
        if not fits_float32(self.episode_return):
            raise DivergedError(f"{self.facts['id']}: an episode's return of {self.episode_return}, beyond "
                                'the range of float32')
        return Step(observation, self.episode_return if over else 0.0, terminal, over)

    def state_dict(self) -> dict:
        """As `Environment.state_dict`."""
        return {'episode_return': self.episode_return, **super().state_dict()}

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self.episode_return = state['episode_return']
        super().load_state_dict(state)
