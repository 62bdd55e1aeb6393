"""Executes runs of a sweep on this machine, a few at a time."""
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sweeps.process import Stopping, run_to_end


class LocalExecutor:
    """Starts runs as processes of this machine, `jobs` at once; a context manager that waits for them.

    Args:
        jobs: number of runs at once.
        retries: how often a failed run is restarted.
    """

    def __init__(self, jobs, retries):
        self._retries, self._stopping = retries, Stopping()
        self._threads = ThreadPoolExecutor(jobs)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.stop()
        self._threads.shutdown(cancel_futures=True)

    def submit(self, run):
        """A `concurrent.futures.Future` of the run's `Outcome`."""
        return self._threads.submit(run_to_end, run.words, run.directory, self._retries, Path.cwd(),
                                    self._stopping)

    def stop(self):
        """Asks every run to save a checkpoint and end; starts no further run."""
        self._stopping.ask()
