"""Executes runs of a sweep on a Ray cluster, as many at once as its cores allow."""
import signal
import socket
import sys
from concurrent.futures import Future, wait
from pathlib import Path

from sweeps.process import PROGRAM, Outcome
from utils.ray_cluster import connected

_LOST_NODES = 3         # how often a run is restarted elsewhere because its machine was lost


class RayExecutor:
    """Starts runs as tasks of a Ray cluster; a context manager that waits for them.

    Every machine of the cluster has the same file system at the same paths: this project with its
    Python packages, the working directory, and the directory of the sweep. A run takes as many cores as
    it has threads; one that needs more than any machine has waits for such a machine.

    Args:
        address: of the cluster, `host:port`, or `auto` for the cluster of this machine.
        retries: how often a failed run is restarted.
        gpus: share of a GPU for each run; at 0 Ray hides the GPUs from it.

    Raises:
        UserError: Ray is not installed, or no cluster answers.
    """

    def __init__(self, address, retries, gpus=0.0):
        self._ray, self._retries, self._gpus = connected(address, PROGRAM.parent), retries, gpus
        self._futures = {}      # {reference: Future}
        # by value: a machine without the project can still report that
        self._ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
        self._task = self._ray.remote(max_retries=_LOST_NODES)(_run_on_worker)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            self.stop()
        wait(self._futures.values())        # a run is killed when its connection closes
        self._ray.shutdown()

    def submit(self, run):
        """A `concurrent.futures.Future` of the run's `Outcome`."""
        task = self._task.options(num_cpus=num_cores(run.args), num_gpus=self._gpus, name=run.name)
        reference = task.remote(str(PROGRAM.parent), run.words, str(run.directory), self._retries,
                                str(Path.cwd()))
        future = self._futures[reference] = Future()
        reference.future().add_done_callback(lambda done: future.set_result(self._outcome(done)))
        return future

    def stop(self):
        """Asks every run to save a checkpoint and end; starts no further run."""
        for reference, future in self._futures.items():
            if not future.done():
                self._ray.cancel(reference, force=False)

    def _outcome(self, done):
        error = done.exception()
        if isinstance(error, self._ray.exceptions.TaskCancelledError):
            return Outcome(None, 0, '')
        return Outcome(1, 0, f'{type(error).__name__}: {error}') if error else Outcome(*done.result())


def num_cores(args):
    """Cores of a run: one for each of its threads, or one where it chooses the number of threads."""
    return max(1, args.inter_op_threads * args.intra_op_threads)


def _run_on_worker(root, words, directory, retries, cwd):
    """The `Outcome` of a run, as a tuple; on a machine of the cluster."""
    for path in (Path(root) / 'train.py', Path(cwd), Path(cwd, directory).parent):
        if not path.exists():
            return 1, 0, (f'{socket.gethostname()} has no {path}; every machine of the cluster needs the '
                          'project and the directories of the sweep at the same paths')
    from sweeps.process import Stopping, run_to_end

    try:
        return tuple(run_to_end(words, Path(directory), retries, Path(cwd), Stopping()))
    except KeyboardInterrupt:       # of `stop`; the run has saved a checkpoint
        return 128 + signal.SIGTERM, 1, ''
