"""Rewards of the steps of a recorded episode, by a trained reward model."""
import numpy as np

_CHUNK = 64     # steps predicted at a time: an episode of any length fits into memory


def predict(agent, recording, contexts):
    """[len(contexts), T] float32 rewards of an episode's steps, for each of the contexts [C].

    Args:
        agent: has `predict_rewards(observation, action, next_observation, context)`, to [N].
        recording: the `Recording`.
        contexts: list of vectors of tasks.
    """
    rewards = np.empty((len(contexts), recording.length), np.float32)
    for start in range(0, recording.length, _CHUNK):
        end = min(start + _CHUNK, recording.length)
        observed = recording.observation(np.arange(start, end + 1))
        before, after = ({key: values[steps] for key, values in observed.items()}
                         for steps in (slice(None, -1), slice(1, None)))
        for row, context in zip(rewards, contexts, strict=True):
            repeated = np.repeat(context[None], end - start, axis=0)
            row[start:end] = agent.predict_rewards(before, recording.actions[start:end], after, repeated)
    return rewards
