"""The other task for which a success is predicted again."""
import numpy as np

from tester.recorded.tester import other_contexts

FIRST, SECOND = np.float32([1, 0]), np.float32([0, 1])


def test_it_is_the_next_task_in_turn():
    others = other_contexts({'a': FIRST, 'b': SECOND})
    assert others['a'] is SECOND and others['b'] is FIRST


def test_a_task_with_the_same_vector_is_passed_over():
    """Two tasks may share a sentence, and so its embedding."""
    others = other_contexts({'a': FIRST, 'twin': FIRST.copy(), 'b': SECOND})
    assert others['a'] is SECOND and others['twin'] is SECOND and (others['b'] == FIRST).all()


def test_tasks_without_another_vector_have_none():
    assert other_contexts({'a': FIRST, 'twin': FIRST.copy()}) == {} == other_contexts({'a': FIRST})
