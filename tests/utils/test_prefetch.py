"""Prefetching, observed from the requesting thread."""
import threading
import time

import pytest

from utils.prefetch import DEPTH, Prefetcher


class Maker:
    """Makes ten times the number; fails at `bad`.

    Attributes:
        made: numbers, in the order of the calls.
        threads: the calling threads.
    """

    def __init__(self, bad=None):
        self.made, self.threads, self._bad = [], set(), bad

    def __call__(self, number):
        self.threads.add(threading.current_thread())
        self.made.append(number)
        if number == self._bad:
            raise ValueError(f'cannot make {number}')
        return 10 * number


@pytest.fixture
def prefetchers():
    """Makes `Prefetcher`s that are closed at the end."""
    made = []
    yield lambda make: made.append(Prefetcher(make)) or made[-1]
    for prefetcher in made:
        prefetcher.close()


def wait_for(condition):
    """Waits until the condition holds; False if it does not within five seconds."""
    end = time.perf_counter() + 5
    while not condition() and time.perf_counter() < end:
        time.sleep(0.001)
    return condition()


def test_results_come_in_order_from_any_first_number(prefetchers):
    prefetcher = prefetchers(Maker())
    assert [prefetcher.get(number) for number in range(3, 20)] == list(range(30, 200, 10))


def test_nothing_is_made_and_no_thread_starts_before_the_first_request(prefetchers):
    make, before = Maker(), threading.active_count()
    prefetcher = prefetchers(make)
    assert threading.active_count() == before and make.made == []
    prefetcher.get(0)
    assert threading.active_count() == before + 1


def test_one_separate_thread_makes_everything(prefetchers):
    make = Maker()
    prefetcher = prefetchers(make)
    for number in range(10):
        prefetcher.get(number)
    assert len(make.threads) == 1 and threading.current_thread() not in make.threads


def test_no_more_is_prefetched_than_the_depth_and_one_in_progress(prefetchers):
    make = Maker()
    prefetcher = prefetchers(make)
    for number in range(4):
        prefetcher.get(number)
        ahead = list(range(number + 1 + DEPTH + 1))
        assert wait_for(lambda ahead=ahead: make.made == ahead)
        time.sleep(0.02)        # time to make one too many
        assert make.made == ahead


def test_an_error_is_raised_where_its_number_is_requested_and_not_earlier(prefetchers):
    make = Maker(bad=2)
    prefetcher = prefetchers(make)
    assert prefetcher.get(0) == 0 and wait_for(lambda: 2 in make.made)
    assert prefetcher.get(1) == 10
    with pytest.raises(ValueError, match='^cannot make 2$'):
        prefetcher.get(2)


def test_after_an_error_its_thread_has_ended_and_another_can_start(prefetchers):
    make = Maker(bad=0)
    prefetcher = prefetchers(make)
    with pytest.raises(ValueError, match='cannot make 0'):
        prefetcher.get(0)
    assert not any(thread.is_alive() for thread in make.threads)
    assert prefetcher.get(1) == 10
    with pytest.raises(ValueError, match='cannot make 0'):
        prefetcher.get(0)


@pytest.mark.parametrize('other', [0, 1, 3, 40])
def test_a_jump_in_the_numbers_restarts_there(prefetchers, other):
    make = Maker()
    prefetcher = prefetchers(make)
    prefetcher.get(0), prefetcher.get(1)
    first, = make.threads
    assert [prefetcher.get(other + i) for i in range(3)] == [10 * (other + i) for i in range(3)]
    assert not first.is_alive() and len(make.threads) == 2


def test_close_ends_a_thread_that_waits_for_room():
    make = Maker()
    prefetcher = Prefetcher(make)
    prefetcher.get(0)
    thread, = make.threads
    assert wait_for(lambda: len(make.made) == 1 + DEPTH + 1) and thread.is_alive()
    prefetcher.close()
    assert not thread.is_alive()


def test_close_waits_for_what_is_being_made():
    """Afterwards, files that `make` reads can be closed."""
    begun, finished = threading.Event(), []

    def make(number):
        if number:
            begun.set()
            time.sleep(0.05)
            finished.append(number)

    prefetcher = Prefetcher(make)
    prefetcher.get(0)
    assert begun.wait(5)
    prefetcher.close()
    assert finished[:1] == [1]


def test_close_without_a_thread_and_again_does_nothing():
    prefetcher = Prefetcher(Maker())
    prefetcher.close()
    prefetcher.get(0)
    prefetcher.close()
    prefetcher.close()


def test_after_close_the_same_number_can_be_requested(prefetchers):
    prefetcher = prefetchers(Maker())
    prefetcher.get(0)
    prefetcher.close()
    assert [prefetcher.get(number) for number in (1, 2)] == [10, 20]
