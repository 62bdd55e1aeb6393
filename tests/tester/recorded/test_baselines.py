"""Baselines that use only the number of steps."""
import numpy as np
import pytest

from tester.recorded.baselines import fit_baselines, predicted_by
from tester.recorded.metrics import evaluate
from tests.tester.recorded.predictions import prediction, recording

TRAINING = [recording(10), recording(30), recording(40, 0.0), recording(40, 0.0)]


def test_constant_is_the_mean_reward_of_all_steps():
    np.testing.assert_allclose(fit_baselines(TRAINING)['constant'](3), [2 / 120] * 3)


def test_clock_spreads_a_successs_return_over_its_mean_length_and_then_gives_0():
    rewards = fit_baselines(TRAINING)['clock'](25)
    np.testing.assert_allclose(rewards, [1 / 20] * 20 + [0] * 5)
    half = fit_baselines([recording(1), recording(2)])['clock'](3)
    np.testing.assert_allclose(half, [2 / 3, 1 / 3, 0])


def test_without_successes_there_is_no_clock():
    assert list(fit_baselines([recording(total_reward=0.0)])) == ['constant', 'length']


def test_length_predicts_the_return_by_linear_least_squares():
    slope, intercept = np.polyfit([10, 30, 40, 40], [1, 1, 0, 0], 1)
    rewards = fit_baselines(TRAINING)['length'](20)
    np.testing.assert_allclose(rewards, [(intercept + slope * 20) / 20] * 20)


def test_length_is_the_mean_return_where_all_lengths_are_equal():
    rewards = fit_baselines([recording(5), recording(5, 0.0)])['length'](2)
    np.testing.assert_allclose(rewards, [0.25, 0.25])


@pytest.mark.parametrize('name', ['constant', 'clock', 'length'])
def test_no_baseline_depends_on_the_task_and_each_has_the_value_order_of_a_clock(name):
    learned = prediction(np.zeros(20), swapped=7.0, prefixes=(0.0, 0.0))
    numbers = evaluate([predicted_by(fit_baselines(TRAINING)[name], learned)])
    assert numbers['swap_auc'] == 0.5 and numbers['value_order_success'] == pytest.approx(1)


def test_prefix_return_depends_on_its_own_length():
    learned = prediction(np.zeros(20), prefixes=(0.0, 0.0))
    baseline = fit_baselines(TRAINING)['length']
    returns = predicted_by(baseline, learned).prefix_returns
    assert returns == pytest.approx([baseline(5).sum(), baseline(7).sum()])
    assert returns[0] > returns[1]
