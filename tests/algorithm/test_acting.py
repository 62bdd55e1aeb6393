"""How an agent acts, and the random numbers that it draws."""
import numpy as np
import pytest

from tests.algorithm.agents import BASES, make_agent, moved, weights
from tests.fakes import RandomSampler, arguments

OBSERVATION = {'state': np.float32([0.1, -0.2, 0.3]), 'goal': np.float32([0.4, -0.5])}


@pytest.fixture(params=BASES, scope='module')
def agent(request):
    return make_agent(arguments(request.param), seed=3)


def test_greedy_action_is_always_the_same_and_within_bounds(agent):
    action = agent.act(OBSERVATION, explore=False)
    assert action.shape == (2,) and action.dtype == np.float32 and (np.abs(action) < 1).all()
    agent.act(OBSERVATION, explore=True)
    np.testing.assert_array_equal(agent.act(OBSERVATION, explore=False), action)


def test_action_depends_on_the_observation(agent):
    other = {key: -x for key, x in OBSERVATION.items()}
    assert (agent.act(OBSERVATION, explore=False) != agent.act(other, explore=False)).all()


def test_exploring_actions_differ_and_stay_within_bounds(agent):
    actions = np.array([agent.act(OBSERVATION, explore=True) for _ in range(50)])
    assert len(np.unique(actions, axis=0)) == 50 and np.abs(actions).max() <= 1


def test_judged_action_is_the_greedy_one(agent):
    action, diagnostics = agent.act_with_diagnostics(OBSERVATION)
    np.testing.assert_array_equal(action, agent.act(OBSERVATION, explore=False))
    assert {name: np.shape(value) for name, value in diagnostics.items()} == {
        'q': (), **({'policy_std': (2,)} if 'policy_std' in diagnostics else {})}


@pytest.mark.parametrize('basis', [pytest.param('td3', marks=pytest.mark.slow), 'ddpg'])
def test_deterministic_policies_explore_by_gaussian_noise_of_std_act(basis):
    agent = make_agent(arguments(basis, std_act=0.7), seed=3)
    rng = np.random.default_rng(3)
    rng.integers(2**31)                                     # the seed of the initial weights
    greedy = agent.act(OBSERVATION, explore=False)
    for _ in range(20):
        expected = np.clip(greedy + 0.7 * rng.standard_normal((1, 2), np.float32)[0], -1, 1)
        np.testing.assert_allclose(agent.act(OBSERVATION, explore=True), expected, rtol=1e-5, atol=1e-6)


def test_deterministic_policy_without_noise_explores_nothing():
    agent = make_agent(arguments('ddpg', std_act=0.0))
    np.testing.assert_array_equal(agent.act(OBSERVATION, explore=True), agent.act(OBSERVATION, explore=False))


@pytest.fixture(scope='module')
def three():
    """(weights, an exploring action) after three updates: seed 5, seed 5 but tested between, seed 6."""
    args, ends = arguments('sac'), []
    for seed, tested in ((5, False), (5, True), (6, False)):
        agent, sampler = make_agent(args, seed), RandomSampler(args)
        for _ in range(3):
            agent.train(sampler)
            if tested:
                agent.act_with_diagnostics(OBSERVATION)
        ends.append((weights(agent), agent.act(OBSERVATION, explore=True)))
    return ends


def test_agents_of_one_seed_are_equal_and_testing_one_consumes_none_of_its_randomness(three):
    (untested, action), (tested, same_action), _ = three
    assert moved(untested, tested) == set()
    np.testing.assert_array_equal(action, same_action)


def test_agents_of_two_seeds_differ_in_every_kernel_and_action(three):
    (first, action), _, (other, other_action) = three
    assert {name for name in first if 'kernel' in name and 'Adam' not in name} <= moved(first, other)
    assert (action != other_action).all()


def test_normaliser_is_updated_by_one_batch_with_observations_before_and_after():
    args = arguments('rrd', 'ddpg')
    agent, sampler = make_agent(args), RandomSampler(args, seed=7)
    before = weights(agent)
    agent.update_normalizer(sampler)
    batch = RandomSampler(args, seed=7).sample(subsequences=False).transitions
    seen = np.concatenate([batch.observation['goal'], batch.next_observation['goal']])
    after = weights(agent)
    np.testing.assert_allclose(after['normalizer/goal/mean'], seen.mean(axis=0), rtol=1e-5)
    assert after['normalizer/goal/cnt'] == 8 and after['normalizer/state/cnt'] == 8
    assert all(name.startswith('normalizer/') for name in moved(before, after))
    assert sampler.requests == [(True, False)]


def test_no_batch_is_drawn_for_a_normaliser_that_is_off(agent):
    sampler = RandomSampler(arguments('sac'))
    agent.update_normalizer(sampler)
    assert sampler.requests == [(True, False)] * (agent.preprocess.update is not None)


def test_normalised_agent_acts_on_observations_of_zero_before_its_first_update():
    """Ant's contact forces are exactly 0 at first, where the original's action is NaN."""
    zeros = {key: np.zeros_like(x) for key, x in OBSERVATION.items()}
    agent = make_agent(arguments('ddpg'))
    assert np.isfinite(agent.act(zeros, explore=True)).all()
    assert np.isfinite(agent.act_with_diagnostics(zeros)[1]['q'])
