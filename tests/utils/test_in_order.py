"""Results of threads, observed from the requesting thread."""
import threading
import time

import pytest

from utils.in_order import in_order

WORKERS = 2


class Counted:
    """Yields 0, 1, ... up to `count`; `produced` is how many there were so far."""

    def __init__(self, count, fails_at=None):
        self.produced, self._count, self._fails_at = 0, count, fails_at

    def __iter__(self):
        for number in range(self._count):
            if number == self._fails_at:
                raise LookupError(f'item {number} is missing')
            self.produced += 1
            yield number


def threads():
    return [each for each in threading.enumerate() if each.name.startswith('in_order')]


def test_results_have_the_order_of_the_items_whatever_their_time():
    def slow_if_even(number):
        time.sleep(0.002 * (number % 2 == 0))
        return 10 * number
    assert list(in_order(slow_if_even, range(20), WORKERS)) == list(range(0, 200, 10))


def test_as_many_calls_as_workers_run_at_once():
    meeting = threading.Barrier(WORKERS, timeout=10)
    assert len(list(in_order(lambda item: meeting.wait(), range(2 * WORKERS), WORKERS))) == 2 * WORKERS


def test_items_are_not_produced_further_ahead_than_the_workers():
    items = Counted(100)
    for result in in_order(lambda item: item, items, WORKERS):
        assert items.produced <= result + WORKERS + 1


def test_items_are_produced_by_the_calling_thread():
    found = []
    list(in_order(lambda item: item, (found.append(threading.current_thread()) for _ in range(3)), WORKERS))
    assert set(found) == {threading.current_thread()}


def test_no_items_have_no_results():
    assert list(in_order(lambda item: item, [], WORKERS)) == []


def test_an_error_of_a_call_is_raised_in_the_place_of_its_result():
    found = []
    with pytest.raises(ZeroDivisionError):
        for result in in_order(lambda item: 12 // (item - 3), range(9), WORKERS):
            found.append(result)
    assert found == [-4, -6, -12] and not threads()


def test_an_error_of_the_items_is_raised_and_ends_the_threads():
    with pytest.raises(LookupError, match='item 5 is missing'):
        list(in_order(lambda item: item, Counted(9, fails_at=5), WORKERS))
    assert not threads()


def test_closing_waits_for_the_calls_in_progress_and_ends_the_threads():
    ended, started = [], threading.Event()

    def call(item):
        if item:
            started.set()
        time.sleep(0.01 * item)
        ended.append(item)
    results = in_order(call, range(9), workers=1)
    next(results)
    started.wait()                      # item 1 runs; nothing after it was produced
    results.close()
    assert ended == [0, 1] and not threads()
