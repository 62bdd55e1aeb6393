"""Names of tasks, shortened to what distinguishes them."""
import pytest

from tester.recorded.task_names import short_names


@pytest.mark.parametrize('names', [
    {'pick_up_the_soup_and_place_it': '...soup...', 'pick_up_the_red_box_and_place_it': '...red box...'},
    {'open_it': 'open...', 'close_it': 'close...'},
    {'put_it_in_the_bowl': '...in the bowl', 'put_it_away': '...away'},
    {'put_it': '...it', 'put_it_away': '...it away'},
    {'turn_on_the_stove': 'turn on the stove'},
    {}])
def test_words_that_all_tasks_share_at_either_end_are_left_out_and_never_all(names):
    assert short_names(list(names)) == names
