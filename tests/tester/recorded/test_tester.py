"""A reward model that is a known function, evaluated on handmade episodes."""
import json
import logging

import numpy as np
import pytest

from tester.recorded.baselines import fit_baselines
from tester.recorded.metrics import NAMES
from tester.recorded.tester import COLUMNS, OfflineTester
from tests.fakes import FakeLog, StopAt
from tests.tester.recorded.predictions import recording
from utils.errors import DivergedError, Interrupted
from utils.stop_signals import StopSignals

LONG = 150      # steps: more than two chunks


class Agent:
    """Rewards each step by its time, its context and a bias; stores the sizes of its inputs."""

    def __init__(self, bias=0.0):
        self.bias, self.sizes = bias, []

    def predict_rewards(self, observation, action, next_observation, context):
        before, after = observation['time'][:, 0], next_observation['time'][:, 0]
        np.testing.assert_array_equal(after - before, 1)
        assert action.shape == (len(before), 7) and context.shape == (len(before), 2)
        self.sizes.append(len(before))
        return (before + 1000 * context[:, 0] + self.bias).astype(np.float32)


def make_tester(held_out, agent=None, train=(), stop=None, patience=0, cautions=()):
    log = FakeLog()
    return OfflineTester(agent or Agent(), log, held_out, train, stop or StopSignals(), patience,
                         cautions), log


def test_every_step_is_predicted_once_and_in_order():
    tester, _ = make_tester([recording(LONG, 0.0, start=5)], agent := Agent())
    rewards = tester.predictions()[0].rewards
    np.testing.assert_array_equal(rewards, np.arange(LONG) + 5 + 3000)
    assert sum(agent.sizes) == LONG and max(agent.sizes) <= 64


def test_success_is_predicted_for_the_next_task_too_and_the_last_tasks_next_is_the_first():
    held_out = [recording(3), recording(3, task='blue'), recording(3, 0.0), recording(3, task='green')]
    tester, _ = make_tester(held_out)
    assert [p.swapped_return for p in tester.predictions()] == [
        3 * 4000 + 3, 3 * 5000 + 3, None, 3 * 3000 + 3]


def test_the_other_task_may_be_one_of_training():
    tester, _ = make_tester([recording(3)], train=[recording(3), recording(3, task='blue')])
    assert tester.predictions()[0].swapped_return == 3 * 4000 + 3


def test_without_another_task_nothing_is_swapped():
    tester, _ = make_tester([recording(30)])
    assert tester.predictions()[0].swapped_return is None and tester.values()['test/swap_auc'] is None


def test_prefix_is_the_sum_of_the_first_rewards():
    tester, _ = make_tester([recording(30)], Agent(bias=-3000))
    assert tester.predictions()[0].prefix_returns == (sum(range(10)), sum(range(15)))


def test_defined_metrics_are_logged_under_the_names_of_the_columns():
    tester, log = make_tester([recording(3), recording(3, 0.0)])
    tester.cycle_summary(7)
    assert set(log.values) == {f'test/{name}' for name in (
        'loss', 'return_rmse', 'return_correlation', 'success_auc', 'value_order_success',
        'value_order_failure')}
    assert log.values['test/success_auc'] == 0.5
    assert log.values.items() <= tester.values().items()
    assert tuple(tester.values()) == COLUMNS == tuple(f'test/{name}' for name in NAMES)


def test_each_cycle_predicts_anew_and_reports_after_it_do_not():
    tester, log = make_tester([recording(3, 0.0)], agent := Agent(bias=-3000), train=[recording(3)])
    tester.cycle_summary(1)
    agent.bias += 1
    tester.cycle_summary(2)
    assert log.values['test/return_rmse'] == 0 + 1 + 2 + 3
    count = len(agent.sizes)
    tester.values(), tester.report()
    assert len(agent.sizes) == count


def test_best_test_is_the_one_of_the_lowest_loss_and_equal_is_no_better():
    tester, _ = make_tester([recording(1, 0.0)], agent := Agent())
    assert (tester.improved, tester.cycles_since_best) == (False, 0)
    results = []
    for error in (5, 3, 3, 4, 2):
        agent.bias = error - 3000
        tester.cycle_summary(0)
        results.append((tester.improved, tester.cycles_since_best))
    assert results == [(True, 0), (True, 0), (False, 1), (False, 2), (True, 0)]


@pytest.mark.parametrize('patience, expected', [(0, [False] * 4), (2, [False, False, True, True])])
def test_patience_ends_after_so_many_tests_without_a_lower_loss(patience, expected):
    tester, _ = make_tester([recording(3, 0.0)], patience=patience)
    results = []
    for _ in range(4):
        tester.cycle_summary(0)
        results.append(tester.exhausted)
    assert results == expected


def test_the_best_loss_is_kept_by_a_resumed_run():
    first, _ = make_tester([recording(1, 0.0)], Agent(bias=-2998))
    first.cycle_summary(0)
    first.cycle_summary(0)
    second, _ = make_tester([recording(1, 0.0)], agent := Agent(bias=-2998.5))
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert second.cycles_since_best == 1
    second.cycle_summary(0)
    assert (second.improved, second.cycles_since_best) == (True, 0)
    agent.bias = -2998
    second.cycle_summary(0)
    assert (second.improved, second.cycles_since_best) == (False, 1)


def test_an_interrupted_test_is_repeated_from_its_start():
    held_out = [recording(3), recording(4, 0.0), recording(5, 0.0)]
    tester, log = make_tester(held_out, agent := Agent(), stop=StopAt(2))
    with pytest.raises(Interrupted):
        tester.cycle_summary(0)
    assert (agent.sizes, log.values, tester.num_done, tester.improved) == ([3, 4], {}, 0, False)
    again, again_log = make_tester(held_out)
    again.load_state_dict(tester.state_dict())
    again.cycle_summary(0)
    whole, whole_log = make_tester(held_out)
    whole.cycle_summary(0)
    assert again_log.values == whole_log.values and again.state_dict() == whole.state_dict()


def test_reward_that_is_not_finite_stops_the_run_and_names_the_episode():
    tester, log = make_tester([recording(3)], Agent(bias=float('nan')))
    with pytest.raises(DivergedError, match=r'^predicted rewards became nan in the test at step 9, of '
                                            r'red\.hdf5 demo_0$'):
        tester.cycle_summary(9)
    assert log.values == {}


def test_without_held_out_episodes_nothing_is_better_and_nothing_is_drawn(tmp_path, caplog):
    tester, log = make_tester([], train=[recording(3)], patience=1)
    tester.cycle_summary(0)
    assert (log.values, tester.improved, tester.exhausted) == ({}, False, False)
    with caplog.at_level(logging.INFO, 'rrd'):
        tester.conclude(tmp_path)
    assert 'no episode was held out' in caplog.text and list(tmp_path.iterdir()) == []


def test_at_the_end_the_report_is_logged_and_the_figure_drawn(tmp_path, caplog):
    train = [recording(3), recording(4, 0.0)]
    tester, _ = make_tester([recording(3), recording(4, 0.0, mode='near_miss')], train=train)
    with caplog.at_level(logging.INFO, 'rrd'):
        tester.conclude(tmp_path)
    assert [record.getMessage().strip('\n') for record in caplog.records] == tester.report()
    assert (tmp_path / 'rewards.png').read_bytes().startswith(b'\x89PNG')


class Table:
    """Stores the labels that it should write."""

    seen = {'train': [1]}

    def write(self, directory, labels):
        self.labels = labels
        return 'rewards.parquet'


def test_the_table_gets_the_rewards_of_held_out_and_training_episodes(tmp_path):
    table, held_out, train = Table(), [recording(3)], [recording(4, 0.0), recording(LONG)]
    tester = OfflineTester(Agent(), FakeLog(), held_out, train, StopSignals(), table=table)
    assert tester.conclude(tmp_path) == ('rewards.png', 'rewards.parquet')
    assert [(each.split, each.recorded_return) for each in table.labels] == [
        ('held_out', 1.0), ('train', 0.0), ('train', 1.0)]
    assert table.labels[2].rewards.tolist() == [3000 + t for t in range(LONG)]
    assert tester.state_dict()['seen'] == Table.seen


@pytest.mark.parametrize('held_out', [[], [recording(3)]], ids=['nothing held out', 'one episode'])
def test_cautions_come_last_in_the_report_and_as_warnings(held_out, tmp_path, caplog):
    tester, _ = make_tester(held_out, train=[recording(3)], cautions=['warning: it may rain'])
    with caplog.at_level(logging.INFO, 'rrd'):
        tester.conclude(tmp_path)
    assert (caplog.records[-1].getMessage(), caplog.records[-1].levelname) == (
        'warning: it may rain\n', 'WARNING')
    assert len(caplog.records) == len(tester.report()) + 1


def test_report_compares_metrics_with_those_of_the_baselines():
    train = [recording(20), recording(40, 0.0)]
    tester, _ = make_tester([recording(20, progress=np.arange(21)), recording(30, 0.0, mode='near_miss')],
                            Agent(bias=-3000), train)
    heading, overall, by_task, by_mode = tester.report()
    assert heading.startswith('evaluated on 1 success and 1 failure\n')
    lines = {line.split()[0]: line.split()[1:] for line in overall.splitlines() if 'test/' in line}
    assert overall.split('\n')[0].split() == ['learned', *fit_baselines(train), 'true', 'progress',
                                                  'interval']
    assert lines['test/success_auc'] == ['-'] * 6       # of a single pair
    assert lines['test/value_order_success'][:5] == ['1.000'] * 5
    # the clock is constant from step 20 on
    assert lines['test/value_order_failure'][:5] == ['1.000', '1.000', '0.975', '1.000', '-']
    assert lines['test/swap_auc'] == ['-'] * 6
    errors = [sum(range(20)) - 1, sum(range(30))]
    assert float(lines['test/return_rmse'][0]) == pytest.approx(np.sqrt(np.mean(np.square(errors))), abs=1e-3)
    assert by_task.split('\n')[-1].split()[:2] == ['red', '2']
    assert by_mode.split('\n')[-1].split() == ['near_miss', '1', '-', '1.000', '-', '-']


def test_an_auc_of_few_pairs_is_logged_but_not_shown():
    tester, log = make_tester([recording(3), recording(4, 0.0, mode='late')])
    tester.cycle_summary(0)
    assert log.values['test/success_auc'] == 0.0 and log.unshown == {'test/success_auc'}
