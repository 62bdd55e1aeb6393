"""Initial values and digests of variables, by the recipe that the recordings were made with."""
import zlib

import numpy as np

FULL_SIZE, SAMPLE_SIZE = 512, 256


def _generator(name, offset=0):
    return np.random.RandomState((zlib.crc32(name.encode('ascii')) + offset) % 2**32)   # a frozen stream


def initial_value(name, shape, seed):
    """Kernels uniform within the Glorot limit, biases within 0.05; float32."""
    if name.endswith('/kernel'):
        receptive = int(np.prod(shape[:-2]))
        limit = np.sqrt(6.0 / (receptive * (shape[-2] + shape[-1])))
    elif name.endswith('/bias'):
        limit = 0.05
    else:
        raise ValueError(f'{name} has no initial value by recipe')
    return _generator(name, seed).uniform(-limit, limit, size=shape).astype(np.float32)


def digest(name, array):
    """(elements at fixed positions, [sum, sum of absolutes, sum of squares, min, max, two projections])."""
    flat = np.asarray(array, np.float32).ravel()
    wide = flat.astype(np.float64)
    projections = [wide @ _generator(name, 2 + k).uniform(-1.0, 1.0, size=flat.size) for k in range(2)]
    stats = [wide.sum(), np.abs(wide).sum(), np.square(wide).sum(), wide.min(), wide.max(), *projections]
    if flat.size > FULL_SIZE:
        flat = flat[_generator(name, 1).randint(0, flat.size, size=SAMPLE_SIZE)]
    return flat, np.array(stats)
