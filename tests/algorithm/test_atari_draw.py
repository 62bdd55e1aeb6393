"""RRD-L(RD) requires draws without replacement; the original's Atari code draws with it and is biased."""
import itertools

import numpy as np
import pytest

from algorithm import losses

LENGTH, RETURN = 5, 1.0
PREDICTED = np.random.default_rng(0).normal(size=LENGTH)
EXACT = (RETURN - PREDICTED.sum()) ** 2 / LENGTH ** 2      # L_RD, on the whole episode


def corrected_loss(draws):
    """L_Rand-RD minus its correction, averaged over equally likely draws [D, K] of predicted rewards."""
    draws = np.array(draws, np.float32)
    mean_reward = np.full(len(draws), RETURN / LENGTH, np.float32)
    weight = np.full(len(draws), 1 - draws.shape[1] / LENGTH, np.float32)
    return float(losses.rrd(draws, mean_reward) - losses.subsample_variance(draws, weight))


@pytest.mark.parametrize('k', [2, 3, 4])
def test_over_all_draws_without_replacement_the_corrected_loss_is_exact(k):
    draws = list(itertools.combinations(PREDICTED, k))
    assert corrected_loss(draws) == pytest.approx(EXACT, rel=1e-5)


@pytest.mark.parametrize('k', [2, 3, 4])
def test_over_all_draws_with_replacement_it_is_too_large_by_the_variance_over_the_length(k):
    """The mean of K varies by v / K, of which 1 - K / T is subtracted: v / T is left, whatever K is."""
    draws = list(itertools.product(PREDICTED, repeat=k))
    bias = np.mean((PREDICTED - PREDICTED.mean()) ** 2) / LENGTH
    assert corrected_loss(draws) == pytest.approx(EXACT + bias, rel=1e-5)
    assert bias > EXACT             # not a rounding error
