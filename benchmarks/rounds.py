"""Times candidates in turn, round after round, so that drifts of the machine affect all of them equally."""
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

SETTLE_S = 0.01     # threads of some libraries spin for a while after their last task


class Candidate(NamedTuple):
    """An operation to be timed.

    Attributes:
        task: task it belongs to.
        name: its name; unique together with `task`.
        call: timed function, without arguments.
        calls: number of consecutive calls in each round.
        units: number of units in one call, such as the steps of an episode.
        flops: floating-point operations of one unit, None if they do not apply.
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
        """Median over rounds."""
        return statistics.median(self.seconds)

    @property
    def best(self):
        """Minimum over rounds."""
        return min(self.seconds)


def measure(candidates, rounds, clock=time.perf_counter, settle=time.sleep):
    """The `Timing` of each of `candidates`, in their order.

    Args:
        candidates: [`Candidate`].
        rounds: iterable, one item a round; the first is a warm-up and not counted.
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
