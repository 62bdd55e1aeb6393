"""Initial values and digests of variables, by the recipe that the recordings were made with."""
import functools
import zlib

import numpy as np

FULL_SIZE, SAMPLE_SIZE = 512, 256
PIECE = 2**15


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


@functools.lru_cache(maxsize=256)       # the same few variables, after every update of every case
def _recipe(name, size):
    """(positions of the sample, two vectors [2, size] to project on) for a variable of that size."""
    positions = np.arange(size)
    if size > FULL_SIZE:
        positions = _generator(name, 1).randint(0, size, size=SAMPLE_SIZE)
    return positions, np.stack([_generator(name, 2 + k).uniform(-1.0, 1.0, size=size) for k in range(2)])


def digest(name, array):
    """(elements at fixed positions, [sum, sum of absolutes, sum of squares, min, max, two projections])."""
    flat = np.asarray(array, np.float32).ravel()
    positions, directions = _recipe(name, flat.size)
    # piece by piece, as pieces stay in the cache
    pieces = np.array([_statistics(flat[i:i + PIECE], directions[:, i:i + PIECE])
                       for i in range(0, flat.size, PIECE)])
    stats = pieces.sum(axis=0)
    stats[3], stats[4] = pieces[:, 3].min(), pieces[:, 4].max()
    return flat[positions], stats


def _statistics(piece, directions):
    wide = piece.astype(np.float64)
    projections = (directions * wide).sum(axis=1)           # of a product, BLAS would start threads
    return [wide.sum(), np.abs(wide).sum(), np.square(wide).sum(), wide.min(), wide.max(), *projections]
