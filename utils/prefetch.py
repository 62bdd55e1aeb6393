"""Prefetches results in background threads."""
import itertools
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


def in_order(make, count, threads):
    """Yields `make(0)` to `make(count - 1)`, computed ahead by several threads.

    At most two results for each thread are waiting. Closing the generator waits for those in progress.

    Args:
        make: function of a number, called by several threads at once.
        count: of results.
        threads: number of threads.

    Raises:
        Exception: any exception that `make` raised, in place of its result.
    """
    waiting, numbers = deque(), iter(range(count))
    pool = ThreadPoolExecutor(threads, 'ahead')
    try:
        for _ in range(count):
            waiting.extend(pool.submit(make, number)
                           for number in itertools.islice(numbers, 2 * threads + 1 - len(waiting)))
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
