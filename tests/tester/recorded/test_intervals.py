"""Bootstrap intervals over episodes, and paired differences of two models."""
import numpy as np
import pytest

from tester.recorded.intervals import differences, intervals
from tester.recorded.metrics import FEWEST_PAIRS, evaluate
from tester.recorded.tables import comparison_table
from tests.tester.recorded.predictions import prediction


def episodes(shift=0.0, seed=0):
    """Predictions of eight successes and eight failures, whose progress rises in steps of different size."""
    rng = np.random.default_rng(seed)
    return [prediction(rng.normal(0.3 * success + shift, 1, 4), float(success),
                       progress=np.linspace(0, 1, 5) ** (1 + number))
            for success in (1, 0) for number in range(8)]


def test_the_first_draw_is_every_episode_once():
    predictions = episodes()
    zero = [each._replace(rewards=np.zeros(4, np.float32)) for each in predictions]
    numbers, base = evaluate(predictions, FEWEST_PAIRS), evaluate(zero, FEWEST_PAIRS)
    for name, (difference, _) in differences(predictions, zero).items():
        assert difference == pytest.approx(numbers[name] - base[name])


def test_an_interval_holds_the_metric_and_narrows_with_more_episodes():
    few, many = intervals(episodes()), intervals(episodes() * 9)
    numbers = evaluate(episodes(), FEWEST_PAIRS)
    for name in ('success_auc', 'value_order_success', 'progress_correlation_failure', 'return_rmse'):
        low, high = few[name]
        assert low <= numbers[name] <= high
        assert many[name][1] - many[name][0] < 0.6 * (high - low)


def test_episodes_that_are_all_alike_leave_no_doubt():
    low, high = intervals([prediction([0.5, 0.25])] * 6)['return_rmse']
    assert low == high == pytest.approx(0.25)


def test_a_model_does_not_differ_from_itself():
    assert differences(episodes(), episodes())['success_auc'] == (0.0, (0.0, 0.0))


def test_what_is_hard_for_both_models_does_not_count():
    noisy = episodes()
    better = [each._replace(rewards=each.rewards + np.float32(0.05 * (each.recording.total_reward - 0.5)))
              for each in noisy]
    _, (low, high) = differences(better, noisy)['success_auc']
    alone = intervals(noisy)['success_auc']
    assert low >= 0 and high - low < 0.5 * (alone[1] - alone[0])


def test_one_episode_of_each_task_and_outcome_has_no_interval():
    alone = [prediction([0.1, 0.2], success, task, progress=[0, 0.5, 1])
             for success in (1.0, 0.0) for task in ('red', 'green')]
    assert set(intervals(alone).values()) == {None}
    assert differences(alone, alone)['value_order_success'] == (0.0, None)
    assert intervals([*alone, *alone])['return_rmse'] is not None


def test_one_episode_of_known_progress_has_no_interval():
    unknown = [prediction([0.1, 0.2]) for _ in range(3)]
    found = intervals([*unknown, prediction([0.1, 0.2], progress=[0, 0.5, 1])])
    assert found['progress_correlation'] is None and found['value_order_success'] is not None


def test_an_undefined_metric_has_no_interval():
    assert intervals([prediction([1.0])])['success_auc'] is None
    assert differences([prediction([1.0])], [prediction([2.0])])['progress_correlation'] is None


def test_a_comparison_names_both_models_and_the_difference():
    table = comparison_table(episodes(1.0), episodes(), ('new', 'old'))
    assert table.header == ['', 'new', 'old', 'difference', '95 % interval']
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert float(row['new']) - float(row['old']) == pytest.approx(float(row['difference']), abs=2e-3)
