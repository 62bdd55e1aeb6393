"""The observation normaliser: its sums after each batch, and some normalised observations."""
import numpy as np

from algorithm.preprocess import RunningMoments
from tests.golden.case import Case, Result
from utils.tf_util import session, tf, tf1


def run(path):
    """One result."""
    case = Case(path)
    check(case)
    return [Result(case.name, case, tuple(case.unused))]


def check(case):
    """Compares the variables, and normalised observations, after each batch."""
    config = case.config()
    shape = config['shape']
    with tf.Graph().as_default() as graph:
        moments = RunningMoments('state', shape, config['eps_std'], config['norm_clip'])
        batch = tf1.placeholder(tf.float32, [None, *shape])
        update, outputs = moments.update(batch), {
            'after/sum': moments.sum, 'after/sum_sqr': moments.sum_squares, 'after/cnt': moments.count,
            'after/mean': moments.mean, 'after/std': moments.std,
            'after/normalized': moments.normalize(case['probe']),
            'after/normalized3': moments.normalize(case['probe3']),
        }
        rows = []
        with session(graph, 1, 1) as opened:
            opened.run(tf1.global_variables_initializer())
            for i in range(int(case['n_batches'])):
                opened.run(update, {batch: case[f'batch_{i}']})
                rows.append(opened.run(outputs))

    for key in outputs:
        size = np.abs(case[key])
        tolerance = 2e-4 + 1e-4 * size if 'normalized' in key else 1e-5 * size
        case.close(key, [row[key] for row in rows], tolerance)
