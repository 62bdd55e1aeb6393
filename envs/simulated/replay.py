"""Restores a Gymnasium environment's state by replaying the actions since the start of its episode."""
import gymnasium
import numpy as np

from envs.simulated.checked import Checked
from envs.simulated.random_state import read_generators, restore_generators
from utils.errors import UserError


class Replay:
    """Steps an environment and records how to replay its unfinished episode.

    Exact for every environment whose episode depends on its generators and its actions alone. Generators are
    `np_random`, as Gymnasium requires, and other attributes that are numpy generators. The episode before is
    replayed too: state that an environment keeps across episodes is not restored, and shows there.
    MuJoCo's own state would not be exact: rewards of Ant, Humanoid and Reacher read body positions that lag
    one substep behind it.

    Args:
        raw: a Gymnasium environment.
        seed: of the first reset; later resets continue the same stream.

    Raises:
        UserError: a `reset` of it takes no seed.
    """

    def __init__(self, raw: gymnasium.Env, seed: int):
        self._raw, self._env_id, self._checked = raw, raw.spec.id, Checked(raw)
        self._first_seed = self._seed = seed
        self._before = self._open = None        # the last two episodes

    def reset(self):
        """Begins an episode; returns its first observation."""
        start = {'generators': read_generators(self._raw)} if self._seed is None else {'seed': self._seed}
        state = self._checked.reset(self._seed)
        self._seed = None
        self._before, self._open = self._open, _Played(start, state)
        return state

    def step(self, action):
        """Takes one step; returns (observation, reward, terminated, truncated).

        Args:
            action: in the environment's own format.
        """
        kept = np.array(action)     # before the environment can change it
        result = self._checked.step(action)
        self._open.add(kept, *result)
        return result

    def state_dict(self):
        """The data for a replay of the last two episodes: generators at the start, actions, and results."""
        if self._open is None:
            return {'seed': self._seed}
        state = {**self._open.state_dict(), 'first_seed': self._first_seed}
        return state if self._before is None else {**state, 'before': self._before.state_dict()}

    def load_state_dict(self, state):
        """Replays the last two episodes of `state_dict`, the second of which is open.

        Returns:
            Number of steps of the open episode so far.

        Raises:
            UserError: the replay did not give the same rewards, ends and observations.
        """
        if 'actions' not in state:
            self._seed = state['seed']
            return 0
        self._first_seed = state.get('first_seed', self._first_seed)    # older checkpoints have none
        episodes = [state['before'], state] if 'before' in state else [state]
        if self._open is None and 'seed' not in episodes[0]:
            self._checked.reset(self._first_seed)       # some create their generators at a seeded reset
        self._open = None
        for episode in episodes:
            self._play_again(episode)
        return len(self._open.actions)

    def _play_again(self, episode):
        self._seed = episode.get('seed')
        if self._seed is None:
            self._restore(episode)
        self.reset()
        for t, action in enumerate(episode['actions']):
            # a number is a Python int, as when it was played first
            self.step(action.item() if np.ndim(action) == 0 else action.copy())
            if 'rewards' in episode:                    # older checkpoints have none
                self._compare(f'reward of step {t + 1}', self._open.rewards[t], episode['rewards'][t])
                for name, now, then in zip(('terminated', 'truncated'), self._open.ends[t],
                                           episode['ends'][t], strict=True):
                    self._compare(f'{name} of step {t + 1}', now, then)
        self._compare('last observation', np.array(self._open.state), episode['observation'])

    def _restore(self, episode):
        # older checkpoints have np_random alone
        states = episode.get('generators') or {'0/_np_random': episode['generator']}
        try:
            restore_generators(self._raw, states)
        except ValueError as error:
            raise self._refused(f'its generators differ ({error})') from error

    def _compare(self, what, now, then):
        if not np.array_equal(now, then):
            shown = '' if np.ndim(then) else f', {then} before and {now} now'
            raise self._refused(f'the {what} differs{shown}')

    def _refused(self, difference):
        return UserError(
            f'--resume=True: {self._env_id} did not repeat its last episodes: {difference}; expected the '
            'versions of gymnasium and mujoco in args.json, and an environment without np.random, hidden '
            'generators of its own and state kept across episodes')


class _Played:
    """An episode as it was played; `actions`, `rewards` and `ends` have an entry a step."""

    def __init__(self, start, state):
        self._start, self.state = start, np.array(state)
        self.actions, self.rewards, self.ends = [], [], []

    def add(self, action, state, reward, terminated, truncated):
        """Adds one step."""
        self.actions.append(action)
        self.state = np.array(state)
        self.rewards.append(reward)
        self.ends.append((terminated, truncated))

    def state_dict(self):
        """How the episode began, and all that happened."""
        return {**self._start, 'actions': np.array(self.actions), 'observation': self.state,
                'rewards': np.array(self.rewards, np.float64),
                'ends': np.array(self.ends, bool).reshape(-1, 2)}
