"""The interface of a basis algorithm, and the exploration that the deterministic policies share."""
from typing import Any, NamedTuple, Protocol

from algorithm import networks
from utils.tf_util import tf, tf1


class Acting(NamedTuple):
    """The part of a graph that chooses actions.

    Attributes:
        observation: {key: placeholder [N, ...]}.
        noise: placeholder [N, A], standard normals to explore, zeros to act greedily; None for DQN.
        action: [N, A] in [-1, 1], or numbers [N] of discrete actions.
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
        target_polyak: share of the old target that is kept when targets are updated.
        epsilon: share of random actions as a function of the step; None where noise explores.
        tensors: intermediate values by name, for tests and diagnosis.
    """

    groups: list
    acting: Acting
    target_pairs: list
    target_polyak: float
    epsilon: Any
    tensors: dict[str, Any]


def acting_with_noise(spec, preprocess, policy, value, std):
    """`Acting` of a deterministic policy that explores by Gaussian noise, within [-1, 1].

    Args:
        spec: shapes of the task.
        preprocess: maps a raw observation to the input of the networks.
        policy: maps an observation to actions [N, A].
        value: maps an observation and its actions to values [N]; applied to the action before the noise.
        std: standard deviation of the noise.
    """
    raw = networks.observation_placeholders(spec, [None])
    noise = tf1.placeholder(tf.float32, [None, *spec.action.shape])
    observation = preprocess(raw)
    action = policy(observation)
    noisy = tf.clip_by_value(action + std * noise, -1.0, 1.0)
    return Acting(raw, noise, noisy, {'q': value(observation, action)})
