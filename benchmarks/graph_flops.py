"""The floating-point operations of a graph that some of its tensors need.

Only matrix products and convolutions with their gradients count, as a multiplication and an addition for
each term, as in `flops.py`. Kernel positions in the padding count like those inside the image.
"""
import math


def graph_flops(tensors):
    """Floating-point operations of all ops that `tensors` depend on; all shapes must be known.

    Args:
        tensors: of one graph, such as losses and gradients.
    """
    total, seen, to_visit = 0, set(), [tensor.op for tensor in tensors]
    while to_visit:
        op = to_visit.pop()
        if op not in seen:
            seen.add(op)
            total += _operations(op)
            to_visit += [tensor.op for tensor in op.inputs] + op.control_inputs
    return total


def _operations(op):
    if op.type == 'MatMul':
        inner = op.inputs[0].shape[0 if op.get_attr('transpose_a') else 1]
        return 2 * inner * math.prod(op.outputs[0].shape)
    if op.type not in _CONVOLUTIONS:
        return 0
    picture, kernel = _CONVOLUTIONS[op.type](op)
    return 2 * math.prod(picture.shape[:3]) * math.prod(kernel.shape)


_CONVOLUTIONS = {      # to (output of the convolution [N, H, W, out], or its gradient; the kernel)
    'Conv2D': lambda op: (op.outputs[0], op.inputs[1]),
    'Conv2DBackpropInput': lambda op: (op.inputs[2], op.inputs[1]),
    'Conv2DBackpropFilter': lambda op: (op.inputs[2], op.outputs[0]),
}
