"""LIBERO's suites against what its repository says of them."""
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.flags.suites import SUITES, folders_of, task_of, tasks_of


def test_suites_have_as_many_tasks_as_the_benchmark():
    assert {suite: len(tasks) for suite, tasks in SUITES.items()} == {
        'libero_spatial': 10, 'libero_object': 10, 'libero_goal': 10, 'libero_90': 90, 'libero_10': 10,
        'libero_long': 10, 'libero_100': 100}


def test_no_suite_names_a_task_twice():
    assert all(len(set(tasks)) == len(tasks) for tasks in SUITES.values())


@pytest.mark.parametrize('suite, first, last', [
    ('libero_spatial', 'pick_up_the_black_bowl_between_the_plate_and_the_ramekin_and_place_it_on_the_plate',
     'pick_up_the_black_bowl_on_the_wooden_cabinet_and_place_it_on_the_plate'),
    ('libero_object', 'pick_up_the_alphabet_soup_and_place_it_in_the_basket',
     'pick_up_the_orange_juice_and_place_it_in_the_basket'),
    ('libero_goal', 'open_the_middle_drawer_of_the_cabinet', 'put_the_wine_bottle_on_the_rack'),
    ('libero_90', 'KITCHEN_SCENE10_close_the_top_drawer_of_the_cabinet',
     'STUDY_SCENE4_pick_up_the_book_on_the_right_and_place_it_under_the_cabinet_shelf'),
    ('libero_10', 'LIVING_ROOM_SCENE2_put_both_the_alphabet_soup_and_the_tomato_sauce_in_the_basket',
     'KITCHEN_SCENE6_put_the_yellow_and_white_mug_in_the_microwave_and_close_it'),
])
def test_tasks_are_in_the_order_of_the_benchmark(suite, first, last):
    assert (tasks_of(suite)[0], tasks_of(suite)[-1]) == (first, last)


def test_libero_100_is_libero_90_and_then_libero_10():
    assert tasks_of('libero_100') == tasks_of('libero_90') + tasks_of('libero_10')


def test_libero_long_is_another_name_of_libero_10():
    assert tasks_of('libero_long') == tasks_of('libero_10')
    assert folders_of('libero_long') == ('libero_10',)


def test_libero_100_lies_in_two_folders():
    assert folders_of('libero_100') == ('libero_90', 'libero_10')
    assert folders_of('libero_goal') == ('libero_goal',)


def test_an_unknown_suite_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match='one of the suites libero_spatial, .*got .libero_kitchen.'):
        tasks_of('libero_kitchen')


def test_a_task_is_the_name_of_its_file_without_the_ending():
    assert task_of(Path('somewhere/put_the_bowl_on_the_plate_demo.hdf5')) == 'put_the_bowl_on_the_plate'
