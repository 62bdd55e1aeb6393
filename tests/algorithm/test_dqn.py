"""DQN's targets, loss, optimisers and copies, against numpy with the same weights."""
import numpy as np
import pytest

from tests.algorithm.agents import is_slot, make_agent, moved, weights
from tests.fakes import DISCRETE, RandomSampler, arguments, random_transitions
from tests.reference import layers
from utils.types import leaves

SIZE = 64
NETWORK = [f'net/{layer}/{kind}' for layer in ('q_dense1', 'q_dense2', 'q') for kind in ('kernel', 'bias')]


def make_dqn(seed=0, **flags):
    return make_agent(arguments('dqn', batch_size=SIZE, **flags), seed, DISCRETE)


def values(w, side, observation):
    """[N, 4] of one of the two networks."""
    return layers.two_hidden(w, f'{side}/value/net', 'q', np.concatenate(list(observation.values()), axis=-1))


def feeds(agent, batch):
    return dict(zip(leaves([agent.groups[0].inputs.transitions]), leaves([batch]), strict=True))


@pytest.fixture(scope='module', params=[False, True], ids=['plain', 'double'])
def unequal(request):
    """(double, an agent whose target weights differ, {name: array} of its weights, a batch, its tensors)."""
    agent = make_dqn(double=request.param, gamma=0.9)
    other = weights(make_dqn(seed=1))
    with agent.graph.as_default():
        for _, target in agent.basis.target_pairs:
            target.load(2 * other[target.op.name], agent.session)
    batch = random_transitions(np.random.default_rng(0), SIZE, DISCRETE)
    tensors = agent.session.run(agent.basis.tensors | agent.groups[0].info, feeds(agent, batch))
    return request.param, agent, weights(agent), batch, tensors


def next_values(double, w, batch):
    """[B] values of the target network: the best, or that of the action which the main network prefers."""
    judged = values(w, 'target', batch.next_observation)
    chosen = values(w, 'main', batch.next_observation) if double else judged
    return judged[np.arange(SIZE), chosen.argmax(axis=1)]


def test_the_next_value_is_the_targets_at_the_action_that_the_right_network_chooses(unequal):
    double, _, w, batch, tensors = unequal
    expected = next_values(double, w, batch)
    np.testing.assert_allclose(tensors['target_q'], expected, rtol=1e-4, atol=1e-5)
    assert (np.abs(expected - next_values(not double, w, batch)) > 1e-3).any()     # they differ


def test_values_are_those_of_the_main_network_at_the_actions_taken(unequal):
    _, _, w, batch, tensors = unequal
    expected = values(w, 'main', batch.observation)
    np.testing.assert_allclose(tensors['values'], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(tensors['q'], expected[np.arange(SIZE), batch.action], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(tensors['q_max'], expected.max(axis=1), rtol=1e-4, atol=1e-5)


def test_the_loss_is_hubers_of_the_difference_to_reward_and_discounted_next_value(unequal):
    double, _, w, batch, tensors = unequal
    target = batch.reward + 0.9 * (1 - batch.terminal) * next_values(double, w, batch)
    error = np.abs(values(w, 'main', batch.observation)[np.arange(SIZE), batch.action] - target)
    expected = np.mean([0.5 * e ** 2 if e < 1 else e - 0.5 for e in error])
    assert (error < 1).any() and (error > 1).any()
    np.testing.assert_allclose(tensors['dqn/critic_loss'], expected, rtol=1e-5)


@pytest.fixture(scope='module')
def plain():
    """An agent for reading only."""
    return make_dqn()


def test_variables_are_those_of_the_original_and_a_copy(plain):
    names = [name for name in weights(plain) if not is_slot(name)]
    assert names == [f'{side}/value/{name}' for side in ('main', 'target') for name in NETWORK]


def test_one_group_reports_the_loss_and_acting_the_value(plain):
    assert plain.info_names == ['dqn/critic_loss'] and plain.diagnostic_names == ['q']
    assert [group.period for group in plain.groups] == [1]


@pytest.mark.parametrize('period', [1, 3])
def test_the_target_becomes_the_main_network_at_every_so_manyth_update_and_not_between(period):
    agent = make_dqn(train_target=period, q_lr=0.1)
    sampler = RandomSampler(arguments('dqn', batch_size=SIZE), spec=DISCRETE)
    pairs = list(zip(*agent.basis.target_pairs, strict=True))
    _, expected = agent.session.run(pairs)
    for update in range(1, 8):
        agent.train(sampler)
        main, target = agent.session.run(pairs)
        if update % period == 0:
            expected = main
        for one, other in zip(target, expected, strict=True):
            np.testing.assert_array_equal(one, other)
        assert all((one != other).any() for one, other in zip(main, target, strict=True)) == bool(
            update % period)


def test_every_update_trains_all_of_the_main_network_on_one_batch():
    agent, args = make_dqn(), arguments('dqn', batch_size=SIZE)
    before, sampler = weights(agent), RandomSampler(args, spec=DISCRETE)
    assert set(agent.train(sampler)) == {'dqn/critic_loss'}
    assert moved(before, weights(agent)) == {f'main/value/{name}' for name in NETWORK}
    assert sampler.requests == [(True, False)]


def stepped(agent):
    """[(weight before, gradient, weight after, {slot: array after})] of one update, by name."""
    update, = agent.groups[0].updates
    batch = random_transitions(np.random.default_rng(0), SIZE, DISCRETE)
    before, gradients = agent.session.run([update.variables, update.gradients], feeds(agent, batch))
    agent.run_group(0, False, leaves([batch]))
    after = weights(agent)
    names = [variable.op.name for variable in update.variables]
    return [(w, g, after[name], {key.removeprefix(f'{name}/'): array for key, array in after.items()
                                 if key.startswith(f'{name}/')})
            for w, g, name in zip(before, gradients, names, strict=True)]


@pytest.mark.parametrize('epsilon', [0.5, 1e-3])
def test_adam_steps_at_q_lr_with_its_epsilon(epsilon):
    for before, gradient, after, _ in stepped(make_dqn(q_lr=0.5, Adam_eps=epsilon)):
        mean, root = 0.1 * gradient, np.sqrt(0.001) * np.abs(gradient)
        expected = -0.5 * np.sqrt(1 - 0.999) / (1 - 0.9) * mean / (root + epsilon)
        np.testing.assert_allclose(after - before, expected, rtol=1e-3, atol=1e-6)
        assert (gradient != 0).any()


@pytest.mark.parametrize('decay, epsilon', [(0.5, 0.25), (0.9, 1e-3)])
def test_rmsprop_starts_its_mean_square_at_one_and_adds_epsilon_inside_the_root(decay, epsilon):
    flags = {'optimizer': 'rmsprop', 'q_lr': 0.5, 'RMSProp_decay': decay, 'RMSProp_eps': epsilon}
    for before, gradient, after, slots in stepped(make_dqn(**flags)):
        mean_square = decay * 1.0 + (1 - decay) * gradient ** 2
        np.testing.assert_allclose(slots['RMSProp'], mean_square, rtol=1e-5)
        expected = -0.5 * gradient / np.sqrt(mean_square + epsilon)
        np.testing.assert_allclose(after - before, expected, rtol=1e-3, atol=1e-6)


def test_a_second_step_of_rmsprop_has_no_momentum_of_the_first():
    agent = make_dqn(optimizer='rmsprop', q_lr=0.05)
    stepped(agent)
    for before, gradient, after, slots in stepped(agent):
        expected = -0.05 * gradient / np.sqrt(slots['RMSProp'] + 0.01)
        np.testing.assert_allclose(after - before, expected, rtol=1e-3, atol=1e-6)
