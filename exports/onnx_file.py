"""A reward graph as an ONNX model."""
import json
import logging

import numpy as np

from exports.layout import KEY, REWARD

_OPSET = 17         # ONNX of 2022: every later runtime has it
_BATCH = 'N'        # name of the first axis


def onnx_model(reward_graph, described):
    """The bytes of an ONNX model.

    Args:
        reward_graph: a `RewardGraph`.
        described: description to store with it, JSON values.
    """
    import tf2onnx.convert

    logging.getLogger('tf2onnx').setLevel(logging.ERROR)        # otherwise it reports its progress
    names = {tensor.name: name for name, tensor in reward_graph.inputs.items()}
    output = reward_graph.output.name
    used = _used(reward_graph)
    model, _ = tf2onnx.convert.from_graph_def(
        reward_graph.graph.as_graph_def(), input_names=[name for name in names if name in used],
        output_names=[output], opset=_OPSET)
    _rename(model.graph, {**names, output: REWARD})
    _declare(model.graph, reward_graph)
    entry = model.metadata_props.add()
    entry.key, entry.value = KEY, json.dumps(described)
    return model.SerializeToString()


def _used(reward_graph):
    """Names of the inputs that the output depends on."""
    from utils.tf_util import tf1

    parts = tf1.graph_util.extract_sub_graph(reward_graph.graph.as_graph_def(),
                                             [reward_graph.output.op.name])
    return {f'{node.name}:0' for node in parts.node}


def _rename(graph, names):
    """Gives tensors of an ONNX graph new names."""
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]


def _declare(graph, reward_graph):
    """Declares every input, in order, those that the reward ignores as well, and the output."""
    from onnx import helper

    def declared(name, tensor):
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(tensor.dtype.as_numpy_dtype))
        return helper.make_tensor_value_info(name, kind, [_BATCH, *tensor.shape.as_list()[1:]])

    del graph.input[:], graph.output[:]
    graph.input.extend(declared(name, tensor) for name, tensor in reward_graph.inputs.items())
    graph.output.append(declared(REWARD, reward_graph.output))
