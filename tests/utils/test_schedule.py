"""Schedules of numbers."""
import pytest

from utils.schedule import linear


@pytest.mark.parametrize('step, expected', [(0, 1.0), (25, 0.775), (50, 0.55), (100, 0.1)])
def test_a_linear_schedule_changes_from_the_first_to_the_last_in_equal_steps(step, expected):
    assert linear(1.0, 0.1, 100)(step) == pytest.approx(expected)


@pytest.mark.parametrize('step', [100, 101, 10**9])
def test_it_stays_at_the_last_value(step):
    assert linear(1.0, 0.25, 100)(step) == 0.25


def test_it_may_rise():
    assert [linear(0.0, 1.0, 4)(step) for step in range(6)] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]


def test_it_may_take_a_single_step():
    assert [linear(1.0, 0.0, 1)(step) for step in range(3)] == [1.0, 0.0, 0.0]
