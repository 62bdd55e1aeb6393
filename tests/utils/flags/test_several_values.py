"""Flags that take several values, and those that a run leaves out."""
import pytest

from tests.utils.flags.test_flag import TABLE
from utils.errors import UserError
from utils.flags.command_line import read
from utils.flags.flag import applicable


def kept(**values):
    return applicable(TABLE, ('shape', 'corner'), values, lambda name, value: (value,))


def test_of_given_flags_those_that_the_run_has_are_applicable():
    given = {'share': 0.25, 'corner': 'blunt', 'radius': 7}
    assert kept(**given) == {'share': 0.25, 'radius': 7}
    assert kept(shape='square', **given) == {'shape': 'square', **given}


def test_a_flag_that_a_default_leaves_out_is_not_applicable():
    assert kept(shape='square', share=0.25) == {'shape': 'square'}


def test_flags_that_take_several_values_are_lists_and_others_are_not():
    given = read(TABLE, ['--radius', '1', '2', '--shape=square', '--share=1'], several=('radius', 'shape'))
    assert given == {'radius': [1, 2], 'shape': ['square'], 'share': 1.0}


@pytest.mark.parametrize('argv, message', [
    (['--radius', '1', '0'], '--radius=0: expected an integer from 1 to 2**63 - 1'),
    (['--radius'], '--radius: expected at least one argument'),
    (['--share', '1', '0'], "unexpected '0': write flags as --name=value"),
    (['--radius=1', '2'], "unexpected '2': write several values as --radius 1 2"),
    (['--radius=1', '--share=1', '2'], "unexpected '2': write flags as --name=value"),
])
def test_a_word_among_several_values_is_refused_like_any_other(argv, message):
    with pytest.raises(UserError) as caught:
        read(TABLE, argv, several=('radius',))
    assert str(caught.value) == message
