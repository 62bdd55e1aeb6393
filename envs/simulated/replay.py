"""Restores a Gymnasium environment's state by replaying the actions since the start of its episode."""
import gymnasium
import numpy as np

from envs.base import check_repeated


class Replay:
    """Steps an environment and records how to replay its unfinished episode.

    Exact for every environment that draws its random numbers from `np_random`, as Gymnasium requires.
    MuJoCo's own state would not be exact: rewards of Ant, Humanoid and Reacher read body positions that lag
    one substep behind it.

    Args:
        raw: a Gymnasium environment.
        seed: of the first reset; later resets continue the same stream.
    """

    def __init__(self, raw: gymnasium.Env, seed: int):
        self._raw, self._seed = raw, seed
        self._start, self._actions, self._state = None, [], None

    def reset(self):
        """Begins an episode; returns its first observation."""
        if self._seed is None:
            self._start = {'generator': self._raw.unwrapped.np_random.bit_generator.state}
        else:
            self._start = {'seed': self._seed}
        self._state, _ = self._raw.reset(seed=self._seed)
        self._seed, self._actions = None, []
        return self._state

    def step(self, action):
        """Takes one step; returns (observation, reward, terminated, truncated).

        Args:
            action: in the environment's own format.
        """
        self._actions.append(np.array(action))
        self._state, reward, terminated, truncated, _ = self._raw.step(action)
        return self._state, reward, terminated, truncated

    def state_dict(self):
        """The data for a replay: the seed or generator state at the start of the episode, and its actions."""
        if self._start is None:
            return {'seed': self._seed}
        return {**self._start, 'actions': np.array(self._actions), 'observation': np.array(self._state)}

    def load_state_dict(self, state):
        """Replays the unfinished episode of `state_dict`.

        Returns:
            Number of steps of the episode so far.

        Raises:
            UserError: the replay did not end in the same observation.
        """
        self._seed = state.get('seed')
        if self._seed is None:
            self._raw.unwrapped.np_random.bit_generator.state = state['generator']
        if 'actions' not in state:
            return 0
        self.reset()
        for action in state['actions']:
            self.step(action)
        check_repeated(self._raw.spec.id, self._state, state['observation'],
                       'versions of gymnasium and mujoco')
        return len(self._actions)
