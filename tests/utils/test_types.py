"""The leaves of batches."""
from utils.types import Batch, Steps, Subsequences, Transitions, leaves


def test_leaves_of_a_batch_come_in_the_order_of_its_parts():
    steps = Transitions({'b': 1, 'a': 2}, 3, 4, {'b': 5, 'a': 6}, 7)
    drawn = Subsequences({'b': 8}, 9, {'b': 10}, 11, 12, 13, 14)
    assert leaves(Batch(steps, drawn)) == list(range(1, 15))


def test_what_is_none_adds_no_leaf():
    assert leaves(None) == leaves(Batch(None, None)) == []
    assert leaves(Batch(None, Subsequences({'a': 1}, 2, {'a': 3}, 4, 5))) == [1, 2, 3, 4, 5]
    assert leaves(Transitions({'a': 1}, None, None, {'a': 2}, None)) == [1, 2]


def test_leaves_of_steps_have_their_context_last():
    assert leaves(Steps({'a': 1, 'b': 2}, 3, {'a': 4, 'b': 5}, 6)) == [1, 2, 3, 4, 5, 6]
    assert leaves(Steps({'a': 1}, 2, {'a': 3})) == [1, 2, 3]


def test_leaves_are_those_of_dictionaries_and_lists_within_each_other():
    assert leaves([{'a': 1}, ({'b': 2, 'c': 3}, None), []]) == [1, 2, 3]
