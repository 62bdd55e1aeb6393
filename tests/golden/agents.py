"""Agents: losses, tensors, gradients, weights and actions of a recorded sequence of updates.

Tolerances are those that the recordings' README suggests in its section 1.7.
"""
import numpy as np

from tests.golden.agent_replay import BASES, Replay
from tests.golden.case import Case, Result
from tests.golden.digest import FULL_SIZE


def run(path):
    """One result; without an implementation where the basis algorithm is unknown."""
    case = Case(path)
    args = case.config()['args']
    if args.get('basis_alg', args['alg']) not in BASES:
        return [Result(case.name, None)]
    compare(case, Replay(args).play(case))
    return [Result(case.name, case, tuple(case.unused))]


def compare(case, ours):
    """Compares {key: our array} with the recorded arrays."""
    for key, value in ours.items():
        case.close(key, value, tolerance(case, key))


def tolerance(case, key):
    """Largest difference from the recorded array `key` due to rounding; a number or an array."""
    recorded, family = case[key], key.split('/')
    if family[0] in ('init_full', 'epsilon', 'warmup') or family[-1] in ('at_update', 'pi_next'):
        return 0.0
    if family[0] == 'digest':
        return weight_tolerance(recorded) if family[-1] == 'sample' else stats_tolerance(recorded)
    if family[0] == 'final_full':
        samples = case[f'digest/{"/".join(family[1:])}/sample']
        # of many elements, a few have a gradient so small that Adam makes a step of its rounding
        share = 1e-3 if recorded.size <= FULL_SIZE else 1e-2
        return 3e-7 + share * largest(samples - samples[0])
    if family[0] == 'grad':
        floor = 1e-6 if case[f'{"/".join(family[:-1])}/sample'].shape[1] == 1 else 0.0
        return floor + 1e-3 * largest(recorded)
    if family[0] == 'norm':
        return 1e-5 * np.abs(recorded)
    if family[1] == 'info':
        return 1e-4 * np.maximum(np.abs(recorded), 0.1)
    return 2e-4 * largest(recorded)                                                     # tensors and actions


def weight_tolerance(samples):
    """[updates + 1, 1] for [updates + 1, elements]: 0 at first, then a share of how far it has moved."""
    movement = np.abs(samples - samples[0]).max(axis=1, keepdims=True)
    moved = np.arange(len(samples))[:, np.newaxis] > 0
    return 3e-7 * moved + 1e-3 * np.maximum.accumulate(movement)


def stats_tolerance(stats):
    """[updates + 1, 1] for [updates + 1, 7]."""
    # at the start, exact but for the order of a float64 sum, which differs between machines
    share = np.full((len(stats), 1), 5e-5)
    share[0] = 1e-12
    return share * np.abs(stats).max(axis=1, keepdims=True)


def largest(array):
    """Largest magnitude of an array, ignoring NaN (not trained); 0 if it is empty."""
    return np.nanmax(np.abs(array), initial=0.0)
