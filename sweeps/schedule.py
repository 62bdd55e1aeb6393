"""Submits the runs of a sweep to an executor, and reports their progress."""
from concurrent.futures import FIRST_COMPLETED, wait

from sweeps.process import Outcome
from sweeps.state import is_finished

_REFRESH_S = 1.0


def schedule(runs, executor, board):
    """Runs every run to its end, except those that are finished already.

    Args:
        runs: [Run].
        executor: has `submit(run)` -> Future of an `Outcome`, and `stop()`.
        board: a `Board`.

    Returns:
        {run's name: Outcome} of the runs that were started or resumed.

    Raises:
        KeyboardInterrupt: a signal came; every run has saved a checkpoint and ended.
    """
    outcomes, futures = {}, {}
    try:
        for run in runs:
            if is_finished(run):
                board.finished(run)
            else:
                futures[executor.submit(run)] = run
        while futures:
            done, _ = wait(futures, _REFRESH_S, FIRST_COMPLETED)
            for future in done:
                run = futures.pop(future)
                outcomes[run.name] = _outcome(future)
                board.ended(run, outcomes[run.name])
            board.refresh()
    except KeyboardInterrupt:
        board.report('stopping: every run saves a checkpoint; the same command resumes them')
        executor.stop()
        for future in wait(futures).done:
            board.ended(futures[future], _outcome(future))
        raise
    return outcomes


def _outcome(future):
    """The outcome of a run; a lost machine is a failure of this run only."""
    error = future.exception()
    return future.result() if error is None else Outcome(1, 0, f'{type(error).__name__}: {error}')
