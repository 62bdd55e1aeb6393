"""Foreign text on a terminal."""
import pytest

from utils.text import one_line, printable


@pytest.mark.parametrize('text, expected', [
    ('pick up the bowl', 'pick up the bowl'), ('schüssel 碗', 'schüssel 碗'), ('', ''),
    ('\x1b[31mred\x1b[0m', '[31mred[0m'), ('\x9b31m', '31m'), ('a\rb\nc\td', 'a b c d'), ('\x07\x00x', 'x'),
    ('\u202egnp.exe', 'gnp.exe'), ('a\u2028b', 'a b'), ('bad \udce9 name', 'bad  name')])
def test_no_control_character_is_left(text, expected):
    assert printable(text) == expected


def test_one_line_has_single_spaces():
    assert one_line(' a\n\n  b\x1b \t c ') == 'a b c'
