"""The learned rewards of LRR and Diaster, alone."""
import numpy as np
import pytest

from tests.algorithm.agents import make_reward_agent, moved, weights
from tests.fakes import DISCRETE, FRAMES, RandomSampler, arguments, random_trajectories
from utils.types import leaves

LAYERS = {f'reward/net/{layer}/{kind}' for layer in ('r_dense1', 'r_dense2', 'r')
          for kind in ('kernel', 'bias')}


@pytest.fixture(scope='module')
def diaster():
    return make_reward_agent(arguments('diaster', 'sac', diaster_period=1))


@pytest.fixture(scope='module')
def lrr():
    return make_reward_agent(arguments('lrr', 'sac'))


def run(agent, name, batch):
    """An intermediate value of the reward model."""
    inputs = agent.reward_model.group.inputs.subsequences
    return agent.session.run(agent.reward_model.tensors[name],
                             dict(zip(leaves(inputs), leaves(batch), strict=True)))


def part(drawn, row, steps):
    """One `Trajectories` of two equal episodes: steps of one of another, uncut."""
    def taken(x):
        return {key: taken(value) for key, value in x.items()} if isinstance(x, dict) else np.stack(
            [x[row, steps]] * 2)

    before, action, after = map(taken, drawn[:3])
    length = np.full(2, action.shape[1], np.int32)
    return drawn._replace(observation=before, action=action, next_observation=after, length=length,
                          cut=length)


def test_the_network_of_diaster_sees_each_sub_trajectory_alone(diaster):
    drawn = random_trajectories(np.random.default_rng(0), 2)._replace(length=np.int32([5, 5]),
                                                                      cut=np.int32([2, 4]))
    outputs = run(diaster, 'cut', drawn)
    for row, cut in enumerate(drawn.cut):
        for steps in (slice(0, cut), slice(cut, 5)):
            alone = run(diaster, 'whole', part(drawn, row, steps))[0]
            np.testing.assert_allclose(outputs[row, steps], alone, rtol=1e-4, atol=1e-6)


def test_without_a_second_part_an_episode_of_diaster_is_seen_whole(diaster):
    drawn = random_trajectories(np.random.default_rng(0), 2)
    drawn = drawn._replace(cut=drawn.length)
    cut, whole = (run(diaster, name, drawn) for name in ('cut', 'whole'))
    for row, length in enumerate(drawn.length):
        np.testing.assert_allclose(cut[row, :length], whole[row, :length], rtol=1e-5)


def test_diaster_reports_both_errors_and_moves_both_networks(diaster):
    before = weights(diaster)
    reported = diaster.train(RandomSampler(arguments('diaster', 'sac')))
    assert set(reported) == {'reward/loss', 'reward/step_loss'}
    changed = moved(before, weights(diaster))
    assert changed >= LAYERS - {'reward/net/r_dense1/bias', 'reward/net/r_dense2/bias'}
    assert {name.split('/')[0] for name in changed} == {'reward', 'sub_trajectory'}


def test_the_reward_of_diaster_is_saved_without_its_recurrent_network(diaster):
    assert {variable.op.name for variable in diaster.reward_model.weights} == LAYERS


def test_the_deviation_of_lrr_shares_all_layers_but_the_last(lrr):
    trained = {variable.op.name for update in lrr.reward_model.group.updates for variable in update.variables}
    assert trained == LAYERS | {f'reward/net/r_deviation/{kind}' for kind in ('kernel', 'bias')}
    assert {variable.op.name for variable in lrr.reward_model.weights} == LAYERS


def test_deviations_of_lrr_are_positive_and_near_1_at_the_start(lrr):
    deviation = run(lrr, 'deviation', RandomSampler(arguments('lrr', 'sac')).sample(False).subsequences)
    assert deviation.shape == (2, 3) and (deviation > 0.1).all() and (deviation < 3).all()


def test_lrr_reports_the_loss_of_rrd_beside_its_own(lrr):
    batch = RandomSampler(arguments('lrr', 'sac')).sample(False)
    predicted = run(lrr, 'predicted', batch.subsequences)
    reported = lrr.run_group(0, False, leaves(batch))
    assert list(reported) == ['reward/loss', 'reward/likelihood', 'reward/deviation']
    assert reported['reward/loss'] == pytest.approx(
        np.mean((predicted.mean(axis=1) - batch.subsequences.mean_reward) ** 2), rel=1e-5)


@pytest.mark.parametrize('source, target', [('rrd', 'lrr'), ('lrr', 'diaster'), ('diaster', 'rrd')])
def test_a_reward_can_be_taken_over_by_another_algorithm(source, target, tmp_path):
    first, second = (make_reward_agent(arguments(alg, 'sac'), seed)
                     for seed, alg in enumerate((source, target)))
    first.save_variables(tmp_path / 'variables')
    second.restore_reward(tmp_path / 'variables')
    steps = RandomSampler(arguments('sac')).sample(True, False).transitions
    rewards = [agent.predict_rewards(steps.observation, steps.action, steps.next_observation)
               for agent in (first, second)]
    np.testing.assert_array_equal(*rewards)


@pytest.mark.parametrize('alg, env, spec', [('lrr', 'Pong', FRAMES), ('lrr', 'CartPole-v1', DISCRETE),
                                            ('diaster', 'CartPole-v1', DISCRETE)])
def test_discrete_actions_have_rewards(alg, env, spec):
    args = arguments(alg, 'dqn', env=env)
    agent, sampler = make_reward_agent(args, spec=spec), RandomSampler(args, spec=spec)
    assert np.isfinite(list(agent.run_group(0, False, leaves(sampler.sample(False))).values())).all()
    steps = sampler.sample(True, False).transitions
    assert agent.predict_rewards(steps.observation, steps.action, steps.next_observation).shape == (4,)
