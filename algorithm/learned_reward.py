"""A trained reward model for use from Python: arrays in, rewards out."""
from collections.abc import Mapping

import numpy as np

from utils.sentences import tasks_meant

_CHUNK = 256    # steps at a time: an episode of any length fits into memory


class LearnedReward:
    """Rewards of steps, by the reward model of a run.

    Args:
        agent: has `predict_rewards`.
        spec: shapes of the task.
        contexts: {name of a task: [C] vector of it that the network sees}; {} where the run has no tasks.

    Attributes:
        spec: what an observation is: `spec.observation` has the shape and the type of each of its arrays.
        tasks: names of the tasks that `reward` knows; () where the run has none.
    """

    def __init__(self, agent, spec, contexts):
        self._agent, self.spec, self._contexts = agent, spec, contexts
        self.tasks = tuple(contexts)

    def __call__(self, observation, action, next_observation, task=None):
        """The rewards of N steps.

        Args:
            observation: {key: [N, *shape]} before each step. Frames are uint8, of the size that the model was
                trained on: those of recorded episodes upright, not mirrored; those of Atari
                [N, 84, 84, stack] under the key 'frame'.
            action: [N, A], as recorded; of discrete actions their numbers, [N].
            next_observation: as `observation`, after each step.
            task: name of the task of all N steps, or its instruction, such as 'Turn on the stove.'; left out
                where the run has no tasks.

        Returns:
            [N] float32.

        Raises:
            ValueError: an array is missing, has another shape, type or range, or a number that is not finite
                or beyond float32; or the task is unknown, ambiguous, missing, or given where there are none.
        """
        task = self._known(task)
        action = _array('action', action)
        action = _checked('action', action, self.spec.action, len(action) if action.ndim else 'N')
        _check_numbers(action, self.spec.num_actions)
        before, after = (self._observation(name, value, len(action)) for name, value in
                         (('observation', observation), ('next_observation', next_observation)))
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(action), _CHUNK)]
        return np.concatenate([np.zeros(0, np.float32), *(self._agent.predict_rewards(
            {key: values[part] for key, values in before.items()}, action[part],
            {key: values[part] for key, values in after.items()},
            self._context(task, len(action[part]))) for part in chunks)])

    def _known(self, task):
        """The name of a task that is given by its name or its instruction; None where there are no tasks."""
        if not self.spec.context:
            if task is not None:
                raise ValueError(f'expected no task, as the run has none, got {task!r}')
            return None
        # a task that the run has not learned from makes a sentence ambiguous too
        meant = tasks_meant(task, tuple(dict.fromkeys((*self.spec.tasks, *self.tasks)))) if isinstance(
            task, str) else []
        if len(meant) > 1:
            raise ValueError(f'{task!r} stands for {len(meant)} tasks: {", ".join(meant)}; expected the name '
                             'of one of them')
        if not meant or meant[0] not in self._contexts:
            raise ValueError(f'expected one of the tasks {", ".join(self._contexts)}, got {task!r}')
        return meant[0]

    def _context(self, task, size):
        """[size, C] the vector of the task, or None where there are no tasks."""
        return np.repeat(self._contexts[task][None], size, axis=0) if self.spec.context else None

    def _observation(self, name, observation, size):
        if not isinstance(observation, Mapping):
            raise ValueError(f'{name}: expected arrays by the names {list(self.spec.observation)}, got '
                             f'{type(observation).__name__}')
        if observation.keys() != self.spec.observation.keys():
            raise ValueError(f'{name}: expected {list(self.spec.observation)}, got {list(observation)}')
        return {key: _checked(f'{name}[{key!r}]', _array(f'{name}[{key!r}]', observation[key]), field, size)
                for key, field in self.spec.observation.items()}


def _checked(name, values, field, size):
    """`values` as an array of the field's type; neither pixels nor numbers of actions are converted."""
    expected = (size, *field.shape, *([field.stack] if field.stack > 1 else []))
    if values.shape == expected[1:]:
        text = ', '.join(['N', *map(str, expected[1:])]) + ',' * (len(expected) == 1)
        raise ValueError(f'{name}: expected the shape ({text}), got {values.shape}: one step without an axis '
                         f'for the N steps; add it by numpy.asarray(...)[None]')
    if values.shape != expected:
        raise ValueError(f'{name}: expected the shape {expected}, got {values.shape}')
    if field.dtype == np.uint8 and values.dtype != np.uint8:    # 0.5 may be grey or black
        raise ValueError(f'{name}: expected pixels from 0 to 255 as uint8, got {values.dtype}')
    if field.dtype == np.int32 and values.dtype.kind not in 'iu':
        raise ValueError(f'{name}: expected integers, got {values.dtype}')
    _check_range(name, values, field.dtype)
    return values.astype(field.dtype, copy=False)


def _array(name, values):
    """An array of numbers."""
    try:
        values = np.asarray(values)
    except ValueError as error:
        raise ValueError(f'{name}: expected an array of numbers, got rows of several lengths') from error
    if values.dtype.kind not in 'fiub':
        raise ValueError(f'{name}: expected an array of numbers, got {values.dtype}')
    return values


def _check_range(name, values, dtype):
    """Refuses numbers [N, ...] that the type does not hold; a network may answer to them with finite ones."""
    if dtype == np.uint8 or not values.size:
        return
    limits = np.finfo(np.float32) if dtype == np.float32 else np.iinfo(dtype)
    fits = (values >= limits.min) & (values <= limits.max)      # False for NaN
    if not fits.all():
        place = tuple(int(number) for number in np.argwhere(~fits)[0])
        raise ValueError(f'{name}: expected finite numbers within {np.dtype(dtype).name}, got '
                         f'{values[place]} in row {place[0]}')


def _check_numbers(action, num_actions):
    """Raises ValueError for the number of a discrete action that does not exist."""
    wrong = action[(action < 0) | (action >= num_actions)] if num_actions else ()
    if len(wrong):
        raise ValueError(f'action: expected numbers from 0 to {num_actions - 1}, got {wrong[0]}')
