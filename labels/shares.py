"""Parts predicted by several processes of this machine, or by tasks of a Ray cluster."""
import multiprocessing
import signal
import time
from typing import NamedTuple

from labels.parts import missing_parts
from utils.errors import DivergedError, UserError

_POLL_S = 0.5


class Job(NamedTuple):
    """What another process needs to predict parts of a data set.

    Attributes:
        directory: of the run, an absolute path.
        checkpoint: name of the checkpoint.
        flags: {name: value} by which the data set is read, with the threads of one process.
        folder: of the predictions, an absolute path.
        cwd: directory that relative paths among the flags start from.
        part_steps: least steps of a part.
        others: ((directory, checkpoint), ...) of runs whose rewards are averaged with those of the first.
    """

    directory: str
    checkpoint: str
    flags: dict
    folder: str
    cwd: str
    part_steps: int
    others: tuple = ()


def dealt(numbers, count):
    """[[number]]: as many shares as there are processes, at most `count`, each of parts all over the data."""
    return [numbers[first::count] for first in range(min(count, len(numbers)))]


def run_processes(predict, job, numbers, count, watch):
    """Predicts parts in new processes.

    Args:
        predict: function of (`Job`, numbers of parts) that another process can import.
        job: the `Job`.
        numbers: of the parts.
        count: of processes.
        watch: function without arguments, called again and again.

    Raises:
        UserError: a process has raised one, or has ended by itself.
        DivergedError: a process has raised one.
    """
    context = multiprocessing.get_context('spawn')      # TensorFlow does not survive a fork
    workers = []
    try:
        for share in dealt(numbers, count):
            ours, theirs = context.Pipe(duplex=False)
            worker = context.Process(target=_in_process, args=(predict, job, share, theirs), daemon=True)
            worker.start()
            theirs.close()
            workers.append((worker, ours))
        while any(worker.is_alive() for worker, _ in workers):
            time.sleep(_POLL_S)
            watch()
            for worker, ours in workers:
                _check(worker, ours)
        for worker, ours in workers:
            _check(worker, ours)
        watch()
    finally:
        for worker, _ in workers:
            worker.terminate()
            worker.join()


def _in_process(predict, job, share, pipe):
    """Predicts a share, and sends an error in one line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)        # the parent gets it too, and ends this process
    try:
        predict(job, share)
        pipe.send(('', ''))
    except (UserError, DivergedError) as error:
        pipe.send((type(error).__name__, str(error)))


def _check(worker, pipe):
    """Raises the error of a process that has ended."""
    if worker.is_alive():
        return
    kind, text = _sent(pipe)
    worker.join()
    if kind:
        raise (DivergedError if kind == DivergedError.__name__ else UserError)(text)
    if worker.exitcode:
        raise UserError(f'a process of --jobs ended with status {worker.exitcode}; run the command again to '
                        'do what is left')


def _sent(pipe):
    """(name of an exception or '', its text) that a process has sent; of one without a word, nothing."""
    try:
        return pipe.recv() if pipe.poll() else ('', '')
    except EOFError:
        return '', ''


class Watch:
    """Advances a progress bar by the parts that other processes have predicted.

    Args:
        folder: of the predictions.
        parts: [[`Item`]].
        bar: has `update(steps)`.
    """

    def __init__(self, folder, parts, bar):
        self._folder, self._parts, self._bar = folder, parts, bar
        self._missing = set(missing_parts(folder, parts))

    def __call__(self):
        """Looks at the folder."""
        now = set(missing_parts(self._folder, self._parts))
        for number in self._missing - now:
            self._bar.update(sum(item.recording.length for item in self._parts[number]))
        self._missing = now
