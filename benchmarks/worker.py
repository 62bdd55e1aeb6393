"""A job in a process of its own: thread pools are made once a process, and libraries would share them."""
import multiprocessing


class Worker:
    """Runs `make(*arguments)`, a function without arguments, as often as it is called; idle otherwise.

    Args:
        make: a function of a module; called in the new process.
        arguments: picklable.
    """

    def __init__(self, make, *arguments):
        context = multiprocessing.get_context('spawn')      # a fork would inherit the libraries' threads
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()                                   # EOFError where the job could not be made

    def __call__(self):
        """Runs the job once; the way there and back takes about 0.1 ms."""
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
