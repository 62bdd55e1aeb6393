import pytest

from benchmarks import report
from benchmarks.rounds import Candidate, Timing


def rows():
    candidates = [Candidate('Ant-v2', 'update, rrd sac', None, 1, flops=3e9),
                  Candidate('Ant-v2', 'update, sac', None, 1, flops=2e9),
                  Candidate('Ant-v2', 'append', None, 1)]
    timings = [Timing((0.05, 0.06, 0.09)), Timing((0.04,)), Timing((1e-6,))]
    return report.rows(candidates, timings, flops_per_s=1e11)


def test_limit_is_the_time_of_the_operations_at_the_best_rate():
    row = rows()[0]

    assert [row['gflop'], row['limit_ms'], row['median_over_limit']] == pytest.approx([3, 30, 2])


def test_updates_are_compared_with_the_plain_sac_of_their_task():
    assert rows()[0]['median_over_sac'] == pytest.approx(1.5)


def test_what_is_no_update_has_no_ratio():
    assert [value for value in rows()[2].values() if value is None] == [None] * 4


def test_table_shows_four_digits_of_the_smallest_time():
    assert '0.001000' in report.table(rows())
