"""The tasks of LIBERO's suites, in the benchmark's order (`libero_suite_task_map` of its repository)."""
import difflib

from utils.errors import UserError

ENDING = '_demo.hdf5'       # of the file of a task
OWN_DATA = 'recorded'       # value of --env for episodes of the user's own tasks

_SPATIAL = '''
    pick_up_the_black_bowl_between_the_plate_and_the_ramekin_and_place_it_on_the_plate
    pick_up_the_black_bowl_next_to_the_ramekin_and_place_it_on_the_plate
    pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate
    pick_up_the_black_bowl_on_the_cookie_box_and_place_it_on_the_plate
    pick_up_the_black_bowl_in_the_top_drawer_of_the_wooden_cabinet_and_place_it_on_the_plate
    pick_up_the_black_bowl_on_the_ramekin_and_place_it_on_the_plate
    pick_up_the_black_bowl_next_to_the_cookie_box_and_place_it_on_the_plate
    pick_up_the_black_bowl_on_the_stove_and_place_it_on_the_plate
    pick_up_the_black_bowl_next_to_the_plate_and_place_it_on_the_plate
    pick_up_the_black_bowl_on_the_wooden_cabinet_and_place_it_on_the_plate
'''

_OBJECT = '''
    pick_up_the_alphabet_soup_and_place_it_in_the_basket
    pick_up_the_cream_cheese_and_place_it_in_the_basket
    pick_up_the_salad_dressing_and_place_it_in_the_basket
    pick_up_the_bbq_sauce_and_place_it_in_the_basket
    pick_up_the_ketchup_and_place_it_in_the_basket
    pick_up_the_tomato_sauce_and_place_it_in_the_basket
    pick_up_the_butter_and_place_it_in_the_basket
    pick_up_the_milk_and_place_it_in_the_basket
    pick_up_the_chocolate_pudding_and_place_it_in_the_basket
    pick_up_the_orange_juice_and_place_it_in_the_basket
'''

_GOAL = '''
    open_the_middle_drawer_of_the_cabinet
    put_the_bowl_on_the_stove
    put_the_wine_bottle_on_top_of_the_cabinet
    open_the_top_drawer_and_put_the_bowl_inside
    put_the_bowl_on_top_of_the_cabinet
    push_the_plate_to_the_front_of_the_stove
    put_the_cream_cheese_in_the_bowl
    turn_on_the_stove
    put_the_bowl_on_the_plate
    put_the_wine_bottle_on_the_rack
'''

_90 = '''
    KITCHEN_SCENE10_close_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE10_close_the_top_drawer_of_the_cabinet_and_put_the_black_bowl_on_top_of_it
    KITCHEN_SCENE10_put_the_black_bowl_in_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE10_put_the_butter_at_the_back_in_the_top_drawer_of_the_cabinet_and_close_it
    KITCHEN_SCENE10_put_the_butter_at_the_front_in_the_top_drawer_of_the_cabinet_and_close_it
    KITCHEN_SCENE10_put_the_chocolate_pudding_in_the_top_drawer_of_the_cabinet_and_close_it
    KITCHEN_SCENE1_open_the_bottom_drawer_of_the_cabinet
    KITCHEN_SCENE1_open_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE1_open_the_top_drawer_of_the_cabinet_and_put_the_bowl_in_it
    KITCHEN_SCENE1_put_the_black_bowl_on_the_plate
    KITCHEN_SCENE1_put_the_black_bowl_on_top_of_the_cabinet
    KITCHEN_SCENE2_open_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE2_put_the_black_bowl_at_the_back_on_the_plate
    KITCHEN_SCENE2_put_the_black_bowl_at_the_front_on_the_plate
    KITCHEN_SCENE2_put_the_middle_black_bowl_on_the_plate
    KITCHEN_SCENE2_put_the_middle_black_bowl_on_top_of_the_cabinet
    KITCHEN_SCENE2_stack_the_black_bowl_at_the_front_on_the_black_bowl_in_the_middle
    KITCHEN_SCENE2_stack_the_middle_black_bowl_on_the_back_black_bowl
    KITCHEN_SCENE3_put_the_frying_pan_on_the_stove
    KITCHEN_SCENE3_put_the_moka_pot_on_the_stove
    KITCHEN_SCENE3_turn_on_the_stove
    KITCHEN_SCENE3_turn_on_the_stove_and_put_the_frying_pan_on_it
    KITCHEN_SCENE4_close_the_bottom_drawer_of_the_cabinet
    KITCHEN_SCENE4_close_the_bottom_drawer_of_the_cabinet_and_open_the_top_drawer
    KITCHEN_SCENE4_put_the_black_bowl_in_the_bottom_drawer_of_the_cabinet
    KITCHEN_SCENE4_put_the_black_bowl_on_top_of_the_cabinet
    KITCHEN_SCENE4_put_the_wine_bottle_in_the_bottom_drawer_of_the_cabinet
    KITCHEN_SCENE4_put_the_wine_bottle_on_the_wine_rack
    KITCHEN_SCENE5_close_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE5_put_the_black_bowl_in_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE5_put_the_black_bowl_on_the_plate
    KITCHEN_SCENE5_put_the_black_bowl_on_top_of_the_cabinet
    KITCHEN_SCENE5_put_the_ketchup_in_the_top_drawer_of_the_cabinet
    KITCHEN_SCENE6_close_the_microwave
    KITCHEN_SCENE6_put_the_yellow_and_white_mug_to_the_front_of_the_white_mug
    KITCHEN_SCENE7_open_the_microwave
    KITCHEN_SCENE7_put_the_white_bowl_on_the_plate
    KITCHEN_SCENE7_put_the_white_bowl_to_the_right_of_the_plate
    KITCHEN_SCENE8_put_the_right_moka_pot_on_the_stove
    KITCHEN_SCENE8_turn_off_the_stove
    KITCHEN_SCENE9_put_the_frying_pan_on_the_cabinet_shelf
    KITCHEN_SCENE9_put_the_frying_pan_on_top_of_the_cabinet
    KITCHEN_SCENE9_put_the_frying_pan_under_the_cabinet_shelf
    KITCHEN_SCENE9_put_the_white_bowl_on_top_of_the_cabinet
    KITCHEN_SCENE9_turn_on_the_stove
    KITCHEN_SCENE9_turn_on_the_stove_and_put_the_frying_pan_on_it
    LIVING_ROOM_SCENE1_pick_up_the_alphabet_soup_and_put_it_in_the_basket
    LIVING_ROOM_SCENE1_pick_up_the_cream_cheese_box_and_put_it_in_the_basket
    LIVING_ROOM_SCENE1_pick_up_the_ketchup_and_put_it_in_the_basket
    LIVING_ROOM_SCENE1_pick_up_the_tomato_sauce_and_put_it_in_the_basket
    LIVING_ROOM_SCENE2_pick_up_the_alphabet_soup_and_put_it_in_the_basket
    LIVING_ROOM_SCENE2_pick_up_the_butter_and_put_it_in_the_basket
    LIVING_ROOM_SCENE2_pick_up_the_milk_and_put_it_in_the_basket
    LIVING_ROOM_SCENE2_pick_up_the_orange_juice_and_put_it_in_the_basket
    LIVING_ROOM_SCENE2_pick_up_the_tomato_sauce_and_put_it_in_the_basket
    LIVING_ROOM_SCENE3_pick_up_the_alphabet_soup_and_put_it_in_the_tray
    LIVING_ROOM_SCENE3_pick_up_the_butter_and_put_it_in_the_tray
    LIVING_ROOM_SCENE3_pick_up_the_cream_cheese_and_put_it_in_the_tray
    LIVING_ROOM_SCENE3_pick_up_the_ketchup_and_put_it_in_the_tray
    LIVING_ROOM_SCENE3_pick_up_the_tomato_sauce_and_put_it_in_the_tray
    LIVING_ROOM_SCENE4_pick_up_the_black_bowl_on_the_left_and_put_it_in_the_tray
    LIVING_ROOM_SCENE4_pick_up_the_chocolate_pudding_and_put_it_in_the_tray
    LIVING_ROOM_SCENE4_pick_up_the_salad_dressing_and_put_it_in_the_tray
    LIVING_ROOM_SCENE4_stack_the_left_bowl_on_the_right_bowl_and_place_them_in_the_tray
    LIVING_ROOM_SCENE4_stack_the_right_bowl_on_the_left_bowl_and_place_them_in_the_tray
    LIVING_ROOM_SCENE5_put_the_red_mug_on_the_left_plate
    LIVING_ROOM_SCENE5_put_the_red_mug_on_the_right_plate
    LIVING_ROOM_SCENE5_put_the_white_mug_on_the_left_plate
    LIVING_ROOM_SCENE5_put_the_yellow_and_white_mug_on_the_right_plate
    LIVING_ROOM_SCENE6_put_the_chocolate_pudding_to_the_left_of_the_plate
    LIVING_ROOM_SCENE6_put_the_chocolate_pudding_to_the_right_of_the_plate
    LIVING_ROOM_SCENE6_put_the_red_mug_on_the_plate
    LIVING_ROOM_SCENE6_put_the_white_mug_on_the_plate
    STUDY_SCENE1_pick_up_the_book_and_place_it_in_the_front_compartment_of_the_caddy
    STUDY_SCENE1_pick_up_the_book_and_place_it_in_the_left_compartment_of_the_caddy
    STUDY_SCENE1_pick_up_the_book_and_place_it_in_the_right_compartment_of_the_caddy
    STUDY_SCENE1_pick_up_the_yellow_and_white_mug_and_place_it_to_the_right_of_the_caddy
    STUDY_SCENE2_pick_up_the_book_and_place_it_in_the_back_compartment_of_the_caddy
    STUDY_SCENE2_pick_up_the_book_and_place_it_in_the_front_compartment_of_the_caddy
    STUDY_SCENE2_pick_up_the_book_and_place_it_in_the_left_compartment_of_the_caddy
    STUDY_SCENE2_pick_up_the_book_and_place_it_in_the_right_compartment_of_the_caddy
    STUDY_SCENE3_pick_up_the_book_and_place_it_in_the_front_compartment_of_the_caddy
    STUDY_SCENE3_pick_up_the_book_and_place_it_in_the_left_compartment_of_the_caddy
    STUDY_SCENE3_pick_up_the_book_and_place_it_in_the_right_compartment_of_the_caddy
    STUDY_SCENE3_pick_up_the_red_mug_and_place_it_to_the_right_of_the_caddy
    STUDY_SCENE3_pick_up_the_white_mug_and_place_it_to_the_right_of_the_caddy
    STUDY_SCENE4_pick_up_the_book_in_the_middle_and_place_it_on_the_cabinet_shelf
    STUDY_SCENE4_pick_up_the_book_on_the_left_and_place_it_on_top_of_the_shelf
    STUDY_SCENE4_pick_up_the_book_on_the_right_and_place_it_on_the_cabinet_shelf
    STUDY_SCENE4_pick_up_the_book_on_the_right_and_place_it_under_the_cabinet_shelf
'''

_10 = '''
    LIVING_ROOM_SCENE2_put_both_the_alphabet_soup_and_the_tomato_sauce_in_the_basket
    LIVING_ROOM_SCENE2_put_both_the_cream_cheese_box_and_the_butter_in_the_basket
    KITCHEN_SCENE3_turn_on_the_stove_and_put_the_moka_pot_on_it
    KITCHEN_SCENE4_put_the_black_bowl_in_the_bottom_drawer_of_the_cabinet_and_close_it
    LIVING_ROOM_SCENE5_put_the_white_mug_on_the_left_plate_and_put_the_yellow_and_white_mug_on_the_right_plate
    STUDY_SCENE1_pick_up_the_book_and_place_it_in_the_back_compartment_of_the_caddy
    LIVING_ROOM_SCENE6_put_the_white_mug_on_the_plate_and_put_the_chocolate_pudding_to_the_right_of_the_plate
    LIVING_ROOM_SCENE1_put_both_the_alphabet_soup_and_the_cream_cheese_box_in_the_basket
    KITCHEN_SCENE8_put_both_moka_pots_on_the_stove
    KITCHEN_SCENE6_put_the_yellow_and_white_mug_in_the_microwave_and_close_it
'''

SUITES = {name: tuple(text.split()) for name, text in {
    'libero_spatial': _SPATIAL, 'libero_object': _OBJECT, 'libero_goal': _GOAL,
    'libero_90': _90, 'libero_10': _10, 'libero_long': _10, 'libero_100': _90 + _10}.items()}

_FOLDERS = {'libero_long': ('libero_10',), 'libero_100': ('libero_90', 'libero_10')}


def check_no_suite(env):
    """Refuses a misspelt suite, and accepts every other name.

    A misspelt suite must not reach a simulator: Gymnasium would report an unknown environment.

    Raises:
        UserError: names the suites.
    """
    prefixes = tuple({name.split('_')[0] for name in SUITES})
    near = difflib.get_close_matches(env.lower(), SUITES, n=1, cutoff=0.85)
    if near or env.lower().startswith(prefixes):
        hint = f'; did you mean {near[0]}?' if near else ''
        raise UserError(f'--env={env}: expected one of the suites {", ".join(SUITES)}{hint}')


def tasks_of(suite):
    """Names of all tasks of a suite, in the benchmark's order.

    Raises:
        UserError: there is no such suite.
    """
    try:
        return SUITES[suite]
    except KeyError as error:
        raise UserError(f'--env: expected one of the suites {", ".join(SUITES)}, got {suite!r}') from error


def folders_of(suite):
    """Names of the folders that hold the files of a suite in LIBERO's layout."""
    return _FOLDERS.get(suite, (suite,))


def task_of(path):
    """The task whose episodes a file holds: its name without `_demo.hdf5`."""
    return path.name.removesuffix(ENDING)
