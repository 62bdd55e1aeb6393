"""Columns in words."""
import pytest

from figures.words import WORDS, axis_name
from tests.pages import ROOT, read


def test_a_column_is_named_in_words_in_short_lines():
    assert axis_name('test/return_mean') == 'test return'
    assert axis_name('reward/true_correlation') == 'correlation with the true\nreward'
    assert axis_name('test/return_mean', ', mean of 2 tests') == 'test return, mean of 2\ntests'


def test_a_column_without_words_keeps_its_name():
    assert axis_name('sac/alpha') == 'sac/alpha'


@pytest.mark.parametrize('column', WORDS)
def test_every_column_in_words_is_in_the_documents(column):
    page = read(ROOT / 'docs' / 'flags-and-columns.md')
    prefix, _, last = column.rpartition('_')
    assert f'`{column}`' in page or f'`{prefix}_mean`' in page and f'`_{last}`' in page
