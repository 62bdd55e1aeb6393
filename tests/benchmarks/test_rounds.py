import pytest

from benchmarks.rounds import Candidate, Timing, measure


class Clock:
    """A clock that only the candidates advance."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Sleeper:
    """A candidate's call that takes the next of given seconds, and records its turn."""

    def __init__(self, clock, name, seconds, turns):
        self.clock, self.name, self.seconds, self.turns = clock, name, iter(seconds), turns

    def __call__(self):
        self.turns.append(self.name)
        self.clock.now += next(self.seconds)


def test_candidates_take_turns_within_each_round():
    clock, turns = Clock(), []
    candidates = [Candidate('task', 'a', Sleeper(clock, 'a', [0] * 6, turns), calls=2),
                  Candidate('task', 'b', Sleeper(clock, 'b', [0] * 3, turns), calls=1)]

    measure(candidates, range(3), clock, settle=lambda seconds: None)

    assert ''.join(turns) == 'aab' * 3


def test_first_round_and_the_pauses_are_not_counted():
    clock = Clock()
    candidate = Candidate('task', 'a', Sleeper(clock, 'a', [50, 1, 2], []), calls=1)

    def settle(seconds):
        clock.now += 7

    assert measure([candidate], range(3), clock, settle) == [Timing((1, 2))]


def test_time_is_per_unit_of_each_call():
    clock = Clock()
    candidate = Candidate('task', 'a', Sleeper(clock, 'a', [0, 0, 10, 30], []), calls=2, units=10)

    timing, = measure([candidate], range(2), clock, settle=lambda seconds: None)

    assert timing.median == pytest.approx(2)


def test_best_and_median_are_over_rounds():
    timing = Timing((3.0, 1.0, 2.5))

    assert (timing.best, timing.median) == (1.0, 2.5)
