"""The engine of flags, on a table of five."""
import copy
import re

import pytest

from utils.errors import UserError
from utils.flags.command_line import parse
from utils.flags.flag import Args, Flag, boolean

TABLE = {
    'Kind': (
        Flag('shape', str, 'round', 'what it looks like', choices=('round', 'square')),
        Flag('corner', str, 'sharp', 'kind of corner', only='square'),
    ),
    'Size': (
        Flag('radius', int, {'': 3, 'square': 4, 'square blunt': 5}, 'in steps', low=1),
        Flag('share', float, 0.5, 'at most 100 %', only='round or square blunt', high=1),
        Flag('filled', boolean, False, 'paint it'),
    ),
}


def parsed(*argv):
    return dict(parse(TABLE, ('shape', 'corner'), argv, lambda name, value: (value,)))


def refusal(*argv):
    with pytest.raises(UserError) as caught:
        parsed(*argv)
    return str(caught.value)


def test_a_run_without_flags_has_the_defaults_of_its_kind_and_no_flag_of_another():
    assert parsed() == {'shape': 'round', 'radius': 3, 'share': 0.5, 'filled': False}


def test_of_several_defaults_the_one_with_most_tags_wins():
    assert parsed('--shape=square')['radius'] == 4
    assert parsed('--shape=square', '--corner=blunt')['radius'] == 5


def test_a_given_value_beats_every_default():
    assert parsed('--shape=square', '--corner=blunt', '--radius=7')['radius'] == 7


def test_a_flag_exists_where_one_of_its_conditions_holds():
    assert 'share' not in parsed('--shape=square')
    assert 'share' in parsed('--shape=square', '--corner=blunt')


def test_values_follow_an_equals_sign_or_a_space_and_the_last_one_counts():
    assert parsed('--radius', '5', '--share=0.25', '--radius=6') == {
        'shape': 'round', 'radius': 6, 'share': 0.25, 'filled': False}


def test_numbers_are_plain_python_numbers():
    values = parsed('--radius=5', '--share=1')
    assert (type(values['radius']), type(values['share'])) == (int, float)


@pytest.mark.parametrize('text', ['yes', 'True', 't', 'Y', '1', 'TRUE', 'yEs'])
def test_ways_to_say_true(text):
    assert boolean(text) is True


@pytest.mark.parametrize('text', ['no', 'False', 'f', 'N', '0', 'FALSE', 'nO'])
def test_ways_to_say_false(text):
    assert boolean(text) is False


@pytest.mark.parametrize('word, message', [
    ('--radius=0', '--radius=0: expected an integer from 1 to 2**63 - 1'),
    ('--radius=-2', '--radius=-2: expected an integer from 1 to 2**63 - 1'),
    ('--radius=1.5', '--radius=1.5: expected an integer from 1 to 2**63 - 1'),
    ('--radius=9223372036854775808', '--radius=9223372036854775808: expected an integer from 1 to 2**63 - 1'),
    ('--radius=', '--radius=: expected an integer from 1 to 2**63 - 1'),
    ('--share=1.01', '--share=1.01: expected a number from 0 to 1'),
    ('--share=nan', '--share=nan: expected a number from 0 to 1'),
    ('--share=inf', '--share=inf: expected a number from 0 to 1'),
    ('--share=-inf', '--share=-inf: expected a number from 0 to 1'),
    ('--share=half', '--share=half: expected a number from 0 to 1'),
    ('--filled=maybe', '--filled=maybe: expected True or False'),
    ('--shape=oval', '--shape=oval: expected round or square'),
])
def test_an_invalid_value_is_refused_with_what_was_expected(word, message):
    assert refusal(word) == message


@pytest.mark.parametrize('text', ['1e39', 'nan', 'inf'])
def test_a_number_without_a_bound_still_fits_into_float32(text):
    with pytest.raises(UserError, match='expected a number from 0 to 3.4e38'):
        Flag('rate', float, 1.0, '').read(text)


def test_the_largest_integer_is_accepted():
    assert parsed('--radius=9223372036854775807')['radius'] == 2 ** 63 - 1


@pytest.mark.parametrize('argv, message', [
    (['--corner=sharp'], '--corner=sharp needs square; this run is round'),
    (['--shape=square', '--share=0.5'], '--share=0.5 needs round or square blunt; this run is square sharp'),
])
def test_a_flag_of_another_kind_of_run_is_refused_with_both_kinds(argv, message):
    assert refusal(*argv) == message


@pytest.mark.parametrize('argv, message', [
    (['--rad=3'], 'unknown flag --rad=3; did you mean --radius?'),
    (['--s=3'], 'unknown flag --s=3; did you mean --shape or --share?'),
    (['--fill-ed', 'yes'], 'unknown flag --fill-ed; did you mean --filled?'),
    (['-radius=3'], 'unknown flag -radius=3; did you mean --radius?'),
    (['--weight=3'], 'unknown flag --weight=3; see --help'),
    (['--=3'], 'unknown flag --=3; see --help'),
    (['--radius=3', 'round'], "unexpected 'round': write flags as --name=value"),
    (['--radius'], '--radius: expected one argument'),
    (['--radius', '--share=1'], '--radius: expected one argument'),
])
def test_a_word_that_is_no_flag_is_refused_with_the_nearest_ones(argv, message):
    assert refusal(*argv) == message


def test_a_refusal_prints_nothing(capsys):
    refusal('--weight=3')
    assert capsys.readouterr() == ('', '')


def test_two_defaults_with_equally_many_tags_are_a_defect_of_the_table():
    flag = Flag('radius', int, {'': 1, 'round': 2, 'blunt': 3}, '')
    with pytest.raises(ValueError, match='radius has no single default for round blunt'):
        flag.default_for(('round', 'blunt'))


def test_a_kind_of_run_without_a_default_is_a_defect_of_the_table():
    with pytest.raises(ValueError, match='radius has no single default for square'):
        Flag('radius', int, {'round': 2}, '').default_for(('square',))


def test_help_shows_groups_choices_defaults_and_conditions_and_ends_the_program(capsys, monkeypatch):
    monkeypatch.setenv('COLUMNS', '100')
    with pytest.raises(SystemExit) as caught:
        parse(TABLE, ('shape', 'corner'), ['--help'], lambda name, value: (value,), epilog='the end')
    assert caught.value.code == 0
    output, errors = capsys.readouterr()
    assert errors == '' and output.endswith('the end\n')
    lines = [re.sub(' +', ' ', line).strip() for line in output.splitlines()]
    assert 'Kind:' in lines and 'Size:' in lines
    assert '--shape TEXT what it looks like: round or square (round)' in lines
    assert '--radius INT in steps (3; square: 4; square blunt: 5)' in lines
    assert '--share FLOAT at most 100 % (0.5) [only round or square blunt]' in lines
    assert '--filled [BOOL] paint it (False)' in lines


def test_args_are_read_only_and_the_error_names_an_alternative():
    args = Args({'radius': 3})
    with pytest.raises(AttributeError, match='read-only; pass radius as an argument'):
        args.radius = 4
    with pytest.raises(AttributeError, match='read-only; pass epsilon as an argument'):
        args.epsilon = 4
    with pytest.raises(AttributeError, match='read-only'):
        del args.radius
    assert dict(args) == {'radius': 3}


def test_args_are_equal_when_their_values_are():
    args = Args({'radius': 3})
    assert args == Args({'radius': 3}) == copy.deepcopy(args)
    assert args != Args({'radius': 4})


def test_a_flag_that_the_run_does_not_have_is_not_an_attribute():
    with pytest.raises(AttributeError, match='corner'):
        _ = Args({'radius': 3}).corner
