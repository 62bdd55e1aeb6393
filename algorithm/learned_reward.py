"""A trained reward model for use from Python: arrays in, rewards out."""
import numpy as np

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
            task: name of the task of all N steps; left out where the run has no tasks.

        Returns:
            [N] float32.

        Raises:
            ValueError: an array is missing, or has another shape, type or range; or the task is unknown,
                missing, or given where there are none.
        """
        self._check_task(task)
        action = np.asarray(action)
        action = _checked('action', action, self.spec.action, len(action) if action.ndim else 0)
        _check_numbers(action, self.spec.num_actions)
        before, after = (self._observation(name, value, len(action)) for name, value in
                         (('observation', observation), ('next_observation', next_observation)))
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(action), _CHUNK)]
        return np.concatenate([np.zeros(0, np.float32), *(self._agent.predict_rewards(
            {key: values[part] for key, values in before.items()}, action[part],
            {key: values[part] for key, values in after.items()},
            self._context(task, len(action[part]))) for part in chunks)])

    def _check_task(self, task):
        if self.spec.context and task not in self._contexts:
            raise ValueError(f'expected one of the tasks {", ".join(self._contexts)}, got {task!r}')
        if not self.spec.context and task is not None:
            raise ValueError(f'expected no task, as the run has none, got {task!r}')

    def _context(self, task, size):
        """[size, C] the vector of the task, or None where there are no tasks."""
        return np.repeat(self._contexts[task][None], size, axis=0) if self.spec.context else None

    def _observation(self, name, observation, size):
        if observation.keys() != self.spec.observation.keys():
            raise ValueError(f'{name}: expected {list(self.spec.observation)}, got {list(observation)}')
        return {key: _checked(f'{name}[{key!r}]', observation[key], field, size)
                for key, field in self.spec.observation.items()}


def _checked(name, values, field, size):
    """`values` as an array of the field's type; neither pixels nor numbers of actions are converted."""
    values, expected = np.asarray(values), (size, *field.shape, *([field.stack] if field.stack > 1 else []))
    if values.shape != expected:
        raise ValueError(f'{name}: expected the shape {expected}, got {values.shape}')
    if field.dtype == np.uint8 and values.dtype != np.uint8:    # 0.5 may be grey or black
        raise ValueError(f'{name}: expected pixels from 0 to 255 as uint8, got {values.dtype}')
    if field.dtype == np.int32 and values.dtype.kind not in 'iu':
        raise ValueError(f'{name}: expected integers, got {values.dtype}')
    return values.astype(field.dtype, copy=False)


def _check_numbers(action, num_actions):
    """Refuses the number of a discrete action that there is not."""
    wrong = action[(action < 0) | (action >= num_actions)] if num_actions else ()
    if len(wrong):
        raise ValueError(f'action: expected numbers from 0 to {num_actions - 1}, got {wrong[0]}')
