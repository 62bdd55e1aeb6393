"""The tables of the report."""
import pytest

from tester.recorded.tables import report
from tests.tester.recorded.predictions import prediction


def reported(predictions):
    """The texts of the report, with baselines fitted to the same episodes."""
    return report(predictions, [each.recording for each in predictions])


@pytest.mark.parametrize('copies, shown', [(1, '-'), (2, '0.000')])
def test_an_auc_is_shown_from_four_pairs_on(copies, shown):
    texts = reported([prediction([1.0, 1.0]), prediction([2.0, 2.0], 0.0, mode='late')] * copies)
    assert [line.split()[1] for line in texts[1].splitlines() if 'success_auc' in line] == [shown]
    assert texts[3].splitlines()[-1].split()[:3] == ['late', str(copies), shown]


def test_the_legend_gives_the_reason_for_a_dash():
    assert 'Of fewer than\n4 pairs of episodes it proves nothing, and is left out: -' in reported(
        [prediction([1.0])])[0]


def test_kind_of_failure_is_compared_with_the_successes_of_its_own_tasks():
    texts = reported([prediction([1.0]), prediction([2.0], 0.0, mode='late'),
                      prediction([0.5], 0.0, mode='early'), prediction([9.0], task='blue'),
                      prediction([9.5], 0.0, mode='early', task='blue')] * 2)
    rows = [line.split()[:3] for line in texts[3].splitlines()[2:]]
    assert rows == [['early', '4', '0.500'], ['late', '2', '0.000']]
