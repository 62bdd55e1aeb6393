"""Lines about the progress of a run."""
import time

import pytest

from utils.logs.progress_lines import INTERVAL_S, ProgressLines


def lines(clock=lambda: 0.0, **options):
    """`ProgressLines` of ten cycles of ten units, closed, as only its texts count."""
    made = ProgressLines([].append, 100, 'step', per_cycle=10, clock=clock, **options)
    made.close()
    return made


def test_a_line_comes_at_least_every_30_seconds():
    assert INTERVAL_S <= 30


def test_before_the_first_unit_there_is_no_estimate():
    assert lines(scale=50).line() == 'cycle 1 of 10: 0 of 5,000 steps'
    assert lines(initial=40).line() == 'cycle 5 of 10: 40 of 100 steps'


@pytest.mark.parametrize('initial, count, seconds, text', [
    (0, 10, 60, 'cycle 2 of 10: 10 of 100 steps, about 9 min left'),
    (0, 9, 3600, 'cycle 1 of 10: 9 of 100 steps, about 10 h 7 min left'),
    (40, 10, 600, 'cycle 6 of 10: 50 of 100 steps, about 50 min left'),
    (0, 99, 99, 'cycle 10 of 10: 99 of 100 steps, about 0 min left'),
    (0, 100, 99, 'cycle 10 of 10: 100 of 100 steps')])
def test_the_rest_is_estimated_from_the_rate_since_the_start(initial, count, seconds, text):
    times = iter([0.0, float(seconds)])
    made = lines(clock=lambda: next(times), initial=initial)
    made.update(count)
    assert made.line() == text


def test_work_without_cycles_has_none_in_its_line():
    with ProgressLines([].append, 3, 'frame') as made:
        made.update(3)
        assert made.line() == '3 of 3 frames'


def test_no_line_comes_after_the_end():
    written = []
    with ProgressLines(written.append, 3, 'frame', interval_s=0.001):
        time.sleep(0.05)
    count = len(written)
    time.sleep(0.05)
    assert len(written) == count > 0
