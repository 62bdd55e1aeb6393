"""A job in a separate process: thread pools exist once per process, and libraries would share them."""
import multiprocessing


class Worker:
    """Runs the job that `make(*arguments)` returns, once per call; idle otherwise.

    Args:
        make: module-level function that returns a function without arguments; called in the new process.
        arguments: picklable.
    """

    def __init__(self, make, *arguments):
        context = multiprocessing.get_context('spawn')      # a fork would inherit the libraries' threads
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()                                   # EOFError if the job could not be created

    def __call__(self):
        """Runs the job once; communication takes about 0.1 ms."""
        self._pipe.send(None)
        self._pipe.recv()

    def close(self):
        """Ends the process."""
        self._pipe.close()
        self._process.join()


def _serve(pipe, make, arguments):
    job = make(*arguments)
    pipe.send(None)
    while True:
        try:
            pipe.recv()
        except EOFError:                                    # closed on the other side
            return
        job()
        pipe.send(None)
