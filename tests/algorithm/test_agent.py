"""Updates of whole agents."""
from typing import Any, NamedTuple

import numpy as np
import pytest
from tensorflow.python.client.session import BaseSession

from algorithm.agent import Agent
from tests.algorithm.agents import BASES, make_agent, moved, weights
from tests.fakes import SPEC, RandomSampler, arguments
from utils.types import leaves

# each basis algorithm once, one of them with a learned reward; the others are slow
KINDS = [('rrd', 'sac'), ('td3',), ('ddpg',), ('diaster', 'ddpg')]
KINDS += [pytest.param(kind, marks=pytest.mark.slow) for kind in [
    ('sac',), ('rrd', 'td3'), ('rrd', 'ddpg'), ('lrr', 'sac'), ('lrr', 'td3'), ('diaster', 'td3')]]
OBSERVATION = {'state': np.float32([0.1, -0.2, 0.3]), 'goal': np.float32([0.4, -0.5])}


class Trained(NamedTuple):
    """An agent, and two updates of it: weights before and after, reports, calls into the session."""

    kind: tuple
    agent: Any
    before: dict
    after: dict
    reported: list
    session_runs: int


@pytest.fixture(scope='module', params=KINDS, ids='-'.join)
def trained(request):
    args = arguments(*request.param)
    agent, sampler, runs = make_agent(args), RandomSampler(args), []
    before = weights(agent)
    with pytest.MonkeyPatch.context() as patch:
        for kind, name in ((BaseSession, 'run'), (BaseSession._Callable, '__call__')):
            patch.setattr(kind, name, _counted(getattr(kind, name), runs))
        reported = [agent.train(sampler) for _ in range(2)]
    return Trained(request.param, agent, before, weights(agent), reported, len(runs))


def _counted(function, calls):
    def call(*args, **options):
        calls.append(1)
        return function(*args, **options)
    return call


def but_slow(*names):
    """The basis algorithms, with these marked slow."""
    return [pytest.param(basis, marks=[pytest.mark.slow] * (basis in names)) for basis in BASES]


def test_an_agent_needs_something_to_learn():
    with pytest.raises(ValueError, match='needs a basis algorithm, a reward model, or both'):
        Agent(SPEC, arguments('sac'), None, None, np.random.default_rng(0), (1, 1))


def test_targets_start_equal_to_the_main_networks(trained):
    targets = [name for name in trained.before if name.startswith('target/')]
    for name in targets:
        np.testing.assert_array_equal(trained.before[name], trained.before[name.replace('target', 'main', 1)])
    assert len(targets) == {'sac': 12, 'td3': 18, 'ddpg': 12}[trained.kind[-1]]


def test_all_weights_are_trained_and_the_normaliser_is_left_alone(trained):
    left = {name for name in trained.before if 'Adam' not in name and '_power' not in name}
    left -= moved(trained.before, trained.after)
    assert left == {name for name in trained.before if name.startswith('normalizer/')}


def test_info_names_are_the_reported_names(trained):
    """TD3's policy is due at the second update."""
    assert list(trained.reported[1]) == trained.agent.info_names
    assert list(trained.agent.act_with_diagnostics(OBSERVATION)[1]) == trained.agent.diagnostic_names


def test_an_update_with_its_target_move_is_one_call_into_the_session(trained):
    """And one more for TD3's policy and for Diaster's networks, at the second of the two."""
    assert trained.session_runs == 2 + (trained.kind[-1] == 'td3') + (trained.kind[0] == 'diaster')


@pytest.mark.parametrize('basis', but_slow('sac', 'td3'))
def test_targets_move_towards_the_moved_networks_at_every_third_update(basis):
    args = arguments(basis, train_target=3, polyak=0.5, q_lr=0.1)
    agent, sampler = make_agent(args), RandomSampler(args)
    pairs = list(zip(*agent.basis.target_pairs, strict=True))
    expected = agent.session.run(pairs)[1]
    for update in range(1, 7):
        agent.train(sampler)
        main, target = agent.session.run(pairs)
        if update % 3 == 0:
            expected = [np.float32(0.5) * old + np.float32(0.5) * new
                        for old, new in zip(expected, main, strict=True)]
        for one, other in zip(target, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_td3_moves_its_policy_and_reports_it_at_every_third_update_on_a_batch_of_its_own():
    args = arguments('rrd', 'td3', pi_delay_freq=3)
    agent, sampler = make_agent(args), RandomSampler(args)
    reported, policy_moved = [], []
    for _ in range(6):
        before = weights(agent)
        reported.append('td3/policy_loss' in agent.train(sampler))
        policy_moved.append(any(name.startswith('main/policy') for name in moved(before, weights(agent))))
    assert reported == policy_moved == [False, False, True] * 2
    assert sampler.requests == ([(True, True)] * 3 + [(True, False)]) * 2


def first_adam_step(weight, gradient, rate):
    """Adam's first step, with TensorFlow's epsilon outside the bias correction."""
    mean, square = 0.1 * gradient, 0.001 * gradient ** 2
    return weight - rate * np.sqrt(1 - 0.999) / (1 - 0.9) * mean / (np.sqrt(square) + 1e-8)


@pytest.mark.parametrize('basis', but_slow('td3', 'ddpg'))
def test_all_gradients_and_reports_are_taken_before_any_weight_moves(basis):
    """One update of everything equals Adam's steps along gradients that were fetched beforehand.

    With a rate of 1, a network that is updated too early would reverse the others' gradients.
    """
    args = arguments('rrd', basis, q_lr=1, pi_lr=1, r_lr=1, **({'alpha_lr': 1} if basis == 'sac' else {}))
    agent, batch = make_agent(args), RandomSampler(args).sample()
    group, feeds = agent.groups[0], leaves(batch)
    inputs = leaves(group.inputs)
    if group.noise is not None:
        inputs.append(group.noise)
        feeds.append(np.random.default_rng(1).normal(size=group.noise.shape).astype(np.float32))
    variables = [update.variables for update in group.updates]
    fetches = [variables, [update.gradients for update in group.updates], group.info]
    before, gradients, info = agent.session.run(fetches, dict(zip(inputs, feeds, strict=True)))

    reported = agent.run_group(0, False, feeds)

    expected = [first_adam_step(weight, gradient, 1) for weight, gradient in zip(
        sum(before, []), sum(gradients, []), strict=True)]
    for new, weight in zip(sum(agent.session.run(variables), []), expected, strict=True):
        np.testing.assert_allclose(new, weight, rtol=1e-3, atol=1e-3)
    assert reported == pytest.approx(info, rel=1e-5)


def test_temperature_starts_at_alpha_init_and_stays_there_with_a_rate_of_zero():
    args = arguments('sac', alpha_init=0.25, alpha_lr=0)
    agent, sampler = make_agent(args), RandomSampler(args)
    assert [agent.train(sampler)['sac/alpha'] for _ in range(3)] == [pytest.approx(0.25)] * 3
    assert weights(agent)['main/alpha/log_alpha'] == np.log(np.float32(0.25))
    assert 'main/alpha/log_alpha/Adam' not in weights(agent)


def test_critic_of_ddpg_is_regularised_by_q_reg():
    args = arguments('ddpg', q_reg=0.5)
    agent = make_agent(args)
    values = [array for name, array in weights(agent).items()
              if name.startswith('main/value/') and 'Adam' not in name]
    expected = 0.5 * np.mean([0.5 * np.sum(array ** 2) for array in values])
    assert agent.train(RandomSampler(args))['ddpg/regularization'] == pytest.approx(expected, rel=1e-5)
