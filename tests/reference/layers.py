"""DQN's networks in numpy, from the weights {name: array} of a graph."""
import numpy as np


def relu(x):
    return np.maximum(x, 0)


def linear(x):
    return x


def dense(weights, name, x, activation=relu):
    """[N, out] of [N, in]."""
    return activation(x @ weights[f'{name}/kernel'] + weights[f'{name}/bias'])


def conv(weights, name, x, stride, activation=relu):
    """[N, ceil(h / stride), ceil(w / stride), out] of [N, h, w, in], one output pixel at a time.

    As many zeros are put around the picture as the last window needs; an odd one goes below and to the right.
    """
    kernel, bias = weights[f'{name}/kernel'], weights[f'{name}/bias']
    size, out = len(kernel), -(-x.shape[1] // stride)
    zeros = max((out - 1) * stride + size - x.shape[1], 0)
    padded = np.pad(x, [(0, 0), *[(zeros // 2, zeros - zeros // 2)] * 2, (0, 0)])
    y = np.empty((len(x), out, out, kernel.shape[-1]))
    for row in range(out):
        for column in range(out):
            window = padded[:, row * stride:row * stride + size, column * stride:column * stride + size]
            y[:, row, column] = window.reshape(len(x), -1) @ kernel.reshape(-1, kernel.shape[-1])
    return activation(y + bias)


def encoded(weights, scope, letter, frames):
    """[N, 7744] of frames [N, 84, 84, C] in [0, 1]."""
    x = conv(weights, f'{scope}/{letter}_conv1', frames, 4)
    x = conv(weights, f'{scope}/{letter}_conv2', x, 2)
    x = conv(weights, f'{scope}/{letter}_conv3', x, 1)
    return x.reshape(len(x), -1)


def two_hidden(weights, scope, letter, x):
    """[N, out] of vectors [N, in]."""
    x = dense(weights, f'{scope}/{letter}_dense1', x)
    return dense(weights, f'{scope}/{letter}', dense(weights, f'{scope}/{letter}_dense2', x), linear)


def one_hidden(weights, scope, letter, part, x):
    """[N, out] of [N, 7744], by the layers of one stream (`act`, `base`)."""
    hidden = dense(weights, f'{scope}/{letter}_dense_{part}', x)
    return dense(weights, f'{scope}/{letter}_{part}', hidden, linear)
