"""Times candidates in turn, round after round, so that a drift of the machine meets all of them alike."""
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

SETTLE_S = 0.01     # the threads of some libraries spin for a while after their last work


class Candidate(NamedTuple):
    """Something whose speed is asked for.

    Attributes:
        task: what it belongs to.
        name: what it is; together with `task` unique.
        call: what is timed; takes nothing.
        calls: how often in each round, one after the other.
        units: what one call does so many times, such as the steps of an episode.
        flops: floating-point operations of one unit, None where they do not tell.
    """

    task: str
    name: str
    call: Callable
    calls: int
    units: int = 1
    flops: float | None = None


class Timing(NamedTuple):
    """Seconds that one unit of a candidate took, round by round."""

    seconds: tuple[float, ...]

    @property
    def median(self):
        """Of the rounds."""
        return statistics.median(self.seconds)

    @property
    def best(self):
        """Of the rounds."""
        return min(self.seconds)


def measure(candidates, rounds, clock=time.perf_counter, settle=time.sleep):
    """The `Timing` of each of `candidates`, in their order.

    Args:
        candidates: [`Candidate`].
        rounds: iterable, one item a round; the first is not counted: memory, caches and compilers warm up.
        clock: returns seconds.
        settle: called with the seconds to wait for before each candidate.
    """
    seconds = [[] for _ in candidates]
    for _ in rounds:
        for candidate, row in zip(candidates, seconds, strict=True):
            settle(SETTLE_S)
            start = clock()
            for _ in range(candidate.calls):
                candidate.call()
            row.append((clock() - start) / (candidate.calls * candidate.units))
    return [Timing(tuple(row[1:])) for row in seconds]
