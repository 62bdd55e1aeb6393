"""The floating-point operations that a graph needs for some of its tensors.

Counted are matrix products and convolutions with their gradients, a multiplication and an addition each, as
in `flops.py`; a kernel's places outside of the picture count like those inside.
"""
import math


def graph_flops(tensors):
    """Floating-point operations of everything that `tensors` are computed from; all shapes must be known.

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


_CONVOLUTIONS = {      # to (what comes out of the convolution [N, H, W, out], or its gradient; the kernel)
    'Conv2D': lambda op: (op.outputs[0], op.inputs[1]),
    'Conv2DBackpropInput': lambda op: (op.inputs[2], op.inputs[1]),
    'Conv2DBackpropFilter': lambda op: (op.inputs[2], op.outputs[0]),
}
