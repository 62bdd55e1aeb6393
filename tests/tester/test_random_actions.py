"""Random actions in tests on Atari, and their absence elsewhere."""
import numpy as np
import pytest

from tester.online import OnlineTester
from tests.algorithm.agents import make_agent
from tests.fakes import DISCRETE, FakeAgent, FakeEnvironment, FakeLog, arguments, random_observation
from utils.stop_signals import StopSignals
from utils.types import Field, Spec

BEST, NUM_ACTIONS = 9, 4        # the best is not among the drawn ones
PONG = {'env': 'Pong', 'test_rollouts': 1}


class Numbered(FakeEnvironment):
    """A `FakeEnvironment` of four discrete actions."""

    spec = Spec({'state': Field((2,))}, Field((), np.int32), NUM_ACTIONS)


class Greedy(FakeAgent):
    """Always chooses the best action; its value is the number of the step."""

    def act_with_diagnostics(self, observation, explore=False):
        _, info = super().act_with_diagnostics(observation, explore)
        return np.int32(BEST), info


def played(length, rng, **flags):
    """(actions of a test of one episode, its log)."""
    env, log = Numbered(length), FakeLog()
    args = arguments('dqn', **flags)
    OnlineTester(args, env, Greedy(), log, None, StopSignals(), rng).cycle_summary(0)
    return np.array(env.actions), log


@pytest.mark.parametrize('share', [0.1, 0.5])
def test_the_share_of_random_actions_is_test_eps_and_all_are_equally_likely(share):
    actions, _ = played(4000, np.random.default_rng(0), test_eps=share, **PONG)
    counts = np.bincount(actions, minlength=BEST + 1)
    expected = np.array([4000 * share / NUM_ACTIONS] * NUM_ACTIONS)
    assert (np.abs(counts[:NUM_ACTIONS] - expected) < 5 * np.sqrt(expected)).all()
    assert counts[BEST] == 4000 - counts[:NUM_ACTIONS].sum()


def test_by_default_one_of_a_thousand_actions_is_random():
    actions, _ = played(20_000, np.random.default_rng(0), **PONG)
    assert abs((actions != BEST).sum() - 20) < 5 * np.sqrt(20)


def test_with_test_eps_one_every_action_is_random():
    actions, _ = played(300, np.random.default_rng(0), test_eps=1.0, **PONG)
    assert set(actions) == set(range(NUM_ACTIONS))


def test_with_test_eps_zero_no_action_is_random_and_nothing_is_drawn():
    actions, _ = played(300, None, test_eps=0.0, **PONG)
    assert set(actions) == {BEST}


def test_without_the_flag_no_action_is_random_and_nothing_is_drawn():
    """Vector environments do not have the flag."""
    actions, _ = played(300, None, env='CartPole-v1', test_rollouts=1)
    assert set(actions) == {BEST}


def test_the_logged_values_are_of_the_networks_own_action_at_every_step():
    _, log = played(50, np.random.default_rng(0), test_eps=0.5, **PONG)
    assert log.added == [{'test/q_mean': step} for step in range(50)]


def test_one_generator_gives_the_same_random_actions():
    one, other = (played(200, np.random.default_rng(3), test_eps=0.5, **PONG)[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert (one != played(200, np.random.default_rng(4), test_eps=0.5, **PONG)[0]).any()


def test_nothing_is_drawn_from_the_generator_of_the_agent():
    class Still(Numbered):
        """Has one constant observation, in the shape of DQN."""

        spec = DISCRETE

        def _observation(self):
            return random_observation(np.random.default_rng(0), DISCRETE, [])

    args, explored = arguments('dqn', test_eps=0.5, **PONG), []
    for is_tested in (True, False):
        agent, env = make_agent(args, seed=3, spec=DISCRETE), Still(40)
        if is_tested:
            OnlineTester(args, env, agent, FakeLog(), None, StopSignals(),
                         np.random.default_rng(0)).cycle_summary(0)
            assert len(set(map(int, env.actions))) == NUM_ACTIONS
        explored.append([int(agent.act(env._observation(), explore=True)) for _ in range(40)])
    assert explored[0] == explored[1]
