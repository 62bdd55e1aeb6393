"""The list of tasks in --holdout_tasks, whose names may contain commas."""
import pytest

from envs.recorded.held_out_tasks import named_tasks
from utils.errors import UserError

TASKS = ('lift', 'open the drawer, then close it', 'open the drawer', 'stack, lift')


@pytest.mark.parametrize('text, expected', [
    ('', ()), (' , ', ()), ('lift', ('lift',)), (' lift ,open the drawer', ('lift', 'open the drawer')),
    ('open the drawer, then close it', ('open the drawer, then close it',)),
    ('open the drawer,then close it,lift', ('open the drawer, then close it', 'lift')),
    ('stack, lift,lift', ('stack, lift', 'lift')), ('lift,lift', ('lift',))])
def test_the_longest_part_that_is_a_name_is_one_task(text, expected):
    assert named_tasks(text, TASKS) == expected


def test_tasks_that_differ_in_blanks_alone_are_held_out_together():
    assert named_tasks('a,b', ('a, b', 'c', 'a,b', ' a,b')) == ('a, b', 'a,b', ' a,b')


def test_every_unknown_name_is_in_the_error_and_known_names_with_commas_are_in_quotes():
    with pytest.raises(UserError) as caught:
        named_tasks('lift,fly,open the drawer, then dance', TASKS)
    assert str(caught.value) == (
        "--holdout_tasks: there are no episodes of 'fly', 'then dance'; expected some of lift, 'open the "
        "drawer, then close it', open the drawer, 'stack, lift'")
