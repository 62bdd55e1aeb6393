"""Shows the progress of a sweep: a live table on a terminal, otherwise a line for each run that ends."""
import signal
import time

from rich.console import Console
from rich.live import Live
from rich.table import Table

from sweeps.state import progress
from utils.logs.progress_lines import INTERVAL_S

_COLOURS = {'finished': 'green', 'running': 'cyan', 'failed': 'red', 'stopped': 'yellow', 'waiting': 'dim',
            'not started': 'dim'}
# by exit status; a run that gets SIGTERM before it can save is ended by the signal
_STATES = {0: 'finished', None: 'not started', 128 + signal.SIGTERM: 'stopped', -signal.SIGTERM: 'stopped'}


class Board:
    """Shows the progress of each run; a context manager.

    Args:
        runs: [Run].
        console: a rich `Console`; standard output by default.
        clock: seconds since the epoch.
    """

    def __init__(self, runs, console=None, clock=time.time):
        self._runs, self._console, self._clock, self._start = runs, console or Console(), clock, clock()
        self._reported = self._start
        self._states = {}       # {name: text} of the runs that have ended
        self._first = sum(self._cycles(run) for run in runs)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self):
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *error):
        self._live.stop()
        if self._console.is_terminal:
            self._console.print(self.table())

    def finished(self, run):
        """Marks a run that was finished before the sweep."""
        self._states[run.name] = 'finished'

    def ended(self, run, outcome):
        """Reports a run that ended with this `Outcome`."""
        state = self._states[run.name] = _STATES.get(outcome.status, 'failed')
        if state == 'not started':
            return
        count = sum(each == 'finished' for each in self._states.values())
        self.report(f'{state}: {run.name} ({count} of {len(self._runs)} runs finished)')
        if state == 'failed':
            self.report(f'  after {outcome.attempts} attempts, exit status {outcome.status}; '
                        'its last messages:')
            for line in outcome.message.splitlines():
                self.report(f'  | {line}')

    def report(self, text):
        """Prints a line above the table."""
        self._reported = self._clock()
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def refresh(self):
        """Redraws the table, on a terminal; elsewhere reports the cycles that are done, every 30 seconds."""
        if self._console.is_terminal:
            self._live.update(self.table(), refresh=True)
        elif self._clock() - self._reported >= INTERVAL_S:
            self.report(self._summary())

    def table(self):
        """The rich `Table` of all runs."""
        rows = [self._row(run) for run in self._runs]
        table = Table(title=self._summary(), title_justify='left')
        for name, justify in (('run', 'left'), ('state', 'left'), ('cycle', 'right'), ('steps', 'right'),
                              ('test return', 'right')):
            table.add_column(name, justify=justify, no_wrap=name != 'run')
        for state, row in rows:
            table.add_row(*row, style=_COLOURS[state])
        return table

    def _summary(self):
        done, total = sum(self._cycles(run) for run in self._runs), sum(run.num_cycles for run in self._runs)
        return f'{done} of {total} cycles{self._estimate(done, total)}'

    def _row(self, run):
        cycles, last = progress(run.directory)
        state = self._states.get(run.name) or self._open_state(run)
        steps, test_return = last.get('timesteps'), last.get('test/return_mean')
        return state, (run.name, state, f'{cycles}/{run.num_cycles}', _shown(steps, ',.0f'),
                       _shown(test_return, '.1f'))

    def _open_state(self, run):
        log = run.directory / 'log.txt'
        return 'running' if log.exists() and log.stat().st_mtime >= self._start else 'waiting'

    @staticmethod
    def _cycles(run):
        return min(progress(run.directory).cycles, run.num_cycles)

    def _estimate(self, done, total):
        """The estimated time left, once a cycle has ended since the start."""
        if done in (self._first, total):
            return ''
        left_s = (self._clock() - self._start) / (done - self._first) * (total - done)
        hours, minutes = divmod(int(left_s // 60), 60)
        return f', about {hours} h {minutes} min left'


def _shown(text, digits):
    """A number of progress.csv in these digits; '-' without one, '?' for another text."""
    if not text:
        return '-'
    try:
        return format(float(text), digits)
    except ValueError:
        return '?'
