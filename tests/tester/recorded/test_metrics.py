"""The metrics of a reward model, against simpler implementations."""
import itertools

import numpy as np
import pytest

from tester.recorded.metrics import (
    NAMES,
    auc,
    evaluate,
    prefix_lengths,
    progress_correlation,
    rank_correlation,
    truth_order,
    unproven,
    value_order,
)
from tests.tester.recorded.predictions import prediction, recording


def counted_auc(positives, negatives):
    pairs = list(itertools.product(positives, negatives))
    return sum((p > n) + 0.5 * (p == n) for p, n in pairs) / len(pairs)


def mean_ranks(values):
    return [sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
            for value in values]


def ranked_by_hand(values, reference):
    x, y = (np.array(mean_ranks(v)) - np.mean(mean_ranks(v)) for v in (list(values), list(reference)))
    return (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum())


def test_auc_is_the_share_of_ordered_pairs_with_ties_half():
    rng = np.random.default_rng(0)
    for _ in range(20):
        positives, negatives = rng.integers(5, size=rng.integers(1, 9)), rng.integers(4, size=7)
        assert auc(positives, negatives) == pytest.approx(counted_auc(positives, negatives), abs=1e-12)


def test_auc_needs_both_kinds():
    assert auc([], [1.0]) is None and auc([1.0], []) is None


def test_auc_is_that_within_each_task_and_then_the_mean_over_tasks():
    """Pooled, it would be 4 pairs of 8; a task with only one outcome has no AUC."""
    predictions = [prediction([2.0]), prediction([1.0], 0.0), prediction([3.0], 0.0),
                   prediction([12.0], task='blue'), prediction([11.0], 0.0, task='blue'),
                   prediction([99.0], 0.0, task='green')]
    assert evaluate(predictions)['success_auc'] == (0.5 + 1) / 2


def test_a_task_with_fewer_pairs_than_requested_has_no_auc():
    predictions = [prediction([2.0]), prediction([1.0], 0.0), prediction([3.0], 0.0),
                   prediction([12.0], task='blue'), prediction([11.0], 0.0, task='blue')]
    assert [evaluate(predictions, fewest)['success_auc'] for fewest in (1, 2, 3)] == [0.75, 0.5, None]


def test_an_auc_of_fewer_than_four_pairs_in_every_task_is_unproven():
    predictions = [prediction([1.0], swapped=2.5), prediction([4.0], swapped=5.0), prediction([9.0], 0.0)]
    assert unproven(predictions) == ['success_auc']
    assert unproven(predictions[1:]) == ['success_auc', 'swap_auc'] and unproven([]) == []


def test_swapped_and_cut_successes_are_the_negatives_of_their_aucs():
    predictions = [prediction([1.0, 2.0], swapped=2.5, prefixes=(1.0, 3.5)),
                   prediction([4.0, 0.0], swapped=5.0, prefixes=(4.0,)), prediction([9.0], 0.0)]
    numbers = evaluate(predictions)
    assert numbers['swap_auc'] == counted_auc([3, 4], [2.5, 5])
    assert numbers['prefix_auc'] == counted_auc([3, 4], [1, 3.5, 4])


def test_return_errors_are_those_of_the_definitions():
    predictions = [prediction([0.5, 1.0], 1.0), prediction([0.25] * 4, 0.0), prediction([0.0] * 5, 0.0)]
    numbers = evaluate(predictions)
    assert numbers['return_rmse'] == pytest.approx(np.sqrt((0.5 ** 2 + 1 + 0) / 3))
    assert numbers['loss'] == pytest.approx(((0.75 - 0.5) ** 2 + (0.25 - 0) ** 2 + 0) / 3)
    assert numbers['return_correlation'] == pytest.approx(np.corrcoef([1.5, 1, 0], [1, 0, 0])[0, 1])


def test_rank_correlation_is_that_of_mean_ranks():
    rng = np.random.default_rng(1)
    for _ in range(20):
        values, reference = rng.integers(6, size=12), rng.integers(4, size=12)
        assert rank_correlation(values, reference) == pytest.approx(ranked_by_hand(values, reference))


def test_constant_values_have_a_correlation_of_0():
    assert rank_correlation(np.zeros(3), np.arange(3)) == 0
    assert evaluate([prediction([0.5], 1.0), prediction([0.5], 0.0)])['return_correlation'] == 0


def test_value_order_is_the_mean_over_episodes_of_the_running_sums_rank_correlation_with_time():
    rewards = [1.0, -3.0, 1.0, 1.0]
    expected = (1 + ranked_by_hand(np.cumsum(rewards), range(4))) / 2
    assert value_order([prediction([1, 0.5, 0.1]), prediction(rewards)]) == pytest.approx(expected)


def test_progress_is_that_after_each_step():
    """Progress before the first step, here the largest, is not used."""
    true = [9, 0, 1, 3, 2]
    expected = ranked_by_hand([1, 2, 3, 4], true[1:])
    assert progress_correlation([prediction([1.0] * 4, progress=true)]) == pytest.approx(expected)
    assert truth_order([prediction([-1.0] * 4, progress=true)]) == pytest.approx(expected)


def test_episodes_of_constant_or_unknown_progress_are_left_out():
    known = prediction([1.0, 1.0], progress=[0, 0, 1])
    assert progress_correlation([known, prediction([1.0, 1.0], progress=[0, 1, 1]), prediction([1, 1])]
                                ) == pytest.approx(1)
    assert progress_correlation([prediction([1.0, 1.0])]) is None
    assert truth_order([known, prediction([1.0, 1.0], progress=[0, 1, 1])]) == pytest.approx(1)
    assert truth_order([prediction([1.0, 1.0], progress=[0, 1, 1])]) is None


def test_numbers_of_failures_are_of_failures_alone():
    predictions = [prediction([1.0, 1.0, 1.0], progress=[0, 1, 2, 3]),
                   prediction([-1.0, -1.0, -1.0], 0.0, progress=[0, 1, 2, 4])]
    numbers = evaluate(predictions)
    assert [numbers[f'{name}_success'] for name in ('value_order', 'truth_order')] == pytest.approx([1, 1])
    assert [numbers[f'{name}_failure'] for name in ('value_order', 'truth_order')] == pytest.approx([-1, 1])
    assert numbers['progress_correlation'] == pytest.approx(1)
    assert numbers['progress_correlation_failure'] == pytest.approx(-1)


def test_undefined_metrics_are_none_and_never_nan():
    alone = evaluate([prediction([1.0])])
    assert {name for name, value in alone.items() if value is not None} == {'loss', 'return_rmse'}
    assert set(evaluate([]).values()) == {None}
    assert [name for name in evaluate([]) if not name.startswith('truth')] == list(NAMES)


@pytest.mark.parametrize('length, total_reward, expected', [
    (110, 1.0, (50, 75)), (13, 1.0, (1, 2)), (12, 1.0, (1,)), (10, 1.0, ()), (3, 1.0, ()), (110, 0.0, ())])
def test_successes_are_cut_before_the_goal_held(length, total_reward, expected):
    assert prefix_lengths(recording(length, total_reward)) == expected


def test_predicted_returns_that_differ_by_rounding_have_a_correlation_of_0(recwarn):
    """1 / 49 in 49 steps is not 1 in float64; `prediction` would keep float32."""
    rows = [(np.full(49, 1 / 49), 1.0), (np.full(10, 1 / 10), 0.0), (np.ones(1), 0.0)]
    predictions = [prediction(rewards, total)._replace(rewards=rewards) for rewards, total in rows]
    assert np.ptp([each.predicted_return for each in predictions]) > 0
    assert evaluate(predictions)['return_correlation'] == 0.0 and not recwarn.list
