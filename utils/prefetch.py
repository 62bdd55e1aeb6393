"""Prefetches results in a background thread."""
from collections import deque
from concurrent.futures import ThreadPoolExecutor

DEPTH = 2       # results that may be waiting while the next one is computed


class Prefetcher:
    """Calls `make(n)` for n, n + 1, ... before the results are requested.

    Args:
        make: function of a number; called by a single thread.
    """

    def __init__(self, make):
        self._make, self._pool, self._next, self._futures = make, None, None, deque()

    def get(self, number):
        """`make(number)`; fast if the previous call requested `number - 1`.

        Raises:
            Exception: any exception that `make` raised; the thread has ended.
        """
        if number != self._next:
            self.close()
            self._pool = ThreadPoolExecutor(1, 'prefetch')
        self._next = number + 1
        while len(self._futures) < 1 + DEPTH + 1:       # the first is for `number`
            self._futures.append(self._pool.submit(self._make, number + len(self._futures)))
        try:
            return self._futures.popleft().result()
        except Exception:
            self.close()
            raise

    def close(self):
        """Waits for the result in progress and ends the thread; the next `get` starts a new one."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._futures.clear()
            self._pool = self._next = None
