"""The numbers of an exported reward, compared with those of the run."""
from typing import NamedTuple

import numpy as np

from exports.layout import inputs_of
from utils.errors import UserError

TOLERANCE = 1e-6        # largest difference, per unit of the largest reward or of 1 if that is smaller
_STEPS = 64


class Agreement(NamedTuple):
    """How two rewards of the same steps compare.

    Attributes:
        difference: the largest one.
        scale: the largest absolute reward of the run.
        steps: how many were compared.
    """

    difference: float
    scale: float
    steps: int


def check(path, reward, predict):
    """The `Agreement` on random steps of every task, together and one alone.

    Args:
        path: what is written, for the error.
        reward: `LearnedReward` of the run.
        predict: function of {name of an input: array} to rewards [N].

    Raises:
        UserError: the largest difference is above `TOLERANCE`, or not a number.
    """
    sides, action, numbers = _random_steps(np.random.default_rng(0), reward)
    expected = _expected(reward, sides, action, numbers)
    inputs = inputs_of(sides[0], _wide(action), sides[1], numbers if reward.tasks else None)
    found = np.concatenate([predict(inputs), predict({name: values[:1] for name, values in inputs.items()})])
    difference = float(np.abs(found - np.append(expected, expected[:1])).max())
    scale = float(np.abs(expected).max())
    if not difference <= TOLERANCE * max(scale, 1.0):      # True for NaN as well
        raise UserError(f'{path}: its rewards differ from those of the run by {difference:.1e} (largest '
                        f'reward {scale:.3g}); expected at most {TOLERANCE:.0e}; nothing was written')
    return Agreement(difference, scale, len(expected))


def _wide(action):
    """Numbers of actions as int64, the type of the input; vectors unchanged."""
    return action.astype(np.int64) if action.dtype.kind == 'i' else action


def _random_steps(rng, reward):
    """((observation, next observation), action, number of the task) of N steps, at least two of each task."""
    numbers = np.repeat(np.arange(max(len(reward.tasks), 1)), max(_STEPS // max(len(reward.tasks), 1), 2))
    spec, size = reward.spec, len(numbers)
    sides = tuple({key: _random(rng, field, size) for key, field in spec.observation.items()}
                  for _ in range(2))
    if spec.num_actions:
        return sides, rng.integers(spec.num_actions, size=size, dtype=np.int32), numbers
    return sides, rng.uniform(-1, 1, (size, *spec.action.shape)).astype(np.float32), numbers


def _random(rng, field, size):
    """[size, *shape] pixels, or normals of sizes from 0.01 to 10: a normaliser clips large ones."""
    shape = (size, *field.shape, *([field.stack] if field.stack > 1 else []))
    if field.dtype == np.uint8:
        return rng.integers(256, size=shape, dtype=np.uint8)
    sizes = 10 ** rng.uniform(-2, 1, (size, *[1] * (len(shape) - 1)))
    return (sizes * rng.normal(size=shape)).astype(np.float32)


def _expected(reward, sides, action, numbers):
    """[N] rewards of the run."""
    if not reward.tasks:
        return reward(sides[0], action, sides[1])
    return np.concatenate([reward(*({key: values[chosen] for key, values in sides[0].items()}, action[chosen],
                                    {key: values[chosen] for key, values in sides[1].items()}), task=task)
                           for task, chosen in ((task, numbers == number)
                                                for number, task in enumerate(reward.tasks))])
