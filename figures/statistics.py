"""Statistics of figures and tables: aligned curves, and summaries over seeds."""
import math

import numpy as np
import pandas as pd
from scipy import integrate, stats

BANDS = ('std', 'ci', 'minmax')
_RESAMPLES, _LEVEL, _CUT = 2000, 0.95, 0.25
_BATCH = 100        # resamples at a time: of 10 seeds at 10,000 steps, 80 MB


def aligned(runs, column, smooth=1):
    """The curves of several runs side by side, on the steps of all of them.

    Args:
        runs: [Run] of one label and environment.
        column: of their rows.
        smooth: rows of a running mean: the current one and earlier ones.

    Returns:
        DataFrame, a row for each step and a column for each run: interpolated between its rows, and missing
        before the first and after the last.
    """
    curves = [run.rows[column].dropna().rolling(smooth, min_periods=1).mean() for run in runs]
    table = pd.concat(curves, axis=1, keys=range(len(curves))).sort_index()
    return table.interpolate(method='index', limit_area='inside')


def band(table, kind):
    """(mean, lower edge, upper edge), Series over steps, of curves side by side.

    Args:
        table: from `aligned`.
        kind: 'std', one standard deviation (n - 1) to both sides; 'ci', a 95 % bootstrap interval of the
            mean; 'minmax', the lowest and highest run. With one run the band has no width.
    """
    mean = table.mean(axis=1)
    if kind == 'minmax':
        return mean, table.min(axis=1), table.max(axis=1)
    if kind == 'std':
        std = table.std(axis=1, ddof=1).fillna(0.0)
        return mean, mean - std, mean + std
    low, high = mean.copy(), mean.copy()
    present = table.notna()
    for pattern in present.drop_duplicates().to_numpy():        # few patterns: a run leaves once it has ended
        if pattern.sum() > 1:
            rows = (present == pattern).all(axis=1)
            low[rows], high[rows] = _interval([table.loc[rows, pattern].to_numpy()], _mean)
    return mean, low, high


def final(run, column, share):
    """Mean of the last tests of a run: the `share` of its rows, rounded up."""
    values = run.rows[column].dropna()
    return values.iloc[-math.ceil(share * len(values) - 1e-9):].mean()


def area(run, column):
    """Area under the curve over its width: a mean return over all steps, by trapezoids."""
    values = run.rows[column].dropna()
    if len(values) == 1:
        return values.iloc[0]
    return integrate.trapezoid(values, values.index) / (values.index[-1] - values.index[0])


def interquartile_mean(values, axis=-1):
    """Mean of the middle half (arXiv:2108.13264); of three values or fewer the mean of all."""
    return stats.trim_mean(values, _CUT, axis=axis)


def interquartile_interval(strata):
    """(low, high) of the interquartile mean over all strata, 95 %, by stratified bootstrap.

    Args:
        strata: [[values]], each resampled separately; the result is NaN if one has a single value.
    """
    if min(len(values) for values in strata) < 2:
        return math.nan, math.nan
    return tuple(map(float, _interval([np.asarray(values, float) for values in strata], _pooled)))


def _interval(samples, statistic):
    if all(np.ptp(sample, axis=-1).max() == 0 for sample in samples):      # no variation to resample
        value = statistic(*samples, axis=-1)
        return value, value
    found = stats.bootstrap(samples, statistic, n_resamples=_RESAMPLES, confidence_level=_LEVEL, axis=-1,
                            method='percentile', vectorized=True, rng=np.random.default_rng(0),
                            batch=_BATCH)
    return found.confidence_interval


def _mean(values, axis=-1):
    return np.mean(values, axis=axis)


def _pooled(*samples, axis=-1):
    return interquartile_mean(np.concatenate(samples, axis=axis), axis)
