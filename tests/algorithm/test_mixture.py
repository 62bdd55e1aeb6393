"""Which virtual episodes a run draws, and what it reports about them."""
import re

import pytest

from algorithm.recorded.mixture import AUTO, chosen_shares, remarks
from tests.recordings import recording
from utils.errors import UserError
from utils.flags.flag import Args

SHARES = {'failure_share': 0.0625, 'swap_share': 0.125, 'rewind_share': 0.25, 'prefix_share': 0.5}
TWO_TASKS = [recording(task='a'), recording(task='b')]
ONE_TASK = [recording(), recording()]
FAILURES = [recording(task='a', total_reward=0.0), recording(task='b', total_reward=0.0)]


def arguments(negatives, **flags):
    return Args({'libero_negatives': negatives, 'rrd_exact': False, 'rrd_sample_size': 4, **SHARES, **flags})


def shares(negatives, recordings=TWO_TASKS, **flags):
    return chosen_shares(arguments(negatives, **flags), recordings)


def refusal(negatives, recordings=TWO_TASKS, **flags):
    with pytest.raises(UserError) as caught:
        shares(negatives, recordings, **flags)
    return str(caught.value)


def test_kinds_that_are_named_have_the_shares_of_their_flags():
    assert shares('prefix,swap') == {'prefix': 0.5, 'swap': 0.125}
    assert shares('rewind') == {'rewind': 0.25}


def test_a_prefix_requires_a_success_that_is_not_rewarded_at_once():
    assert refusal('prefix', [recording(unrewarded=0)]).endswith(
        'prefix requires successes that are not rewarded in their first step in the training set')
    assert shares('prefix', [recording(unrewarded=0), recording()]) == {'prefix': 0.5}


def test_none_selects_no_virtual_episodes():
    assert shares('none') == {}


@pytest.mark.parametrize('recordings', [TWO_TASKS, [*TWO_TASKS, *FAILURES]], ids=['successes', 'all'])
def test_auto_selects_the_kinds_that_measured_best(recordings):
    assert [kind for kind in shares('auto', recordings) if kind != 'failure'] == list(AUTO)


def test_auto_leaves_swap_out_where_there_is_one_task():
    assert shares('auto', ONE_TASK) == {'rewind': 0.25}


def test_tasks_that_share_a_vector_are_not_swapped():
    twins = [recording(task='a'), recording(task='b')._replace(context=recording(task='a').context)]
    assert shares('auto', twins) == {'rewind': 0.25}
    assert refusal('swap', twins).endswith('swap requires episodes of two tasks or more in the training set')


@pytest.mark.parametrize('negatives', ['auto', 'none', 'rewind'])
def test_recorded_failures_have_a_share_with_any_virtual_episodes(negatives):
    assert shares(negatives, [*TWO_TASKS, *FAILURES])['failure'] == 0.0625
    assert 'failure' not in shares(negatives, TWO_TASKS)
    assert 'failure' not in shares(negatives, [*TWO_TASKS, *FAILURES], failure_share=0.0)


def test_a_kind_whose_share_is_zero_is_left_out():
    assert shares('swap,rewind', swap_share=0.0) == {'rewind': 0.25}


def test_swap_with_one_task_is_refused():
    assert refusal('rewind,swap', ONE_TASK) == (
        '--libero_negatives=rewind,swap: swap requires episodes of two tasks or more in the training set')


@pytest.mark.parametrize('kind', ['swap', 'rewind', 'prefix'])
def test_a_kind_that_is_named_is_refused_without_a_success(kind):
    expected = f'--libero_negatives={kind}: {kind} requires successes in the training set'
    assert refusal(kind, FAILURES) == expected


def test_shares_that_leave_too_little_for_recordings_are_refused_with_those_that_count():
    assert refusal('swap,rewind', swap_share=0.5, rewind_share=0.46) == (
        '--swap_share=0.5 --rewind_share=0.46: expected a sum of at most 0.95, so that recorded successes '
        'are drawn too')
    assert refusal('auto', swap_share=1.0, rewind_share=1.0, prefix_share=1.0).startswith('--')
    assert shares('prefix', rewind_share=0.9) == {'prefix': 0.5}        # not drawn, so not counted


@pytest.mark.parametrize('swap, rewind', [(0.45, 0.5), (0.1, 0.85), (0.05, 0.9), (0.15, 0.8), (0.7, 0.25)])
def test_a_sum_of_just_the_bound_is_accepted_however_it_rounds(swap, rewind):
    assert shares('swap,rewind', swap_share=swap, rewind_share=rewind) == {'swap': swap, 'rewind': rewind}


def remarks_on(recordings, made, negatives='none', **flags):
    return remarks(arguments(negatives, **flags), recordings, made)


def test_the_training_data_are_reported_with_their_numbers():
    recordings = [recording(1500), recording(1600, total_reward=0.0), recording(900), recording(10)]
    assert remarks_on(recordings, {'swap': 0.25, 'rewind': 0.3}) == [
        'training episodes: 3 successes, 1 failures, 4,010 steps; drawn: success 45%, swap 25%, rewind 30%']
    assert remarks_on(recordings, {'failure': 0.25})[0].endswith('; drawn: success 75%, failure 25%')


@pytest.mark.parametrize('recordings', [ONE_TASK, [*ONE_TASK, *FAILURES]], ids=['successes', 'all'])
def test_equal_returns_without_contrast_are_reported_as_degenerate_with_the_reason(recordings):
    warning, value = remarks_on(recordings, {})[1], recordings[0].total_reward
    assert warning.startswith(f'warning: every drawn episode has the return {value:g} and there is no ')
    assert 'the decomposition is degenerate' in warning and 'fits it perfectly' in warning
    assert re.search(r'--libero_failures.*--libero_negatives=auto$', warning)


@pytest.mark.parametrize('recordings, made', [
    (ONE_TASK, {'rewind': 0.1}), ([recording(), recording(total_reward=0.0)], {'failure': 0.1}),
    ([recording(), recording(total_reward=0.5)], {})])
def test_nothing_is_degenerate_if_returns_differ_or_there_are_virtual_episodes(recordings, made):
    assert len(remarks_on(recordings, made)) == 1


def test_a_sample_size_above_the_shortest_episode_is_reported_with_both():
    text = ('--rrd_sample_size=7: steps of shorter episodes (the shortest has 6 steps) are drawn with '
            'replacement')
    recordings = [recording(9), recording(6, total_reward=0.0)]
    made = {'failure': 0.1}
    assert remarks_on(recordings, made, rrd_sample_size=7)[1:] == [text]
    assert remarks_on(recordings, made, rrd_sample_size=6)[1:] == []
    assert remarks_on(recordings, made, rrd_sample_size=7, rrd_exact=True)[1:] == []
