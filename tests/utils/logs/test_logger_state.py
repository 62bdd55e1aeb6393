"""A cycle of the log, interrupted and resumed in another process."""
import json

import numpy as np
import pytest

from tests.utils.logs.sinks import Clock, Rows
from utils.logs.logger import Logger

COLUMNS = ['mean', 'array', 'value', 'late', 'time/train_s', 'time/test_s']


@pytest.fixture
def sink():
    return Rows()


def first_half(log, clock):
    log.add({'mean': np.float32(0.1), 'array': np.arange(3, dtype=np.float32) / 3})
    log.set({'value': np.int64(2**53 + 1)})
    with log.timed('time/train_s'):
        clock.now += 0.1


def second_half(log, clock):
    log.add({'mean': 0.7, 'array': np.ones((2, 2))})
    log.set({'late': 1 / 3})
    for name in ('time/train_s', 'time/test_s'):
        with log.timed(name):
            clock.now += 0.25
    log.write(900)


def continued(log, sink, clock):
    """A new log that resumes the state of `log`, in another process an hour later."""
    state = json.loads(json.dumps(log.state_dict()))
    clock.now += 3600.0
    other = Logger(COLUMNS, [sink], clock)
    other.load_state_dict(state)
    return other


def test_a_cycle_cut_in_two_has_the_row_of_a_whole_one(sink):
    clock, cut_sink = Clock(), Rows()
    whole, cut = Logger(COLUMNS, [sink], clock), Logger(COLUMNS, [], clock)
    first_half(whole, clock)
    second_half(whole, clock)
    first_half(cut, clock)
    second_half(continued(cut, cut_sink, clock), clock)
    (_, row), (_, cut_row) = sink.rows[0], cut_sink.rows[0]
    assert cut_row[:4] == row[:4] and None not in dict(row).values()
    assert dict(cut_row) == pytest.approx(dict(row))        # the clock of a float loses digits


def test_the_cycle_after_one_that_was_cut_in_two_starts_empty(sink):
    clock = Clock()
    log = Logger(COLUMNS, [], clock)
    first_half(log, clock)
    other = continued(log, sink, clock)
    second_half(other, clock)
    other.write(1000)
    assert sink.rows[1] == (1000, [(name, None) for name in COLUMNS])


def test_counting_of_rows_and_steps_continues(sink):
    clock = Clock()
    log = Logger(COLUMNS, [sink], clock)
    assert (log.num_rows, log.last_step) == (0, 0)
    log.write(100)
    log.write(250)
    other = continued(log, sink, clock)
    assert (other.num_rows, other.last_step) == (2, 250)
    other.write(300)
    assert (other.num_rows, other.last_step) == (3, 300)


def test_elapsed_seconds_exclude_the_time_between_two_processes(sink):
    clock = Clock()
    log = Logger(COLUMNS, [sink], clock)
    clock.now += 5.0
    other = continued(log, sink, clock)
    clock.now += 2.0
    assert other.elapsed_s == 7.0
    assert continued(other, sink, clock).elapsed_s == 7.0


def test_all_durations_and_nothing_else_are_under_clock(sink):
    one, other = Clock(), Clock()
    other.now += 12.0
    states = []
    for clock, seconds in ((one, 1.0), (other, 2.0)):
        log = Logger(COLUMNS, [sink], clock)
        log.add({'mean': 3.0})
        with log.timed('time/test_s'):
            clock.now += seconds
        states.append(log.state_dict())
    clocks = [state.pop('clock') for state in states]
    assert states[0] == states[1] and clocks[0] != clocks[1]
