"""The running means, plain values and seconds of a cycle."""
import numpy as np
import pytest

from tests.utils.logs.sinks import Clock, Rows
from utils.logs.logger import Logger


@pytest.fixture
def sink():
    return Rows()


def test_row_has_every_column_in_order_and_none_where_nothing_was_recorded(sink):
    log = Logger(['b', 'a/x', 'c'], [sink])
    log.set({'c': 3})
    log.write(7)
    assert sink.rows == [(7, [('b', None), ('a/x', None), ('c', 3)])]


def test_added_values_are_averaged_over_the_cycle(sink):
    log = Logger(['loss', 'other'], [sink])
    for value in [np.float32(0.5), 2, 3.0]:
        log.add({'loss': value})
    log.add({'other': np.float32(4.0)})
    log.write(0)
    assert sink.rows[0][1] == [('loss', 5.5 / 3), ('other', 4.0)]


def test_each_element_of_an_array_counts_once(sink):
    log = Logger(['std'], [sink])
    log.add({'std': np.array([[1.0, 2.0], [3.0, 6.0]], np.float32)})
    log.add({'std': np.float32(8.0)})
    log.add({'std': np.array(10.0)})
    log.write(0)
    assert sink.rows[0][1] == [('std', 30.0 / 6)]


def test_sum_of_many_values_does_not_lose_float32_digits(sink):
    log = Logger(['x'], [sink])
    log.add({'x': np.array([2 ** 24, 1.0, 1.0], np.float32)})
    for value in [2 ** 24, 1.0, 1.0, 1.0, 1.0]:
        log.add({'x': np.float32(value)})
    log.write(0)
    assert sink.rows[0][1] == [('x', (2 * 2 ** 24 + 6) / 8)]    # float32 would drop the ones


def test_empty_array_records_nothing(sink):
    log = Logger(['x'], [sink])
    log.add({'x': np.zeros(0)})
    log.write(0)
    assert sink.rows[0][1] == [('x', None)]


def test_next_cycle_starts_empty(sink):
    log = Logger(['mean', 'value', 'time/s'], [sink])
    log.add({'mean': 1.0})
    log.set({'value': 2})
    with log.timed('time/s'):
        pass
    log.write(0)
    log.add({'mean': 5.0})
    log.write(1)
    assert sink.rows[1] == (1, [('mean', 5.0), ('value', None), ('time/s', None)])


@pytest.mark.parametrize(('value', 'plain'), [
    (np.int64(3), 3), (np.float32(0.5), 0.5), (4, 4), (np.array(2.5), 2.5)])
def test_set_values_become_plain_numbers(sink, value, plain):
    log = Logger(['x'], [sink])
    log.set({'x': value})
    log.write(0)
    written = sink.rows[0][1][0][1]
    assert written == plain and type(written) is type(plain)


def test_timed_adds_the_seconds_of_each_block(sink):
    clock = Clock()
    log = Logger(['time/test_s'], [sink], clock)
    for seconds in (2.0, 0.5):
        with log.timed('time/test_s'):
            clock.now += seconds
        clock.now += 100.0
    log.write(0)
    assert sink.rows[0][1] == [('time/test_s', 2.5)]
    assert log.elapsed_s == 202.5


def test_undeclared_name_is_refused_by_name_and_changes_nothing(sink):
    log = Logger(['loss'], [sink])
    with pytest.raises(KeyError, match="not a column of the log: los'"):
        log.add({'loss': 1.0, 'los': 2.0})
    with pytest.raises(KeyError, match='epock'):
        log.set({'epock': 1})
    with pytest.raises(KeyError, match='time/x'), log.timed('time/x'):
        pytest.fail('the block must not start')
    log.write(0)
    assert sink.rows[0][1] == [('loss', None)]


def test_a_column_declared_twice_is_refused():
    with pytest.raises(ValueError, match='distinct'):
        Logger(['a', 'b', 'a'], [])


def test_every_sink_is_written_and_closed():
    sinks = [Rows(), Rows()]
    log = Logger(['a'], sinks)
    log.write(3)
    log.close()
    assert [s.rows for s in sinks] == [[(3, [('a', None)])]] * 2
    assert all(s.closed for s in sinks)


@pytest.mark.parametrize('error', [ValueError, KeyboardInterrupt, SystemExit])
def test_a_timed_block_that_raises_an_exception_still_counts(sink, error):
    clock = Clock()
    log = Logger(['time/train_s'], [sink], clock)
    with pytest.raises(error), log.timed('time/train_s'):
        clock.now += 2.0
        raise error
    with log.timed('time/train_s'):
        clock.now += 3.0
    log.write(0)
    assert sink.rows[0][1] == [('time/train_s', 5.0)]


def test_attached_sinks_get_later_rows_and_are_closed():
    first, second = Rows(), Rows()
    log = Logger(['a'], [first])
    log.write(3)
    log.attach([second])
    log.write(4)
    log.close()
    assert first.rows == [(3, [('a', None)]), (4, [('a', None)])]
    assert second.rows == [(4, [('a', None)])] and second.closed


def test_a_list_of_sinks_is_not_shared_with_the_log():
    sinks = []
    log = Logger(['a'], sinks)
    log.attach([Rows()])
    assert sinks == []
