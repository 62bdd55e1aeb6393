"""A Gymnasium wrapper that gives the learned reward of each step."""
import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete

_ROUNDING = 1e-5     # of the bounds of actions in float32
NAME, ORIGINAL = 'learned_reward', 'environment_reward'     # in `info`


class LearnedRewardWrapper(gymnasium.Wrapper):
    """Adds the learned reward of a step to `info`, or makes it the reward.

    A Box observation is the only array that the reward model takes (`state`, or `frame`); of a Dict, the
    arrays of the same names are taken. A model of an environment takes actions in [-1, 1]: those of the
    environment are scaled by the bounds of its action space. A model of recorded episodes takes them as
    they are.

    Args:
        env: a Gymnasium environment, not a vector of several.
        source: directory of a run with a reward model, or an .onnx file that export.py wrote. The file needs
            onnxruntime, but not TensorFlow.
        replace: whether the learned reward becomes the reward; the environment's own is then
            `info['environment_reward']`.
        task: name of the task, or its instruction, where the model has tasks.

    Raises:
        UserError: the run or the file cannot be used.
        ValueError: the model does not fit the spaces of the environment, or does not know the task.
    """

    def __init__(self, env, source, replace=False, task=None):
        super().__init__(env)
        self._reward, self._replace, self._task = _loaded(source), replace, task
        spec = self._reward.spec
        self._observed = _observer(env.observation_space, spec)
        self._acted = _actor(env.action_space, spec)
        self._before = None
        blank = {key: np.zeros(_shape(field), field.dtype) for key, field in spec.observation.items()}
        self._learned(blank, np.zeros(spec.action.shape, spec.action.dtype), blank)      # checks the task

    def reset(self, *, seed=None, options=None):
        """Begins an episode."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._before = self._observed(observation)
        return observation, info

    def step(self, action):
        """Takes one step; `info['learned_reward']` is its learned reward.

        Raises:
            ValueError: the observation or the action has a number that is not finite, or the action another
                shape than, or numbers outside of, the action space that it is scaled from.
            gymnasium.error.ResetNeeded: `reset` was not called.
        """
        if self._before is None:
            raise gymnasium.error.ResetNeeded('expected a call of reset before the first step')
        taken = self._acted(action)     # before the environment can change it
        observation, reward, terminated, truncated, info = self.env.step(action)
        after = self._observed(observation)
        learned = self._learned(self._before, taken, after)
        self._before = after
        info = {**info, NAME: learned, **({ORIGINAL: reward} if self._replace else {})}
        return observation, learned if self._replace else reward, terminated, truncated, info

    def _learned(self, before, action, after):
        """The reward of one step."""
        sides = ({key: values[None] for key, values in side.items()} for side in (before, after))
        return float(self._reward(next(sides), action[None], next(sides), self._task)[0])


def _loaded(source):
    # the one module that loads runs; inside, as it imports environments
    from loading import load_reward

    return load_reward(source)


def _shape(field):
    return (*field.shape, *([field.stack] if field.stack > 1 else []))


def _observer(space, spec):
    """A function from an observation to {key: array} for the model; copies, as some return their buffer."""
    if not isinstance(space, Dict) and len(spec.observation) > 1:
        raise ValueError(f'expected a Dict of observations with {", ".join(spec.observation)}, got {space}')
    if isinstance(space, Dict):
        if missing := [key for key in spec.observation if key not in space.spaces]:
            raise ValueError(f'expected observations with {", ".join(spec.observation)}; the environment has '
                             f'no {missing[0]} among {", ".join(space.spaces)}')
        spaces = {key: space[key] for key in spec.observation}
    else:
        spaces = dict.fromkeys(spec.observation, space)
    for key, each in spaces.items():
        _check_box(key, each, spec.observation[key])
    if isinstance(space, Dict):
        return lambda observation: {key: np.array(observation[key]) for key in spec.observation}
    return lambda observation: {key: np.array(observation) for key in spec.observation}


def _check_box(key, space, field):
    expected = f'{key}: expected a Box of the shape {_shape(field)}'
    if not isinstance(space, Box) or space.shape != _shape(field):
        raise ValueError(f'{expected}, as of the reward model, got {space}')
    if field.dtype == np.uint8 and space.dtype != np.uint8:
        raise ValueError(f'{expected} of uint8 pixels, got {space.dtype}')


def _actor(space, spec):
    """A function from an action of the environment to one of the model."""
    if spec.num_actions:
        if not isinstance(space, Discrete) or space.n != spec.num_actions:
            raise ValueError(f'expected {spec.num_actions} discrete actions, as of the reward model, got '
                             f'{space}')
        return lambda action: np.asarray(int(action) - int(space.start))
    if not isinstance(space, Box) or space.shape != spec.action.shape:
        raise ValueError(f'expected actions in a Box of the shape {spec.action.shape}, as of the reward '
                         f'model, got {space}')
    if spec.context:        # recorded actions
        return lambda action: np.array(action, np.float32)
    if not space.is_bounded():
        raise ValueError(f'expected finite bounds of actions, got {space}')
    return lambda action: _scaled(np.asarray(action, np.float64), space)


def _scaled(action, space):
    """An action in [-1, 1], where -1 and 1 are the bounds of a Box; the reward model has seen no others."""
    if action.shape != space.shape:
        raise ValueError(f'action: expected the shape {space.shape}, got {action.shape}')
    low, high = space.low.astype(np.float64), space.high.astype(np.float64)
    scaled = (action - (high + low) / 2) / ((high - low) / 2)
    if not (np.abs(scaled) <= 1 + _ROUNDING).all():
        raise ValueError(f'action: expected numbers within the bounds of {space}, got {action}; '
                         'gymnasium.wrappers.ClipAction around this wrapper clips them')
    return np.clip(scaled, -1, 1).astype(np.float32)
