"""Roll-outs in an environment with known rewards."""
import json

import numpy as np
import pytest

from envs.simulated import EpisodicReward, make_env
from tester.online import OnlineTester
from tester.true_rewards import TrueRewards
from tests.fakes import FakeAgent, FakeEnvironment, FakeLog, StopAt, arguments
from tests.tester.test_true_rewards import SquarePredictor, pearson
from utils.errors import DivergedError, Interrupted
from utils.logs.rollout_record import RolloutRecord
from utils.stop_signals import StopSignals

# rewards of episode e are 10 e + 1, 10 e + 2 ...
RETURNS = [1 + 2 + 3, 11.0, 21 + 22]
LENGTHS = [3, 1, 2]


def make_tester(env=None, record=None, rollouts=3, agent=None):
    """(tester, its agent and log); predictions of a `SquarePredictor` are compared with the true rewards."""
    agent, log = agent or FakeAgent(), FakeLog()
    env = env or FakeEnvironment(*LENGTHS)
    args = arguments('sac', test_rollouts=rollouts)
    true_rewards = TrueRewards(agent, env.spec) if isinstance(agent, SquarePredictor) else None
    return OnlineTester(args, env, agent, log, record, StopSignals(), None, true_rewards), agent, log


@pytest.mark.parametrize('wrapper', [lambda env: env, EpisodicReward], ids=['dense', 'episodic'])
def test_returns_and_lengths_are_those_of_whole_episodes(wrapper):
    tester, _, log = make_tester(wrapper(FakeEnvironment(*LENGTHS)))
    tester.cycle_summary(500)
    assert log.values == pytest.approx({
        'test/return_mean': np.mean(RETURNS), 'test/return_std': np.std(RETURNS), 'test/return_min': 6.0,
        'test/return_max': 43.0, 'test/length_mean': 2.0})


def test_every_action_is_evaluated_and_none_explores():
    tester, agent, log = make_tester()
    tester.cycle_summary(500)
    assert agent.calls == ['judge'] * sum(LENGTHS)
    assert log.added == [{'test/q_mean': q} for q in (0, 1, 2, 0, 0, 1)]    # steps of the episodes


def test_predictions_are_compared_with_the_true_rewards_of_each_episode():
    tester, _, log = make_tester(agent=SquarePredictor())
    tester.cycle_summary(500)
    correlated = [values for values in log.added if 'test/q_mean' not in values]
    assert correlated == [pytest.approx({'reward/true_correlation': pearson([1, 4, 9], [1, 2, 3]),
                                   'reward/true_spearman': 1.0}),
                    {},                             # one step has no correlation
                    pytest.approx({'reward/true_correlation': 1.0, 'reward/true_spearman': 1.0})]


def test_the_return_of_true_rewards_is_exactly_that_of_episodic_ones():
    args, found = arguments('sac', env='Pendulum-v1', test_timesteps=50), []
    for wrap in (lambda env: env, EpisodicReward):
        tester, _, log = make_tester(wrap(make_env(args, 3)))
        tester.cycle_summary(0)
        found.append(log.values)
    assert found[0] == found[1] and found[0]['test/return_mean'] < 0


def test_each_test_begins_with_a_new_episode():
    tester, _, log = make_tester(rollouts=1)
    for expected in RETURNS:
        tester.cycle_summary(0)
        assert log.values['test/return_mean'] == expected


def test_record_holds_every_roll_out_at_the_step_of_its_test(tmp_path):
    tester, *_ = make_tester(record=RolloutRecord(tmp_path / 'rews.npz'))
    tester.cycle_summary(500)
    tester.cycle_summary(900)
    with np.load(tmp_path / 'rews.npz', allow_pickle=False) as data:
        assert data['steps'].tolist() == [500, 900]
        assert data['returns'].tolist() == [RETURNS, [31 + 32 + 33, 41, 51 + 52]]


def test_action_that_is_not_finite_stops_the_run_before_it_is_taken():
    class Broken(FakeAgent):
        def act_with_diagnostics(self, observation, explore=False):
            return np.float32(['nan']), {}

    env = FakeEnvironment(3)
    tester = OnlineTester(arguments('sac'), env, Broken(), FakeLog(), None, StopSignals(), None)
    with pytest.raises(DivergedError, match=r'^the action became \[nan\] in the test at step 500$'):
        tester.cycle_summary(500)
    assert env.actions == []


@pytest.mark.parametrize('check', [1, 2, 3])
def test_a_test_interrupted_after_any_roll_out_is_resumed(check, tmp_path):
    env, args = FakeEnvironment(*LENGTHS), arguments('sac', test_rollouts=3)
    agent, log, record = SquarePredictor(), FakeLog(), RolloutRecord(tmp_path / 'rews.npz')
    first = OnlineTester(args, env, agent, log, record, StopAt(check), None, TrueRewards(agent, env.spec))
    with pytest.raises(Interrupted):
        first.cycle_summary(500)
    assert (first.num_done, log.values, list(tmp_path.iterdir())) == (check, {}, [])
    second = OnlineTester(args, env, agent, log, record, StopSignals(), None, TrueRewards(agent, env.spec))
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    second.cycle_summary(500)
    whole, whole_agent, whole_log = make_tester(agent=SquarePredictor())
    whole.cycle_summary(500)
    assert (agent.calls, log.added, log.values) == (whole_agent.calls, whole_log.added, whole_log.values)
    assert np.load(tmp_path / 'rews.npz')['returns'].tolist() == [RETURNS]
    assert second.num_done == 0


def test_between_tests_no_roll_outs_are_kept():
    tester, *_ = make_tester()
    assert tester.state_dict() == {'rollouts': []}
    tester.cycle_summary(500)
    assert tester.state_dict() == {'rollouts': []}
