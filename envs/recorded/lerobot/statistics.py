"""Statistics of columns, as `meta/stats.json` holds them: LeRobot's policies normalise with them."""
import numpy as np

_QUANTILES = {'q01': 0.01, 'q10': 0.1, 'q50': 0.5, 'q90': 0.9, 'q99': 0.99}


class PixelCounts:
    """How often each of the 256 values occurs in each colour of the frames of an episode."""

    def __init__(self):
        self._counts = np.zeros((3, 256), np.int64)
        self._frames = 0

    def add(self, frames):
        """Counts [n, height, width, 3] uint8 `frames`."""
        for colour in range(3):
            self._counts[colour] += np.bincount(frames[..., colour].ravel(), minlength=256)
        self._frames += len(frames)

    def statistics(self):
        """{name: [3, 1, 1] of values in [0, 1]}; `count` is [1], the number of frames."""
        values, total = np.arange(256) / 255, self._counts.sum(1)
        mean = self._counts @ values / total
        spread = np.sqrt(np.maximum(self._counts @ values ** 2 / total - mean ** 2, 0))
        share = np.cumsum(self._counts, axis=1) / total[:, None]
        found = {'min': values[(self._counts > 0).argmax(1)],
                 'max': values[255 - (self._counts[:, ::-1] > 0).argmax(1)], 'mean': mean, 'std': spread}
        found |= {name: values[(share >= part).argmax(1)] for name, part in _QUANTILES.items()}
        return {name: value.reshape(3, 1, 1) for name, value in found.items()} | {
            'count': np.array([self._frames])}


def statistics(values):
    """{name: [D] float64} of [T, D] numbers; `count` is [1]."""
    values = np.asarray(values, np.float64)
    found = {'min': values.min(0), 'max': values.max(0), 'mean': values.mean(0), 'std': values.std(0)}
    found |= {name: np.quantile(values, part, axis=0) for name, part in _QUANTILES.items()}
    return found | {'count': np.array([len(values)])}


def combined(parts):
    """The statistics of all rows from those of parts; quantiles are weighted means, as LeRobot has them."""
    counts = np.array([part['count'][0] for part in parts], np.float64)
    weights = counts / counts.sum()

    def average(values):
        return np.tensordot(weights, np.array(values, np.float64), 1)

    mean = average([part['mean'] for part in parts])
    square = average([np.square(part['std']) + np.square(part['mean'] - mean) for part in parts])
    found = {'min': np.min([part['min'] for part in parts], axis=0),
             'max': np.max([part['max'] for part in parts], axis=0), 'mean': mean, 'std': np.sqrt(square)}
    found |= {name: average([part[name] for part in parts]) for name in _QUANTILES}
    return found | {'count': np.array([int(counts.sum())])}
