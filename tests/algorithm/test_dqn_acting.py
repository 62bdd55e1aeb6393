"""How DQN acts: the best action, and a random one with probability epsilon."""
import numpy as np
import pytest

from tests.algorithm.agents import make_agent, weights
from tests.fakes import DISCRETE, FRAMES, arguments, random_observation
from tests.reference import layers

OBSERVATION = random_observation(np.random.default_rng(0), DISCRETE, [])
DECAY = {'eps_l': 1.0, 'eps_r': 0.0, 'eps_decay': 100}     # at step 50 every other action is random
DRAWS = 2000


def make_dqn(seed=0, spec=DISCRETE, **flags):
    return make_agent(arguments('dqn', **{**DECAY, **flags}), seed, spec)


@pytest.fixture(scope='module')
def agent():
    return make_dqn()


@pytest.fixture(scope='module')
def best(agent):
    """The best action by the network's weights."""
    x = np.concatenate(list(OBSERVATION.values()))[None]
    return int(layers.two_hidden(weights(agent), 'main/value/net', 'q', x)[0].argmax())


def counted(agent, **options):
    """How often each action is chosen."""
    actions = [agent.act(OBSERVATION, explore=True, **options) for _ in range(DRAWS)]
    return np.bincount(actions, minlength=4)


def assert_counts(counts, shares):
    expected = DRAWS * np.array(shares)
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_without_exploration_the_action_is_the_best_and_a_single_number(agent, best):
    for step in (0, 50):
        action = agent.act(OBSERVATION, explore=False, step=step)
        assert action == best and action.shape == () and action.dtype == np.int32


def test_at_epsilon_zero_every_exploring_action_is_the_best(agent, best):
    assert {int(agent.act(OBSERVATION, True, step=100)) for _ in range(200)} == {best}


def test_at_epsilon_one_all_actions_are_equally_likely(agent):
    assert_counts(counted(agent, step=0), [1 / 4] * 4)


def test_a_random_action_comes_in_the_share_of_epsilon_and_may_be_the_best(agent, best):
    assert_counts(counted(agent, step=50), np.where(np.arange(4) == best, 1 / 2 + 1 / 8, 1 / 8))


def test_until_learning_begins_every_action_is_random_whatever_epsilon(agent):
    assert_counts(counted(agent, step=100, ready=False), [1 / 4] * 4)


def test_a_random_action_is_a_single_number_as_the_best_is(agent):
    action = agent.act(OBSERVATION, explore=True, ready=False)
    assert np.shape(action) == () and action.dtype == np.int32


def test_exploration_reports_the_share_of_random_actions():
    agent, steps = make_dqn(eps_l=0.9, eps_r=0.1), (0, 50, 100, 10**7)
    reported = [agent.exploration(step) for step in steps]
    assert reported == [{'dqn/epsilon': pytest.approx(epsilon)} for epsilon in (0.9, 0.5, 0.1, 0.1)]


def test_an_agent_that_explores_by_noise_reports_no_share():
    assert make_agent(arguments('ddpg')).exploration(50) == {}


def test_judged_action_is_the_best_and_its_value_the_largest(agent, best):
    action, diagnostics = agent.act_with_diagnostics(OBSERVATION)
    x = np.concatenate(list(OBSERVATION.values()))[None]
    values = layers.two_hidden(weights(agent), 'main/value/net', 'q', x)
    assert action == best and list(diagnostics) == ['q']
    np.testing.assert_allclose(diagnostics['q'], values.max(), rtol=1e-5)


def test_diagnostics_and_acting_without_exploration_draw_nothing():
    untested, tested = make_dqn(seed=3), make_dqn(seed=3)
    actions = []
    for _ in range(100):
        tested.act_with_diagnostics(OBSERVATION)
        tested.act(OBSERVATION, explore=False)
        actions.append([agent.act(OBSERVATION, True, step=30) for agent in (untested, tested)])
    np.testing.assert_array_equal(*np.transpose(actions))


def test_agents_of_two_seeds_explore_differently():
    one, other = make_dqn(seed=3), make_dqn(seed=4)
    assert any(one.act(OBSERVATION, True) != other.act(OBSERVATION, True) for _ in range(50))


def test_action_on_frames_is_the_best_by_pixels_in_0_to_1():
    agent = make_dqn(spec=FRAMES, dueling=True)
    observation, w = random_observation(np.random.default_rng(0), FRAMES, []), weights(agent)
    x = layers.encoded(w, 'main/value/net', 'q', observation['frame'][None] / 255)
    advantages, base = (layers.one_hidden(w, 'main/value/net', 'q', part, x)[0] for part in ('act', 'base'))
    action, diagnostics = agent.act_with_diagnostics(observation)
    assert action == agent.act(observation, explore=False) == advantages.argmax()
    np.testing.assert_allclose(diagnostics['q'], (base + advantages - advantages.mean()).max(), rtol=1e-3)
