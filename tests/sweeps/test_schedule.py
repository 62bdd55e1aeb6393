"""The schedule of runs, without processes and without a terminal."""
from concurrent.futures import Future
from io import StringIO

import pytest
from rich.console import Console

from sweeps.board import Board
from sweeps.plan import plan
from sweeps.process import Outcome
from sweeps.schedule import schedule


class Executor:
    """Ends each run at once with its given outcome; runs without one end when they are stopped."""

    def __init__(self, **ends):
        self._ends, self._open, self.submitted = ends, [], []

    def submit(self, run):
        self.submitted.append(run.args.seed)
        future, end = Future(), self._ends.get(f'seed{run.args.seed}')
        if end is None:
            self._open.append(future)
        elif isinstance(end, Outcome):
            future.set_result(end)
        else:
            future.set_exception(end)
        return future

    def stop(self):
        for future in self._open:
            future.set_result(Outcome(143, 1, ''))


class Interrupting(Board):
    """A board that raises a signal when it is drawn."""

    def refresh(self):
        raise KeyboardInterrupt


@pytest.fixture
def runs(tmp_path):
    return plan({'alg': ['sac'], 'seed': [0, 1, 2], 'epochs': [1], 'cycles': [2]}, tmp_path)


def board(runs, kind=Board):
    """(board, file with its output)."""
    file = StringIO()
    return kind(runs, Console(file=file, width=120)), file


def finish(run):
    run.directory.mkdir()
    (run.directory / 'progress.csv').write_text('cycle\n1\n2\n')


DONE = Outcome(0, 1, '')


def test_every_run_is_run_to_its_end_in_order(runs):
    executor = Executor(seed0=DONE, seed1=DONE, seed2=DONE)
    assert schedule(runs, executor, board(runs)[0]) == {run.name: DONE for run in runs}
    assert executor.submitted == [0, 1, 2]


def test_a_finished_run_is_not_started(runs):
    finish(runs[1])
    executor = Executor(seed0=DONE, seed2=DONE)
    assert schedule(runs, executor, board(runs)[0]).keys() == {runs[0].name, runs[2].name}
    assert executor.submitted == [0, 2]


def test_one_failure_does_not_end_the_others(runs):
    failed = Outcome(1, 3, 'it broke')
    outcomes = schedule(runs, Executor(seed0=failed, seed1=DONE, seed2=DONE), board(runs)[0])
    assert outcomes == {runs[0].name: failed, runs[1].name: DONE, runs[2].name: DONE}


def test_what_keeps_a_run_from_starting_is_a_failure_of_this_run(runs):
    outcomes = schedule(runs, Executor(seed0=OSError('no memory'), seed1=DONE, seed2=DONE), board(runs)[0])
    assert outcomes[runs[0].name] == Outcome(1, 0, 'OSError: no memory')
    assert outcomes[runs[2].name] == DONE


def test_a_signal_stops_every_run_and_reports_its_outcome(runs):
    waiting, file = board(runs, Interrupting)
    with pytest.raises(KeyboardInterrupt):
        schedule(runs, Executor(seed0=DONE), waiting)
    lines = file.getvalue().splitlines()
    assert lines[:2] == [f'finished: {runs[0].name} (1 of 3 runs finished)',
                         'stopping: every run saves a checkpoint; the same command resumes them']
    assert sorted(lines[2:]) == [f'stopped: {run.name} (1 of 3 runs finished)' for run in runs[1:]]
