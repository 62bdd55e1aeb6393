"""Computes results in threads, and yields them in the order of their inputs."""
from collections import deque
from concurrent.futures import ThreadPoolExecutor


def in_order(function, items, workers):
    """Yields `function(item)` of each item, in their order; at most `workers` + 1 are computed or wait.

    Items are produced in the calling thread while the results are computed, so both should be code that
    releases Python's lock most of the time. Close the generator if it is not read to its end.

    Args:
        function: called by several threads at once.
        items: iterable; the next one is requested after there is room for its result.
        workers: number of threads.

    Raises:
        Exception: any exception of `items` or `function`, after the calls in progress have ended.
    """
    pool, pending = ThreadPoolExecutor(workers, 'in_order'), deque()
    try:
        for item in items:
            pending.append(pool.submit(function, item))
            del item        # its memory is free as soon as its result is known
            if len(pending) > workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
