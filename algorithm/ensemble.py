"""The mean of the rewards of several runs, which makes running sums steadier than those of one run."""
import os

import numpy as np

from utils.errors import UserError


class MeanReward:
    """As a `LearnedReward`, the mean of several.

    Args:
        rewards: {name of a run, for errors: its `LearnedReward`}, at least one.

    Attributes:
        spec: shapes of the steps, the same for all.
        tasks: names of the tasks that all of them know.

    Raises:
        UserError: a run differs from the first in its observations, actions or tasks.
    """

    def __init__(self, rewards):
        check_alike({name: (each.spec, each.tasks) for name, each in rewards.items()})
        self._rewards = list(rewards.values())
        self.spec, self.tasks = self._rewards[0].spec, self._rewards[0].tasks

    def __call__(self, observation, action, next_observation, task=None):
        """The mean rewards [N] float32 of N steps; arguments and errors as of `LearnedReward`."""
        return np.mean([each(observation, action, next_observation, task) for each in self._rewards], axis=0)


class MeanAgent:
    """Predicts the mean of the rewards that several agents predict.

    Args:
        agents: have `predict_rewards`; at least one.
    """

    def __init__(self, agents):
        self._agents = agents

    def predict_rewards(self, *step):
        """The mean rewards [N] float32 of N steps; arguments as of `Agent`."""
        return np.mean([agent.predict_rewards(*step) for agent in self._agents], axis=0)


def check_different(runs):
    """Refuses a list of paths of runs to average that is empty, or names one twice.

    Raises:
        UserError: it does.
    """
    places = {os.path.realpath(os.path.expanduser(each)) for each in runs}
    if not runs or len(places) < len(runs):
        raise UserError(f'expected different runs to average, got {", ".join(map(str, runs)) or "none"}')


def check_alike(runs):
    """Refuses runs whose rewards are not of the same steps.

    Args:
        runs: {name of a run: (its `Spec`, names of the tasks that it knows)}.

    Raises:
        UserError: one differs from the first; names both, and both values.
    """
    (first, expected), *others = ((name, _compared(*each)) for name, each in runs.items())
    for name, found in others:
        for what, value in expected.items():
            if found[what] != value:
                raise UserError(f'{name}: expected {what} {value}, as of {first}, got {found[what]}')


def _compared(spec, tasks):
    """{text: value} of what must be the same."""
    shapes = {f'{key} ({_kind(field)})' for key, field in spec.observation.items()}
    return {'observations': ', '.join(sorted(shapes)), 'actions': _kind(spec.action),
            'actions by number': spec.num_actions, 'tasks': ', '.join(sorted(tasks)) or 'none'}


def _kind(field):
    size = ' x '.join(map(str, (*field.shape, *([field.stack] if field.stack > 1 else []))))
    return f'{np.dtype(field.dtype).name} {size or "number"}'
