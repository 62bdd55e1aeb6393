"""Work done ahead, in a thread of its own."""
from collections import deque
from concurrent.futures import ThreadPoolExecutor

DEPTH = 2       # results that may wait; the one after them is being made


class Prefetcher:
    """Calls `make(n)` for n, n + 1, ... before the results are requested.

    Args:
        make: function of a number; a single thread calls it.
    """

    def __init__(self, make):
        self._make, self._pool, self._next, self._futures = make, None, None, deque()

    def get(self, number):
        """`make(number)`; fast if the previous call requested `number - 1`.

        Raises:
            Exception: whatever `make` raised; the thread has ended then.
        """
        if number != self._next:
            self.close()
            self._pool = ThreadPoolExecutor(1, 'prefetch')
        self._next = number + 1
        while len(self._futures) < 1 + DEPTH + 1:       # the first is of `number`
            self._futures.append(self._pool.submit(self._make, number + len(self._futures)))
        try:
            return self._futures.popleft().result()
        except Exception:
            self.close()
            raise

    def close(self):
        """Waits for the result that is being made and ends the thread; the next `get` starts another."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._futures.clear()
            self._pool = self._next = None
