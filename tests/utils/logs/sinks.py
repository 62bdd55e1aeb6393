"""A sink and a clock for the tests of the log."""


class Rows:
    """A sink that stores the rows it gets."""

    def __init__(self):
        self.rows, self.closed = [], False

    def write(self, step, row):
        self.rows.append((step, list(row.items())))

    def close(self):
        self.closed = True


class Clock:
    """Seconds set by hand."""

    now = 100.0

    def __call__(self):
        return self.now
