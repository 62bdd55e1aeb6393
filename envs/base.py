"""What a run asks of an environment, whatever simulates it."""
from typing import NamedTuple, Protocol

import numpy as np

from utils.types import Spec

Observation = dict[str, np.ndarray]


class Step(NamedTuple):
    """What one action led to.

    Attributes:
        observation: {key: float32 array}, the caller's to keep.
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
        """Acts once; `action` is float32 [A] in [-1, 1]."""

    def state_dict(self) -> dict:
        """All that the coming steps and episodes depend on: arrays and JSON values."""

    def load_state_dict(self, state: dict) -> None:
        """Makes a new environment go on from `state_dict`.

        Raises:
            UserError: it did not get there, as its simulator does not repeat itself.
        """

    def close(self) -> None:
        """Gives the simulator back."""
