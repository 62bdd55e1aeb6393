"""A trained reward model for use from Python: arrays in, rewards out."""
import numpy as np

_CHUNK = 256    # steps at a time: an episode of any length fits into memory


class LearnedReward:
    """Rewards of steps, predicted by a reward model that was trained on recorded episodes.

    Args:
        agent: has `predict_rewards`.
        spec: shapes of the task.
        contexts: {name of a task: [C] vector that encodes the task for the network}.

    Attributes:
        spec: `spec.observation` has the shape and the type of each array of an observation.
        tasks: names of the tasks that the model was trained on.
    """

    def __init__(self, agent, spec, contexts):
        self._agent, self.spec, self._contexts = agent, spec, contexts
        self.tasks = tuple(contexts)

    def __call__(self, observation, action, next_observation, task):
        """The rewards of N steps.

        Args:
            observation: {key: [N, *shape]} before each step. Frames are uint8, upright, not mirrored, of the
                size that the model was trained on.
            action: [N, A], as recorded.
            next_observation: as `observation`, after each step.
            task: name of the task of all N steps.

        Returns:
            [N] float32.

        Raises:
            ValueError: an array is missing or has an invalid shape or type; or the task is unknown.
        """
        if task not in self._contexts:
            raise ValueError(f'expected one of the tasks {", ".join(self._contexts)}, got {task!r}')
        action = np.asarray(action)
        action = _checked('action', action, self.spec.action, len(action) if action.ndim else 0)
        before, after = (self._observation(name, value, len(action)) for name, value in
                         (('observation', observation), ('next_observation', next_observation)))
        context = np.repeat(self._contexts[task][None], len(action), axis=0)
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(action), _CHUNK)]
        return np.concatenate([np.zeros(0, np.float32), *(self._agent.predict_rewards(
            {key: values[part] for key, values in before.items()}, action[part],
            {key: values[part] for key, values in after.items()}, context[part]) for part in chunks)])

    def _observation(self, name, observation, size):
        if observation.keys() != self.spec.observation.keys():
            raise ValueError(f'{name}: expected {list(self.spec.observation)}, got {list(observation)}')
        return {key: _checked(f'{name}[{key!r}]', observation[key], field, size)
                for key, field in self.spec.observation.items()}


def _checked(name, values, field, size):
    """`values` as an array of the field's type; float pixels are invalid, as their range is ambiguous."""
    values, expected = np.asarray(values), (size, *field.shape)
    if values.shape != expected:
        raise ValueError(f'{name}: expected the shape {expected}, got {values.shape}')
    if field.dtype == np.uint8 and values.dtype != np.uint8:
        raise ValueError(f'{name}: expected pixels from 0 to 255 as uint8, got {values.dtype}')
    return values.astype(field.dtype, copy=False)
