"""Correlations of predicted with true rewards, against sums and ranks computed by hand."""
import math
from types import SimpleNamespace

import numpy as np
import pytest

from tester.online import OnlineTester
from tester.true_rewards import TrueRewards, correlations, has_true_rewards
from tests.fakes import DISCRETE, FRAMES, SPEC, FakeAgent, FakeEnvironment, FakeLog, arguments
from utils.flags.flag import Args
from utils.stop_signals import StopSignals
from utils.types import Field, Spec


class SquarePredictor(FakeAgent):
    """Predicts the square of the time of the next observation, and stores its inputs."""

    def predict_rewards(self, observation, action, next_observation):
        self.inputs = observation['state'], action, next_observation['state']
        return next_observation['state'][:, 1] ** 2


class Numbered(FakeEnvironment):
    """Has a thousand discrete actions."""

    spec = Spec(FakeEnvironment.spec.observation, Field((), np.int32), 1000)


def pearson(x, y):
    """By the definition, number by number."""
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    products = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return products / math.sqrt(sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y))


def test_both_correlations_are_those_of_a_computation_by_hand():
    predicted, true = [0.5, -2.0, 0.5, 7.0, 1.0], [10.0, 3.0, 20.0, 30.0, -1.0]
    ranks = [2.5, 1, 2.5, 5, 4], [3, 2, 4, 5, 1]        # steps that tie share their mean rank
    assert correlations(np.float32(predicted), np.float32(true)) == pytest.approx(
        {'reward/true_correlation': pearson(predicted, true), 'reward/true_spearman': pearson(*ranks)},
        rel=1e-12)


@pytest.mark.parametrize('sign', [1, -1])
def test_a_monotone_prediction_has_a_rank_correlation_of_exactly_one(sign):
    true = np.linspace(0, 3, 7, dtype=np.float32)
    found = correlations(sign * np.exp(true), true)
    assert found['reward/true_spearman'] == pytest.approx(sign, abs=1e-12) and abs(
        found['reward/true_spearman']) <= 1
    assert 0.5 < sign * found['reward/true_correlation'] < 0.99


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize('predicted, true', [
    ([2, 2, 2], [1, 2, 3]), ([1, 2, 3], [0, 0, 0]), ([5], [7]), ([1, np.nan, 2], [1, 2, 3]),
    ([1, np.inf, 2], [1, 2, 3]), ([1, 2, 3], [1, -np.inf, 3])],
    ids=['constant prediction', 'constant truth', 'one step', 'nan', 'inf', 'inf in truth'])
def test_undefined_correlations_are_left_out_without_a_warning(predicted, true):
    assert correlations(np.float32(predicted), np.float32(true)) == {}


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize('predicted', [
    np.nextafter(np.float32(1), np.float32([2, 0, 0, 2])), np.float32([3e38, -3e38, -3e38, 3e38]),
    np.float32([1e-45, 0, 0, 1e-45])], ids=['nearly constant', 'huge', 'denormal'])
def test_two_values_of_any_size_are_as_good_as_one_and_zero(predicted):
    true = np.float32([1, 2, 3, 5])
    wanted = {'reward/true_correlation': pearson([1, 0, 0, 1], true.tolist()),
              'reward/true_spearman': pearson([1, 0, 0, 1], [1, 2, 3, 4])}
    assert correlations(predicted, true) == pytest.approx(wanted, rel=1e-6)


def test_two_steps_have_a_correlation_of_1_or_minus_1():
    assert list(correlations(np.float32([1, 2]), np.float32([5, 3])).values()) == pytest.approx([-1, -1])


def test_the_reward_model_gets_both_observations_and_the_executed_action_of_each_step():
    env, agent, log = Numbered(3), SquarePredictor(), FakeLog()
    args = Args({**arguments('sac', test_rollouts=1), 'test_eps': 1.0})
    OnlineTester(args, env, agent, log, None, StopSignals(), np.random.default_rng(0),
                 TrueRewards(agent, env.spec)).cycle_summary(0)
    before, actions, after = agent.inputs
    assert before.tolist() == [[0, 0], [0, 1], [0, 2]] and after.tolist() == [[0, 1], [0, 2], [0, 3]]
    assert actions.tolist() == [int(action) for action in env.actions] and actions.dtype == np.int32
    assert len(set(actions.tolist())) == 3              # random actions, not those of the agent
    assert log.added[-1] == pytest.approx({'reward/true_correlation': pearson([1, 4, 9], [1, 2, 3]),
                                           'reward/true_spearman': 1.0})


@pytest.mark.parametrize('keep, lengths', [(True, [2, 3]), (False, [])])
def test_episodes_are_stored_only_on_request(keep, lengths):
    true_rewards = TrueRewards(SquarePredictor(), FakeEnvironment.spec, keep)
    for length in (2, 3):
        env = FakeEnvironment(length)
        true_rewards.begin(env.reset())
        for _ in range(length):
            observation, reward, *_ = env.step(0)
            true_rewards.add(0, reward, observation)
        true_rewards.finish()
    assert [len(true) for _, true in true_rewards.episodes] == lengths
    for predicted, true in true_rewards.episodes:
        assert predicted.tolist() == [(t + 1) ** 2 for t in range(len(true))]
        assert true.tolist() == [t + 1 for t in range(len(true))]


def test_a_reward_model_is_evaluated_on_vectors_but_not_on_frames_which_need_too_much_memory():
    learned, plain = SimpleNamespace(reward_model='one'), SimpleNamespace(reward_model=None)
    assert has_true_rewards(learned, SPEC) and has_true_rewards(learned, DISCRETE)
    assert not has_true_rewards(learned, FRAMES) and not has_true_rewards(plain, SPEC)
