"""Data types shared by the parts of a run: tuples of numpy arrays, or of placeholders in the same layout."""
from typing import NamedTuple

import numpy as np


class Field(NamedTuple):
    """One array stored per step.

    An observation is `stack` consecutive frames of `shape`, on a new last axis where `stack` > 1.
    """

    shape: tuple[int, ...]
    dtype: type = np.float32
    stack: int = 1

    @property
    def is_camera(self):
        """Whether it is a colour image [H, W, C]; Atari's grey frames have a stack in place of channels."""
        return self.dtype == np.uint8 and len(self.shape) == 3


class Spec(NamedTuple):
    """Everything that networks and the replay store need about a task.

    Attributes:
        observation: the arrays of one observation by name; MuJoCo has `{'state'}`, Atari `{'frame'}`.
        action: shape [A] of a continuous action in [-1, 1], or [] for the index of a discrete one.
        num_actions: number of discrete actions; 0 where actions are continuous.
        context: length C of the vector that identifies the task of an episode; 0 without one.
        tasks: names of all tasks that such a vector can identify, in their order.
        reward_scale: reward per unit of output of a reward network; 0 if the flag --r_scale has it.
    """

    observation: dict[str, Field]
    action: Field
    num_actions: int = 0
    context: int = 0
    tasks: tuple[str, ...] = ()
    reward_scale: float = 0.0


class Episode(NamedTuple):
    """T complete steps of one episode; every frame is stored once.

    Attributes:
        observations: {key: [T + stack, *shape]}, the frames that pad the first stack, then o_0 .. o_T.
        actions: [T, *shape].
        rewards: [T] float32, as the learner gets them (if episodic, all zero except the last).
        terminals: [T] bool, True where the task ended and nothing is bootstrapped.
    """

    observations: dict[str, np.ndarray]
    actions: np.ndarray
    rewards: np.ndarray
    terminals: np.ndarray

    @property
    def length(self):
        """T, number of steps."""
        return len(self.rewards)

    @property
    def total_reward(self):
        """Undiscounted return, summed in float64."""
        return float(self.rewards.sum(dtype=np.float64))


def flattened(episode):
    """{name: array} of an `Episode`, `observations/<key>` for each key."""
    return {**{f'observations/{key}': frames for key, frames in episode.observations.items()},
            'actions': episode.actions, 'rewards': episode.rewards, 'terminals': episode.terminals}


def unflattened(arrays):
    """The `Episode` that `flattened` turned into {name: array}."""
    observations = {name.removeprefix('observations/'): array for name, array in arrays.items()
                    if name.startswith('observations/')}
    return Episode(observations, arrays['actions'], arrays['rewards'], arrays['terminals'])


class Transitions(NamedTuple):
    """Independent steps, [B, ...]; `terminal` is 1.0 where nothing is bootstrapped."""

    observation: dict[str, np.ndarray]
    action: np.ndarray
    reward: np.ndarray
    next_observation: dict[str, np.ndarray]
    terminal: np.ndarray


class Subsequences(NamedTuple):
    """K steps of each of M episodes, [M, K, ...] (arXiv:2111.13485, section 3.2).

    Attributes:
        mean_reward: [M] return / length of the episode.
        variance_weight: [M] 1 - K / T for K of T steps drawn without replacement.
        context: [M, C] vector of the task, or None where there is only one.
        step_weight: [M, K] that sums to 1 over the steps of an episode, or None for 1 / K each.
    """

    observation: dict[str, np.ndarray]
    action: np.ndarray
    next_observation: dict[str, np.ndarray]
    mean_reward: np.ndarray
    variance_weight: np.ndarray
    context: np.ndarray | None = None
    step_weight: np.ndarray | None = None


class Windows(NamedTuple):
    """K windows of each of M episodes, [M, ...]; a window is a contiguous subsequence, a < b.

    Attributes:
        observation: {key: [M, 1 + 2 K, *shape]}: o_0, then K first observations o_a, then K last ones o_b.
        time: [M, 1 + 2 K] share of the episode's steps before each of these.
        total_reward: [M] return of the episode.
        is_fitted: [M] 1.0 where any window may earn its share of the return; 0.0 for an episode of return 0.
        context: [M, C] vector of the task.
    """

    observation: dict[str, np.ndarray]
    time: np.ndarray
    total_reward: np.ndarray
    is_fitted: np.ndarray
    context: np.ndarray


class Trajectories(NamedTuple):
    """M whole episodes, [M, L, ...], where L is the length of the longest; the steps beyond T are padding.

    Attributes:
        mean_reward: [M] return / length of the episode.
        length: [M] int32, T.
        cut: [M] int32 from 1 to T, number of steps before the place to cut the episode.
    """

    observation: dict[str, np.ndarray]
    action: np.ndarray
    next_observation: dict[str, np.ndarray]
    mean_reward: np.ndarray
    length: np.ndarray
    cut: np.ndarray


class Steps(NamedTuple):
    """Steps whose rewards are predicted, [N, ...]; `context` [N, C] is None where there is one task."""

    observation: dict[str, np.ndarray]
    action: np.ndarray
    next_observation: dict[str, np.ndarray]
    context: np.ndarray | None = None


class Batch(NamedTuple):
    """The input of one update; a part that it does not need is None."""

    transitions: Transitions | None
    subsequences: Subsequences | Windows | Trajectories | None


def leaves(batch):
    """Arrays (or placeholders) of a `Batch` or one of its parts, in one fixed order; None adds nothing."""
    if batch is None:
        return []
    if isinstance(batch, dict):
        return list(batch.values())
    if isinstance(batch, tuple | list):
        return [array for part in batch for array in leaves(part)]
    return [batch]
