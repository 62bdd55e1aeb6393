"""Plain lines about the progress of long work, where no terminal shows a bar."""
import threading
import time

INTERVAL_S = 30.0


class ProgressLines:
    """Writes a line at each interval, from a thread of its own: a single step may take longer than that.

    It has the methods of a `tqdm` that this project uses; it is a context manager, too.

    Args:
        write: function of the text of a line.
        total: number of units of the whole work.
        unit: name of a displayed unit, as in `240 of 600 steps`.
        scale: displayed units per unit of `total`.
        initial: units that were done before.
        per_cycle: units of a cycle; 0 for work without cycles.
        clock: returns seconds.
        interval_s: seconds between two lines.
    """

    def __init__(self, write, total, unit, scale=1, initial=0, per_cycle=0, clock=time.monotonic,
                 interval_s=INTERVAL_S):
        self._write, self._total, self._unit, self._scale = write, total, unit, scale
        self._initial, self._done, self._per_cycle = initial, initial, per_cycle
        self._clock, self._start, self._interval_s = clock, clock(), interval_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write_lines, daemon=True)
        self._thread.start()

    def update(self, count):
        """Counts `count` units as done."""
        self._done += count

    def line(self):
        """The text of a line: the cycle, the units, and the estimated rest once a unit is done."""
        done, total = self._done * self._scale, self._total * self._scale
        text = f'{done:,} of {total:,} {self._unit}s{self._left()}'
        if not self._per_cycle:
            return text
        cycles = self._total // self._per_cycle
        return f'cycle {min(self._done // self._per_cycle + 1, cycles)} of {cycles}: {text}'

    def _left(self):
        if self._done in (self._initial, self._total):
            return ''
        rate = (self._clock() - self._start) / (self._done - self._initial)
        hours, minutes = divmod(round(rate * (self._total - self._done) / 60), 60)
        return f', about {hours} h {minutes} min left' if hours else f', about {minutes} min left'

    def _write_lines(self):
        while not self._ended.wait(self._interval_s):
            self._write(self.line())

    def close(self):
        """Ends the lines."""
        self._ended.set()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
