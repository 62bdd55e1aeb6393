"""Checks what a Gymnasium environment returns against what its spaces promise."""
import inspect

import gymnasium
import numpy as np

from envs.base import unusable

NUMBERS = 'biuf'        # kinds of numpy types that become float32


class Checked:
    """Resets and steps an environment; each deviation from Gymnasium's interface is an error of one line.

    Args:
        raw: a Gymnasium environment.

    Raises:
        UserError: a `reset` of it takes no seed.
    """

    def __init__(self, raw: gymnasium.Env):
        self._raw, self._env_id, self._shape = raw, raw.spec.id, raw.observation_space.shape
        for layer in layers_of(raw):
            # Gymnasium's wrappers hand both on
            self._check_parameters(layer, ('seed',) if layer is raw else ('seed', 'options'))

    def reset(self, seed):
        """Begins an episode; returns its first observation, an array or what numpy makes one of.

        Raises:
            UserError: it returned something other than an observation of its space, and a dictionary.
        """
        result = self._raw.reset(seed=seed)
        if not isinstance(result, tuple) or len(result) != 2:
            raise self._refused('reset', _described(result), '2 values: observation, info')
        self._check_observation('reset', result[0])
        return result[0]

    def step(self, action):
        """Takes one step; returns (observation, reward, terminated, truncated).

        Raises:
            UserError: it returned something else, or an observation of another shape than its space.
        """
        result = self._raw.step(action)
        if not isinstance(result, tuple) or len(result) != 5:
            raise self._refused('step', _described(result),
                                '5 values: observation, reward, terminated, truncated, info')
        state, reward, *ends, _ = result
        self._check_observation('step', state)
        self._check_scalar('reward', reward, 'a number')
        for name, end in zip(('terminated', 'truncated'), ends, strict=True):
            self._check_scalar(name, end, 'True or False')
        return state, float(reward), *(bool(end) for end in ends)

    def _check_observation(self, method, state):
        array = _array(state)
        if array is None:
            raise self._refused(method, f'{_described(state)} as observation',
                                f'numbers of shape {self._shape}, as its observation_space promises')
        if array.shape != self._shape:
            raise self._refused(method, f'an observation of shape {array.shape}',
                                f'{self._shape}, as its observation_space promises')

    def _check_scalar(self, name, value, expected):
        array = _array(value)
        if array is None or array.shape:
            raise self._refused('step', f'{_described(value)} as {name}', expected)

    def _check_parameters(self, layer, names):
        parameters = inspect.signature(layer.reset).parameters
        takes_all = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
        missing = [name for name in names if name not in parameters]
        if missing and not takes_all:
            raise unusable(self._env_id, f'reset of {type(layer).__name__} takes no {missing[0]}; expected '
                                         'reset(self, *, seed=None, options=None)')

    def _refused(self, method, returned, expected):
        return unusable(self._env_id, f'{method} returned {returned}; expected {expected}')


def layers_of(raw):
    """The wrappers of an environment, outermost first, and the environment itself."""
    layers = [raw]
    while layers[-1] is not layers[-1].unwrapped:
        layers.append(layers[-1].env)
    return layers


def _array(value):
    """An array of numbers, or None where `value` is something else."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):     # lists of several lengths
        return None
    return array if array.dtype.kind in NUMBERS else None


def _described(value):
    if isinstance(value, tuple):
        return f'{len(value)} values'
    if isinstance(value, np.ndarray):
        return f'an array of shape {value.shape}'
    return 'None' if value is None else f'a {type(value).__name__}'
