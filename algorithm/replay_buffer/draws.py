"""How the steps of a subsequence are drawn, and how their mean varies (arXiv:2111.13485, section 3.2)."""
import numpy as np


def distinct_steps(rng, totals, k):
    """[M, K] distinct steps of episodes of `totals` [M] steps; with replacement if shorter than K."""
    return np.array([rng.choice(total, k, replace=k > total, shuffle=False) for total in totals.tolist()])


def variance_weight(totals, k):
    """[M] float32 weight of K of `totals` [M] steps: 1 - K / T; 1 if K > T; 0 for a single step."""
    return (np.where(k > totals, 1.0, 1.0 - k / totals) * (totals > 1)).astype(np.float32)
