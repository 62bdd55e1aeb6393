"""Work done ahead, in a thread of its own."""
import queue
import threading

DEPTH = 2       # results that wait to be used


class Prefetcher:
    """Calls `make(n)` for n, n + 1, ... before the results are asked for.

    Args:
        make: function of a number, which is not called twice at once.
    """

    def __init__(self, make):
        self._make, self._next, self._thread = make, None, None

    def get(self, number):
        """`make(number)`; fast where the number before was the last asked for.

        Raises:
            Exception: whatever `make` raised.
        """
        if number != self._next:
            self.close()
            self._begin(number)
        self._next = number + 1
        result, error = self._results.get()
        if error is not None:
            self.close()
            raise error
        return result

    def _begin(self, number):
        self._results, self._stopped = queue.Queue(DEPTH), threading.Event()
        self._thread = threading.Thread(target=self._work, args=(number, self._results, self._stopped),
                                        name='prefetch', daemon=True)
        self._thread.start()

    def _work(self, number, results, stopped):
        while not stopped.is_set():
            try:
                result = self._make(number), None
            except Exception as error:      # handed to the thread that asks
                result = None, error
            results.put(result)
            number += 1

    def close(self):
        """Ends the thread; the next `get` begins another."""
        if self._thread is not None:
            self._stopped.set()
            while self._thread.is_alive():      # it may wait for room
                try:
                    self._results.get(timeout=0.01)
                except queue.Empty:
                    pass
            self._thread, self._next = None, None
