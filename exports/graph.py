"""The reward of a step as a TensorFlow graph of its own: constants, named inputs, one output."""
from typing import Any, NamedTuple

import numpy as np

from exports.layout import ACTION, REWARD, TASK, input_names
from utils.tf_util import tf, tf1
from utils.types import Steps, leaves


class RewardGraph(NamedTuple):
    """A graph without variables.

    Attributes:
        graph: a `tf.Graph`.
        inputs: {name: placeholder [N, ...]}, in the order of `input_names`.
        output: [N] float32 rewards.
    """

    graph: Any
    inputs: dict[str, Any]
    output: Any


def reward_graph(agent, spec, contexts):
    """The `RewardGraph` of a reward model.

    Args:
        agent: an `Agent` with a reward model.
        spec: shapes of the task.
        contexts: {name of a task: its vector [C]}; an input `task` [N] selects them by number. {} without
            tasks.

    Raises:
        UserError: two inputs would have one name.
    """
    steps, rewards = agent.reward_model.prediction
    frozen = tf1.graph_util.convert_variables_to_constants(
        agent.session, agent.graph.as_graph_def(add_shapes=True), [rewards.op.name])
    kept = {node.name for node in frozen.node}      # a reward may ignore inputs
    graph = tf.Graph()
    with graph.as_default():
        inputs = _placeholders(spec, steps, contexts)
        values = leaves(_values(spec, steps, contexts, inputs))
        replaced = {old.op.name: value for old, value in zip(leaves(steps), values, strict=True)
                    if old.op.name in kept}
        output, = tf.import_graph_def(frozen, replaced, [rewards.name], name='model')
        return RewardGraph(graph, inputs, tf.identity(output, REWARD))


def _placeholders(spec, steps, contexts):
    """{name of an input: its placeholder}; nodes have numbers, as a key may be no name of a node."""
    keys = list(spec.observation)
    like = dict(zip(input_names(keys, bool(contexts)), (
        *(side[key] for key in keys for side in (steps.observation, steps.next_observation)),
        steps.action, steps.context), strict=False))
    types = {name: tf.int64 for name in (TASK, *([ACTION] if spec.num_actions else [])) if name in like}
    shapes = {name: [None] if name == TASK else tensor.shape for name, tensor in like.items()}
    return {name: tf1.placeholder(types.get(name, tensor.dtype), shapes[name], f'input_{number}')
            for number, (name, tensor) in enumerate(like.items())}


def _values(spec, steps, contexts, inputs):
    """`Steps` of tensors, made of the inputs, that take the place of the placeholders of a model."""
    before, after = ({key: inputs[f'{key}{suffix}'] for key in spec.observation} for suffix in ('', '_next'))
    context = tf.gather(np.stack(list(contexts.values())).astype(np.float32),
                        inputs[TASK]) if contexts else None
    return Steps(before, tf.cast(inputs[ACTION], steps.action.dtype), after, context)
