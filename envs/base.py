"""The interface of an environment, independent of its simulator."""
from typing import NamedTuple, Protocol

import numpy as np

from utils.errors import UserError
from utils.types import Spec

Observation = dict[str, np.ndarray]
FLOAT32_MAX = np.float64(np.finfo(np.float32).max)      # of float64, which float16 is compared in


class Step(NamedTuple):
    """The result of one action.

    Attributes:
        observation: {key: array}, never reused by the environment: float32 vectors, or uint8 frames
            [84, 84, stack].
        reward: of this step.
        terminal: the task ended and nothing is bootstrapped.
        over: the episode ends here, by its task or by time; `reset` must be called next.
    """

    observation: Observation
    reward: float
    terminal: bool
    over: bool


class Environment(Protocol):
    """One task, played an episode at a time.

    Attributes:
        spec: observations and actions.
        facts: {'id', 'kwargs'} of the environment that was actually created, and {'wrappers'}: the arguments
            of each wrapper by its name, where there are wrappers.
    """

    spec: Spec
    facts: dict

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""

    def step(self, action: np.ndarray) -> Step:
        """Takes one step; `action` is float32 [A] in [-1, 1], or the number of a discrete action."""

    def state_dict(self) -> dict:
        """The state that all future steps and episodes depend on: arrays and JSON values."""

    def load_state_dict(self, state: dict) -> None:
        """Resumes a new environment from `state_dict`.

        Raises:
            UserError: the simulator is not reproducible, so the state was not reached.
        """

    def close(self) -> None:
        """Closes the simulator."""


class RewardWrapper:
    """An environment with modified rewards; a subclass defines how.

    Attributes:
        env: the wrapped environment.
    """

    def __init__(self, env: Environment):
        self.env = env
        self.spec, self.facts = env.spec, env.facts

    def reset(self) -> Observation:
        """Begins an episode; returns its first observation."""
        return self.env.reset()

    def state_dict(self) -> dict:
        """As `Environment.state_dict`."""
        return {'env': self.env.state_dict()}

    def load_state_dict(self, state) -> None:
        """As `Environment.load_state_dict`."""
        self.env.load_state_dict(state['env'])

    def close(self) -> None:
        """Closes the simulator."""
        self.env.close()


def facts_of(raw):
    """`Environment.facts` of a Gymnasium environment, without the render mode."""
    spec = raw.spec
    kwargs = {name: value for name, value in spec.kwargs.items() if name != 'render_mode'}
    wrappers = {wrapper.name: wrapper.kwargs for wrapper in spec.additional_wrappers}
    return {'id': spec.id, 'kwargs': kwargs, **({'wrappers': wrappers} if wrappers else {})}


def fits_float32(values):
    """Whether all finite numbers of an array, or one number, are within the range of float32."""
    return bool((np.abs(values) <= FLOAT32_MAX).all())


def check_repeated(env_id, observation, expected, versions):
    """Checks that an episode which was played again has led to the same observation, an array.

    Raises:
        UserError: the observations differ; names the `versions` that may have changed.
    """
    if not np.array_equal(observation, expected):
        raise UserError(f'--resume=True: {env_id} did not repeat its open episode; '
                        f'expected the {versions} in args.json')


def unusable(env_id, reason):
    """A UserError about `--env`, in one line even if a library's reason has several."""
    return UserError(' '.join(f'--env={env_id}: {reason}'.split()))
