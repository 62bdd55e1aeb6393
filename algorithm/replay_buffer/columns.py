"""A table of several arrays: rows are appended at the end and dropped at the beginning."""
import numpy as np


class Columns:
    """Rows of named arrays; appending is amortised O(1), dropping the oldest rows is O(1).

    Args:
        fields: {name: (shape, dtype)} of one row's entries.
        capacity: rows that fit before the table first grows.
    """

    def __init__(self, fields, capacity=64):
        self._arrays = {name: np.empty((capacity, *shape), dtype) for name, (shape, dtype) in fields.items()}
        self._capacity = capacity
        self._first = self._next = 0

    def __len__(self):
        return self._next - self._first

    def __getitem__(self, name):
        """The column `name`, [rows, *shape], oldest row first: a view, valid until the next `append`."""
        return self._arrays[name][self._first:self._next]

    @property
    def nbytes(self):
        """Bytes of the arrays, spare rows included."""
        return sum(array.nbytes for array in self._arrays.values())

    def append(self, row):
        """Adds one row, {name: value}, at the end."""
        if self._next == self._capacity:
            self._make_room()
        for name, array in self._arrays.items():
            array[self._next] = row[name]
        self._next += 1

    def columns(self, skip=0):
        """{name: [rows - skip, *shape]} without the `skip` oldest rows; views as of `[name]`."""
        return {name: self[name][skip:] for name in self._arrays}

    def extend(self, columns, skip=0):
        """Adds rows, {name: [n, *shape]}, at the end; the first `skip` are ignored."""
        for values in zip(*(columns[name][skip:] for name in self._arrays), strict=True):
            self.append(dict(zip(self._arrays, values, strict=True)))

    def drop(self, count):
        """Drops the `count` oldest rows."""
        self._first += count

    def _make_room(self):
        """Copies the rows to the front of new arrays, 1.5 times as large if over 3/4 are in use."""
        rows = len(self)
        if 4 * rows > 3 * self._capacity:
            self._capacity += self._capacity // 2 + 1
        for name, old in self._arrays.items():
            array = np.empty((self._capacity, *old.shape[1:]), old.dtype)
            array[:rows] = old[self._first:self._next]
            self._arrays[name] = array
        self._first, self._next = 0, rows
