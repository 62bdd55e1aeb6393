"""What a run asks of an environment, whatever simulates it."""
from typing import NamedTuple, Protocol

import numpy as np

from utils.errors import UserError
from utils.types import Spec

Observation = dict[str, np.ndarray]


class Step(NamedTuple):
    """What one action led to.

    Attributes:
        observation: {key: array}, the caller's to keep: float32 vectors, or uint8 frames [84, 84, stack].
        reward: of this step.
        terminal: the task ended and nothing is bootstrapped.
        over: the episode ends here, by its task or by time; `reset` comes next.
    """

    observation: Observation
    reward: float
    terminal: bool
    over: bool


class Environment(Protocol):
    """One task, played an episode at a time.

    Attributes:
        spec: observations and actions.
        facts: {'id', 'kwargs'}, what the task was really made from.
    """

    spec: Spec
    facts: dict

    def reset(self) -> Observation:
        """Begins an episode; its first observation."""

    def step(self, action: np.ndarray) -> Step:
        """Acts once; `action` is float32 [A] in [-1, 1], or the number of a discrete action."""

    def state_dict(self) -> dict:
        """All that the coming steps and episodes depend on: arrays and JSON values."""

    def load_state_dict(self, state: dict) -> None:
        """Makes a new environment go on from `state_dict`.

        Raises:
            UserError: it did not get there, as its simulator does not repeat itself.
        """

    def close(self) -> None:
        """Gives the simulator back."""


class RewardWrapper:
    """An environment whose rewards are told otherwise; a subclass says how.

    Attributes:
        env: the environment below.
    """

    def __init__(self, env: Environment):
        self.env = env
        self.spec, self.facts = env.spec, env.facts

    def reset(self) -> Observation:
        """Begins an episode; its first observation."""
        return self.env.reset()

    def state_dict(self) -> dict:
        """As `Environment.state_dict`."""
        return {'env': self.env.state_dict()}

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self.env.load_state_dict(state['env'])

    def close(self) -> None:
        """Gives the simulator back."""
        self.env.close()


def facts_of(raw):
    """{'id', 'kwargs'} of a Gymnasium environment; how it is shown is no fact of the task."""
    kwargs = {name: value for name, value in raw.spec.kwargs.items() if name != 'render_mode'}
    return {'id': raw.spec.id, 'kwargs': kwargs}


def check_repeated(env_id, shown, expected, versions):
    """Makes sure that an episode which was played again has led to the same observation, an array.

    Raises:
        UserError: it has not; names the `versions` that may be other ones.
    """
    if not np.array_equal(shown, expected):
        raise UserError(f'--resume=True: {env_id} did not repeat its open episode; '
                        f'expected the {versions} that args.json tells')


def unusable(env_id, reason):
    """A UserError about `--env`, in one line, whatever a library wrote into the reason."""
    return UserError(' '.join(f'--env={env_id}: {reason}'.split()))
