"""How the documents are parsed."""
from tests.pages import anchors, commands, links, sentences


def test_sentences_end_at_points_and_at_list_items_and_are_of_prose_alone():
    text = ('One two. Three (four.) Five\nsix `a b c`.\n\n* seven.\n* eight [nine](x.md)\n\n| ten |\n\n'
            '```\nten\n```\n\n# Eleven\n')
    assert [' '.join(words) for words in sentences(text)] == [
        'One two.', 'Three (four.)', 'Five six `code`.', 'seven.', 'eight nine']


def test_a_command_is_found_in_a_block_over_two_lines_and_within_a_sentence():
    text = "Say `python a.py\n--b` or\n```\npython c.py --d \\\n    'e f'   # g\n  python not.py\n```\n"
    assert commands(text) == [['c.py', '--d', 'e f'], ['a.py', '--b']]


def test_a_link_is_known_by_its_target_and_an_anchor_by_its_heading():
    assert links('[a](b.md#c) ![d](e.png) [f](https://g)\n```\n[h](i)\n```') == ['b.md#c', 'e.png']
    assert anchors('# Columns of progress.csv\n## RRD-L(RD)') == {'columns-of-progresscsv', 'rrd-lrd'}
