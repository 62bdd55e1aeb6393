"""A reward model of recorded episodes, alone in an agent: losses, averages, normaliser, files."""
from typing import Any, NamedTuple

import numpy as np
import pytest

from algorithm.recorded.augment import Augment
from algorithm.recorded.contrast import Contrast
from algorithm.recorded.sampler import RecordedSampler
from tests.algorithm.agents import is_slot, make_reward_agent, moved, weights
from tests.recordings import RECORDED, recorded_arguments, recording
from utils.types import Batch

LENGTHS = (6, 4, 9)
RECORDINGS = [recording(length, task, total_reward, number=number) for number, (length, task, total_reward) in
              enumerate(zip(LENGTHS, 'aba', (2.0, 0.0, 1.0), strict=True))]


class Fixed:
    """Returns one batch, of two recordings, repeatedly, or the vectors of every step."""

    def __init__(self, k, num_sequences=2, recordings=RECORDINGS):
        contrast = Contrast(recordings, {'failure': 0.5})
        self._sampler = RecordedSampler(recordings, contrast, Augment(), num_sequences, k, 3)
        drawn = map(self._sampler.draw, range(50))
        self.batch = next(batch for batch in drawn if len(set(batch.mean_reward)) > 1)

        self.normalizer_batch = self._sampler.normalizer_batch

    def sample(self, transitions=False, subsequences=True):
        return Batch(None, self.batch)


class Trained(NamedTuple):
    """An agent with averages: its weights at the start and after each of three updates."""

    agent: Any
    weights: list


@pytest.fixture(scope='module')
def trained():
    agent = make_reward_agent(recorded_arguments(r_average=0.2, r_scale=0.5, r_lr=0.01), spec=RECORDED)
    seen, sampler = [weights(agent)], Fixed(4)
    agent.update_normalizer(sampler)
    for _ in range(3):
        agent.train(sampler)
        seen.append(weights(agent))
    return Trained(agent, seen)


@pytest.fixture(scope='module')
def exact():
    """An agent of whole episodes, untrained, and without averages."""
    return make_reward_agent(recorded_arguments(rrd_exact=True), spec=RECORDED)


def rewards_of(agent, batch):
    """[M, K] predicted one step after the other."""
    def flat(x):
        return x.reshape(-1, *x.shape[2:])

    m, k = batch.action.shape[:2]
    before, after = ({key: flat(x) for key, x in side.items()}
                     for side in (batch.observation, batch.next_observation))
    return agent.predict_rewards(before, flat(batch.action), after, batch.context.repeat(k, 0)).reshape(m, k)


def test_loss_of_drawn_steps_is_the_squared_difference_of_means():
    agent, sampler = make_reward_agent(recorded_arguments(), spec=RECORDED), Fixed(4)
    predicted, batch = rewards_of(agent, sampler.batch).astype(float), sampler.batch
    reported = agent.train(sampler)
    loss = np.mean((predicted.mean(axis=1) - batch.mean_reward) ** 2)
    variance = np.mean(predicted.var(axis=1, ddof=1) * batch.variance_weight) / 4
    assert reported == {'reward/loss': pytest.approx(loss, rel=1e-4),
                        'reward/variance': pytest.approx(variance, rel=1e-3)}


@pytest.mark.parametrize('start', [0, 1])
def test_loss_of_whole_episodes_is_the_squared_error_of_returns_over_squared_lengths(exact, start):
    """Padding adds nothing, and batches may be of any length."""
    episodes = RECORDINGS[start:start + 2]
    sampler, errors = Fixed(None, recordings=episodes), []
    assert (sampler.batch.step_weight == 0).any()
    for number in sampler.batch.observation['proprio'][:, 0, 0].astype(int):
        episode, steps = RECORDINGS[number], np.arange(LENGTHS[number])
        predicted = exact.predict_rewards(
            episode.observation(steps), episode.actions, episode.observation(steps + 1),
            np.repeat(episode.context[None], len(steps), axis=0))
        errors.append((predicted.sum(dtype=float) - episode.total_reward) / episode.length)
    before = weights(exact)
    assert exact.train(sampler) == {'reward/loss': pytest.approx(np.mean(np.square(errors)), rel=1e-4)}
    assert {name for name in before if name.startswith('reward/') and not is_slot(name)} == moved(
        before, weights(exact))


def test_the_graph_has_variables_of_the_reward_its_averages_and_the_normaliser_only(trained):
    assert {name.split('/')[0] for name in trained.weights[0]} == {
        'reward', 'reward_average', 'reward_average_moves', 'normalizer', 'beta1_power', 'beta2_power'}


def test_without_averages_there_is_no_variable_for_them(exact):
    assert not any('average' in name for name in weights(exact))


def test_averages_follow_the_weights_from_equality_on(trained):
    """After each update, by the weights at that time; the share kept is 2/11, then 1/5 as specified."""
    names = [name for name in trained.weights[0] if name.startswith('reward_average/')]
    for name in names:
        weight = [values[name.replace('_average', '', 1)] for values in trained.weights]
        expected = weight[0]
        np.testing.assert_array_equal(trained.weights[0][name], expected)
        for number, kept in enumerate([2 / 11, 0.2, 0.2], 1):
            expected = kept * expected + (1 - kept) * weight[number]
            np.testing.assert_allclose(trained.weights[number][name], expected, rtol=1e-4, atol=1e-6)
    assert len(names) == sum(name.startswith('reward/') and not is_slot(name) for name in trained.weights[0])


def put(agent, values):
    """Gives variables {name: array} new values."""
    ops = [variable.initializer for variable in agent.variables() if variable.op.name in values]
    agent.session.run(ops, {op.inputs[1]: values[op.inputs[0].op.name] for op in ops})


def test_averages_predict_and_weights_learn(trained):
    """With the bias of the last layer as the only number that is not 0, it is the reward over the scale."""
    agent, batch = trained.agent, Fixed(4).batch
    saved = weights(agent)
    put(agent, {name: 0 * array for name, array in saved.items() if name.startswith('reward')})
    put(agent, {'reward/net/r/bias': np.float32([3]), 'reward_average/net/r/bias': np.float32([8])})
    predicted = rewards_of(agent, batch)
    learned = agent.train(Fixed(4))['reward/loss']
    put(agent, saved)
    np.testing.assert_array_equal(predicted, np.full((2, 4), 0.5 * 8))
    assert learned == pytest.approx(np.mean((0.5 * 3 - batch.mean_reward) ** 2))


def test_without_averages_the_weights_predict(exact):
    batch = Fixed(None).batch
    before = rewards_of(exact, batch)
    exact.train(Fixed(None))
    assert (rewards_of(exact, batch) != before).all()


def test_the_scale_multiplies_the_reward_of_the_same_weights(tmp_path, exact):
    """0.25 is a power of two, so that nothing is rounded."""
    exact.save_variables(tmp_path / 'v')
    other = make_reward_agent(recorded_arguments(rrd_exact=True, r_scale=0.25), spec=RECORDED)
    other.restore_variables(tmp_path / 'v')
    batch = Fixed(4).batch
    np.testing.assert_array_equal(rewards_of(other, batch), 0.25 * rewards_of(exact, batch))


def test_vectors_are_normalised_over_every_step_and_frames_are_not(trained):
    last = trained.weights[-1]
    assert {name for name in last if name.startswith('normalizer/')} == {
        f'normalizer/proprio/{part}' for part in ('sum', 'sum_sqr', 'cnt', 'mean', 'std')}
    seen = np.concatenate([episode.vectors['proprio'][part] for episode in RECORDINGS
                           for part in (slice(-1), slice(1, None))]).astype(float)
    assert last['normalizer/proprio/cnt'] == len(seen) == 2 * sum(LENGTHS)
    np.testing.assert_allclose(last['normalizer/proprio/mean'], seen.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(last['normalizer/proprio/std'], seen.std(axis=0), rtol=1e-4)


def test_cameras_alone_need_no_statistics():
    spec = RECORDED._replace(observation={'agentview': RECORDED.observation['agentview']})
    agent = make_reward_agent(recorded_arguments(), spec=spec)
    recordings = [episode._replace(vectors={}) for episode in RECORDINGS]
    sampler = Fixed(4, recordings=recordings)
    agent.update_normalizer(sampler)
    agent.train(sampler)
    assert not any(name.startswith('normalizer') for name in weights(agent))
    assert rewards_of(agent, sampler.batch).shape == (2, 4)


def test_a_reward_that_is_restored_predicts_as_the_saved_one_and_its_optimiser_starts_anew(trained, tmp_path):
    trained.agent.save_variables(tmp_path / 'v')
    args = recorded_arguments(r_average=0.2, r_scale=0.5)
    other = make_reward_agent(args, seed=1, spec=RECORDED)
    before = weights(other)
    other.restore_reward(tmp_path / 'v')
    batch = Fixed(4).batch
    np.testing.assert_array_equal(rewards_of(other, batch), rewards_of(trained.agent, batch))
    changed = {name for name, array in weights(other).items() if (before[name] != array).any()}
    scopes = {name.split('/')[0] for name in changed}
    assert scopes - {'reward_average_moves'} == {'reward', 'reward_average', 'normalizer'}
    assert not any(is_slot(name) for name in changed)
