"""Numbered parts of a work, shared by several processes of this machine."""
import multiprocessing
import signal
import time

from utils.errors import DivergedError, UserError

_POLL_S = 0.5


def dealt(numbers, count):
    """[[number]]: as many shares as there are processes, at most `count`, each of parts all over the data."""
    return [numbers[first::count] for first in range(min(count, len(numbers)))]


def run_processes(work, job, numbers, count, watch):
    """Works on numbered parts in new processes.

    Args:
        work: function of (job, numbers of parts) that another process can import.
        job: what it needs, of plain values.
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
            worker = context.Process(target=_in_process, args=(work, job, share, theirs), daemon=True)
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


def _in_process(work, job, share, pipe):
    """Works on a share, and sends an error in one line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)        # the parent gets it too, and ends this process
    try:
        work(job, share)
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
