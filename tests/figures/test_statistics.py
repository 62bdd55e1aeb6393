"""Numbers behind figures, against plain computations."""
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from figures.runs import RETURN, STEPS, Run
from figures.statistics import aligned, area, band, final, interquartile_interval, interquartile_mean


def run(*points, seed=0):
    """A run whose test return after x steps is y, for each (x, y)."""
    steps, returns = zip(*points, strict=True)
    rows = pd.DataFrame({RETURN: np.array(returns, float)}, index=pd.Index(steps))
    return Run(Path('x'), 'Ant-v2', 'RRD', 'rrd', seed, {}, '', STEPS, rows)


def test_curves_are_put_side_by_side_by_steps_and_end_where_they_end():
    table = aligned([run((10, 1.0), (20, 2.0), (30, 3.0)), run((10, 5.0), (20, 7.0))], RETURN)
    np.testing.assert_array_equal(table, [[1, 5], [2, 7], [3, np.nan]])
    assert table.index.tolist() == [10, 20, 30]


def test_between_its_rows_a_curve_is_a_straight_line_and_outside_of_them_nothing():
    table = aligned([run((10, 1.0), (50, 5.0)), run((20, 0.0), (40, 0.0))], RETURN)
    np.testing.assert_allclose(table, [[1, np.nan], [2, 0], [4, 0], [5, np.nan]])


def test_smoothing_is_a_mean_of_the_rows_so_far():
    table = aligned([run((1, 1.0), (2, 2.0), (3, 6.0), (4, 1.0))], RETURN, smooth=3)
    np.testing.assert_allclose(table[0], [1, 1.5, 3, 3])


def test_blank_cells_are_no_rows():
    table = aligned([run((1, 1.0), (2, np.nan), (3, 3.0))], RETURN)
    np.testing.assert_array_equal(table[0], [1, 3])


SEEDS = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0], [5.0, 4.0, np.nan]])


def test_std_band_is_one_sample_deviation_to_both_sides():
    mean, low, high = band(pd.DataFrame(SEEDS), 'std')
    np.testing.assert_allclose(mean, [3, 1, 4.5])
    stds = [math.sqrt((4 + 1 + 9) / 2), math.sqrt((1 + 1 + 4) / 2), math.sqrt(0.5)]
    np.testing.assert_allclose(high - mean, stds)
    np.testing.assert_allclose(mean - low, stds)


def test_minmax_band_is_from_the_lowest_to_the_highest_run():
    _, low, high = band(pd.DataFrame(SEEDS), 'minmax')
    np.testing.assert_array_equal([low, high], [[1, 0, 4], [6, 3, 5]])


def test_bootstrap_band_is_the_interval_of_means_of_redrawn_seeds():
    """Against every one of the 27 equally likely draws of three seeds."""
    mean, low, high = band(pd.DataFrame(SEEDS[:1]), 'ci')
    means = [np.mean([a, b, c]) for a in SEEDS[0] for b in SEEDS[0] for c in SEEDS[0]]
    expected = np.quantile(means, [0.025, 0.975], method='inverted_cdf')
    np.testing.assert_allclose([low[0], high[0]], expected, atol=0.7)     # to the next of the 27
    assert low[0] <= mean[0] <= high[0]


def test_bootstrap_band_of_each_step_is_of_the_runs_that_reach_it():
    table = pd.DataFrame(SEEDS, index=[10, 20, 30])
    mean, low, high = band(table, 'ci')
    assert low[30] >= 4 and high[30] <= 5 and low[10] >= 1 and high[10] <= 6
    alone = band(table.loc[[30], [0, 1]], 'ci')
    assert (low[30], high[30]) == (alone[1][30], alone[2][30])


@pytest.mark.parametrize('kind', ['std', 'ci', 'minmax'])
def test_a_single_run_has_a_band_without_width(kind):
    for edge in band(pd.DataFrame([[1.0], [2.0]]), kind):
        np.testing.assert_array_equal(edge, [1, 2])


def test_equal_runs_have_a_band_without_width():
    for edge in band(pd.DataFrame([[2.0, 2.0]]), 'ci'):
        np.testing.assert_array_equal(edge, [2])


@pytest.mark.parametrize('share, expected', [(0.1, 10.0), (0.2, 9.5), (0.11, 9.5), (1.0, 5.5)])
def test_final_value_is_the_mean_of_the_last_tests(share, expected):
    assert final(run(*((i, float(i)) for i in range(1, 11))), RETURN, share) == expected


def test_final_value_of_a_short_run_is_its_last_test():
    assert final(run((1, 4.0), (2, 8.0)), RETURN, 0.1) == 8.0


def test_area_is_the_mean_over_steps_of_straight_lines():
    assert area(run((0, 0.0), (10, 4.0), (40, 4.0)), RETURN) == (10 * 2 + 30 * 4) / 40
    assert area(run((10, 3.0)), RETURN) == 3.0


def test_interquartile_mean_leaves_out_a_quarter_at_both_ends():
    assert interquartile_mean([100.0, 1, 2, 3, 4, 5, 6, -100]) == (2 + 3 + 4 + 5) / 4
    assert interquartile_mean([1.0, 2, 6]) == 3


def test_strata_are_drawn_by_themselves():
    """A draw of all six values together could be all 0, or all 10; of each stratum it cannot."""
    low, high = interquartile_interval([[0.0, 0.0, 0.0], [9.0, 10.0, 11.0]])
    assert 3 < low < high < 7


def test_interval_holds_the_plain_bootstrap_of_one_stratum():
    values = np.array([1.0, 5.0, 2.0, 8.0, 3.0])
    rng = np.random.default_rng(1)
    draws = np.sort(rng.choice(values, (20_000, 5)), axis=1)[:, 1:4].mean(axis=1)
    expected = np.quantile(draws, [0.025, 0.975])
    np.testing.assert_allclose(interquartile_interval([values]), expected, atol=0.35)


def test_a_single_value_has_no_interval():
    assert np.isnan(interquartile_interval([[1.0, 2.0], [3.0]])).all()
