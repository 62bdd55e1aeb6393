"""Atari games of the Arcade Learning Environment: stacks of grey frames, 84 by 84."""
import warnings

import ale_py
import cv2
import gymnasium
import numpy as np

from envs.base import Observation, Step, check_repeated, facts_of, unusable
from utils.errors import UserError
from utils.types import Field, Spec

NOOP, SIZE = 0, (84, 84)
STICKY = 0.25       # probability with which sticky actions repeat the last one


class AtariEnvironment:
    """A game whose observation is a stack of the last frames; the simulator runs four frames per step.

    An episode begins with no-op actions: `noop - frames` of them, repeated after a reset if the game ends
    during them, then `frames` more that fill the first stack. A step at the time limit is terminal, and a
    lost life is not, as in the original.

    Args:
        raw: the Gymnasium environment, with colour frames, without limits of its own.
        noop: no-op steps at the start.
        frames: frames of a stack.
        max_steps: limit of the steps of an episode, not counting the no-ops.
        seed: of the first reset.

    Attributes:
        raw: the Gymnasium environment.
        episode_steps: steps taken since the last reset.
    """

    def __init__(self, raw: gymnasium.Env, noop: int, frames: int, max_steps: int, seed: int):
        self.raw, self._max_steps, self.episode_steps = raw, max_steps, 0
        self._num_noops, self._frames, self._seed = max(noop - frames, 0), frames, int(seed)
        self.facts = facts_of(raw)
        self.spec = Spec({'frame': Field(SIZE, np.uint8, frames)}, Field((), np.int32),
                         int(raw.action_space.n))
        self._start, self._actions, self._stack = None, [], None

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""
        ended = True
        while ended:
            self.raw.reset(seed=self._seed)
            self._seed = None
            self._start = self.raw.unwrapped.ale.cloneState(include_rng=True).serialize()
            ended = self._do_nothing()
        return {'frame': self._stack}

    def _do_nothing(self):
        """Takes the no-op steps and fills the first stack; True if the game ended during the no-ops."""
        for _ in range(self._num_noops):
            _, _, terminated, truncated, _ = self.raw.step(NOOP)
            if terminated or truncated:
                return True
        pictures = [self.raw.step(NOOP)[0] for _ in range(self._frames)]
        self._stack = np.stack([grey(picture) for picture in pictures], axis=-1)
        self.episode_steps, self._actions = 0, []
        return False

    def step(self, action) -> Step:
        """Takes one step; `action` is the number of one of the game's own actions."""
        picture, reward, terminated, truncated, _ = self.raw.step(int(action))
        self.episode_steps += 1
        self._actions.append(int(action))
        stack = np.empty_like(self._stack)
        stack[..., :-1], stack[..., -1] = self._stack[..., 1:], grey(picture)
        self._stack = stack
        over = bool(terminated or truncated or self.episode_steps == self._max_steps)
        return Step({'frame': stack}, float(reward), over, over)

    def state_dict(self) -> dict:
        """As `Environment.state_dict`: the simulator at the start of the episode, and the actions since.

        The simulator's present state is not enough: it lacks the action that a sticky one repeats.
        """
        if self._start is None:
            return {'seed': self._seed}
        return {'simulator': np.frombuffer(self._start, np.uint8), 'stack': self._stack,
                'actions': np.array(self._actions, np.int32)}

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self._seed = state.get('seed')
        if 'simulator' not in state:
            return
        self._start = state['simulator'].tobytes()
        self.raw.reset()        # so that no earlier action can be repeated
        try:
            self.raw.unwrapped.ale.restoreState(ale_py.ALEState(self._start))
        except (SystemError, RuntimeError) as error:        # ale-py 0.12 raises the first
            raise UserError(f'--resume=True: {self.facts["id"]} cannot read the state of its simulator; '
                            'expected the version of ale-py in args.json') from error
        self._do_nothing()
        for action in state['actions']:
            self.step(action)
        check_repeated(self.facts['id'], self._stack, state['stack'], 'version of ale-py')

    def close(self) -> None:
        """Closes the simulator."""
        self.raw.close()


def grey(picture):
    """[84, 84] uint8 of a colour frame [height, width, 3]."""
    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), SIZE, interpolation=cv2.INTER_AREA)


def make_game(name: str, sticky: bool, render_mode: str | None = None) -> gymnasium.Env:
    """A game with the original's settings: every fourth frame, the game's own actions, no limit.

    Args:
        name: such as `Assault`.
        sticky: repeats the last action with probability 0.25.
        render_mode: 'rgb_array' to render frames.

    Raises:
        UserError: the game cannot be created.
    """
    gymnasium.register_envs(ale_py)
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)      # no banner
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            return gymnasium.make(
                f'ALE/{name}-v5', frameskip=4, repeat_action_probability=STICKY if sticky else 0.0,
                full_action_space=False, max_num_frames_per_episode=0, max_episode_steps=-1,
                disable_env_checker=True, render_mode=render_mode)
    except (gymnasium.error.Error, ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise unusable(name, f'cannot be made: {error}') from error
