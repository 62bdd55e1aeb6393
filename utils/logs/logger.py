"""The logger of numbers: accumulated during a cycle, written to every sink at its end."""
import time
from contextlib import contextmanager

import numpy as np

from utils.errors import UserError


class Logger:
    """One row of numbers a cycle; every column exists from the first row on.

    Names are `part/quantity_unit`; counts of the whole run have no prefix. Durations have the prefix
    `time/`. A name that was not declared is a bug and raises KeyError.

    Args:
        columns: names in the order of a row.
        sinks: as for `attach`.
        clock: returns seconds.

    Attributes:
        columns: names in the order of a row.
        num_rows: rows written so far.
        last_step: step of the last row.
        unshown: names whose numbers are in every file, but '-' on the terminal.
    """

    def __init__(self, columns, sinks=(), clock=time.perf_counter):
        if len(set(columns)) < len(columns):
            raise ValueError(f'columns must be distinct, got {list(columns)}')
        self.columns, self._sinks, self._clock, self._start = list(columns), list(sinks), clock, clock()
        self._sums = {name: [0.0, 0] for name in columns}       # sum and count of this cycle's `add`
        self._values, self._seconds = {}, {}                    # this cycle's `set` and `timed`
        self.num_rows, self.last_step, self.unshown = 0, 0, set()

    def attach(self, sinks):
        """Adds `sinks`, which get all later rows.

        Args:
            sinks: objects with `write(step, row)`, row {column: int, float or None}, and `close()`.
        """
        self._sinks += sinks

    @property
    def elapsed_s(self):
        """Seconds since the log was opened."""
        return self._clock() - self._start

    def add(self, values):
        """Adds {name: number or array} to the cycle's mean; each element of an array counts once."""
        self._check(values.keys())
        for name, value in values.items():
            entry = self._sums[name]
            if isinstance(value, np.ndarray):
                entry[0] += float(value.sum(dtype=np.float64))
                entry[1] += value.size
            else:
                entry[0] += float(value)
                entry[1] += 1

    def set(self, values):
        """Sets the cycle's value of each of {name: number}; replaces an earlier value."""
        self._check(values.keys())
        for name, value in values.items():
            self._values[name] = np.asarray(value).item()       # sinks get int and float, not numpy types

    @contextmanager
    def timed(self, name):
        """Adds the seconds that the `with` block took to the cycle's value of `name`."""
        self._check({name})
        start = self._clock()
        try:
            yield
        finally:        # a cycle may be interrupted, and resumed in another process
            self._seconds[name] = self._seconds.get(name, 0.0) + self._clock() - start

    def write(self, step):
        """Ends the cycle: writes its row to every sink, None where nothing was recorded."""
        means = {name: total / count if count else None for name, (total, count) in self._sums.items()}
        row = means | self._seconds | self._values
        for sink in self._sinks:
            sink.write(step, row)
        self._sums = {name: [0.0, 0] for name in self._sums}
        self._values, self._seconds = {}, {}
        self.num_rows, self.last_step = self.num_rows + 1, step

    def state_dict(self):
        """The values of this cycle so far, and the number of rows; all durations are under `clock`."""
        return {'sums': self._sums, 'values': self._values, 'num_rows': self.num_rows,
                'last_step': self.last_step,
                'clock': {'elapsed_s': self.elapsed_s, 'seconds': self._seconds}}

    def load_state_dict(self, state):
        """Restores `state_dict`; elapsed seconds continue from there."""
        if state['sums'].keys() != self._sums.keys():
            raise UserError('the checkpoint is of another version of the program: its columns are '
                            f'{", ".join(state["sums"])}; those of this run are {", ".join(self._sums)}')
        self._sums = {name: list(state['sums'][name]) for name in self._sums}
        self._values, self._seconds = dict(state['values']), dict(state['clock']['seconds'])
        self.num_rows, self.last_step = state['num_rows'], state['last_step']
        self._start = self._clock() - state['clock']['elapsed_s']

    def close(self):
        """Closes every sink."""
        for sink in self._sinks:
            sink.close()

    def _check(self, names):
        if not names <= self._sums.keys():
            raise KeyError(f'not a column of the log: {", ".join(sorted(names - self._sums.keys()))}')
