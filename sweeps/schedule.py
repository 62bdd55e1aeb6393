"""Hands the runs of a sweep to what runs them, and watches."""
from concurrent.futures import FIRST_COMPLETED, wait

from sweeps.process import Outcome
from sweeps.state import is_finished

_REFRESH_S = 1.0


def schedule(runs, executor, board):
    """Brings every run to its end, those apart that have reached it before.

    Args:
        runs: [Run].
        executor: has `submit(run)` -> Future of an `Outcome`, and `stop()`.
        board: a `Board`.

    Returns:
        {run's name: Outcome} of those that were begun or gone on with.

    Raises:
        KeyboardInterrupt: a signal came; every run has saved itself and ended.
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
        board.tell('stopping: every run saves a checkpoint; the same command goes on')
        executor.stop()
        for future in wait(futures).done:
            board.ended(futures[future], _outcome(future))
        raise
    return outcomes


def _outcome(future):
    """What became of a run; a machine that was lost with it is a failure of this run alone."""
    error = future.exception()
    return future.result() if error is None else Outcome(1, 0, f'{type(error).__name__}: {error}')
