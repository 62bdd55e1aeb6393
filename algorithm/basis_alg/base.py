"""What an agent needs of a basis algorithm, and the exploration that the deterministic policies share."""
from typing import Any, NamedTuple, Protocol

from utils.tf_util import tf


class Acting(NamedTuple):
    """The part of a graph that chooses actions.

    Attributes:
        observation: {key: placeholder [N, ...]}.
        noise: placeholder [N, A], standard normals to explore, zeros to act greedily.
        action: [N, A] in [-1, 1].
        info: {name: tensor [N, ...]} about the choice.
    """

    observation: dict[str, Any]
    noise: Any
    action: Any
    info: dict[str, Any]


class BasisAlgorithm(Protocol):
    """Builds into the default graph; owns no session and no buffer.

    Attributes:
        groups: `Group`s in the order in which they run.
        acting: `Acting`.
        target_pairs: [(main variable, target variable)].
        target_polyak: share of the old target kept when targets move.
        tensors: intermediate values by name, for tests and diagnosis.
    """

    groups: list
    acting: Acting
    target_pairs: list
    target_polyak: float
    tensors: dict[str, Any]


def gaussian_exploration(action, noise, std):
    """[N, A] the policy's action plus Gaussian noise, within [-1, 1]."""
    return tf.clip_by_value(action + std * noise, -1.0, 1.0)
