"""The dispatch table: which parts make which algorithm."""
import numpy as np
import pytest

from algorithm import create_algorithm, create_store
from algorithm.diaster import DiasterSampler
from algorithm.ircr import IRCRSampler, ReturnSampler
from algorithm.replay_buffer.samplers import TransitionSampler
from algorithm.rrd import RRDSampler
from algorithm.uniform import UniformSampler
from tests.algorithm.agents import ALL_BASES, BASES, REWARD_MODELS
from tests.algorithm.replay_buffer.episodes import PIXELS, random_episode
from tests.fakes import DISCRETE, SPEC, arguments

SAMPLERS = {'rrd': RRDSampler, 'ircr': IRCRSampler, 'uniform': UniformSampler, 'lrr': RRDSampler,
            'diaster': DiasterSampler}


@pytest.mark.parametrize('kind', [*((basis,) for basis in BASES),
                                  *((alg, basis) for alg in SAMPLERS for basis in BASES)], ids='-'.join)
def test_an_algorithm_is_made_of_its_basis_its_reward_and_its_sampler(kind, monkeypatch):
    monkeypatch.setattr('algorithm.agent.Agent', lambda *parts: parts)      # no graph is built
    args, rng = arguments(*kind, buffer_size=100), np.random.default_rng(0)
    parts, sampler = create_algorithm(args, SPEC, create_store(args, SPEC, rng), rng, rng)
    assert parts == (SPEC, args, BASES[kind[-1]], REWARD_MODELS.get(kind[0]), rng, (1, 1))
    assert type(sampler) is SAMPLERS.get(kind[0], TransitionSampler)


@pytest.mark.parametrize('env, kind, sampler', [
    ('Pong', ('dqn',), TransitionSampler), ('Pong', ('rrd', 'dqn'), RRDSampler),
    ('Pong', ('lrr', 'dqn'), RRDSampler), ('CartPole-v1', ('diaster', 'dqn'), DiasterSampler),
    ('Pong', ('ircr', 'dqn'), ReturnSampler),               # the raw return there, as in the original
    ('Pong', ('uniform', 'dqn'), UniformSampler),
    ('CartPole-v1', ('dqn',), TransitionSampler), ('CartPole-v1', ('rrd', 'dqn'), RRDSampler),
    ('CartPole-v1', ('ircr', 'dqn'), IRCRSampler)])
def test_dqn_takes_the_sampler_of_its_algorithm_and_kind_of_environment(env, kind, sampler, monkeypatch):
    monkeypatch.setattr('algorithm.agent.Agent', lambda *parts: parts)
    args, rng = arguments(*kind, env=env, buffer_size=100), np.random.default_rng(0)
    spec = PIXELS if env == 'Pong' else DISCRETE
    parts, ours = create_algorithm(args, spec, create_store(args, spec, rng), rng, rng)
    assert parts[2] is ALL_BASES['dqn'] and type(ours) is sampler


@pytest.mark.parametrize('buffer_size, num_slots', [(1_000_000, 2 * 3 * 5 * 7), (100, 100)])
def test_the_store_makes_room_for_no_more_steps_than_the_run_has(buffer_size, num_slots):
    args = arguments('dqn', buffer_size=buffer_size, warmup=50, epochs=2, cycles=3, iterations=5, timesteps=7)
    assert create_store(args, PIXELS, np.random.default_rng(0)).rings.num_slots == num_slots


@pytest.mark.parametrize('spec, left', [(PIXELS, 6), (DISCRETE, 8)], ids=['frames', 'vectors'])
def test_plain_dqn_forgets_by_whole_episodes_on_frames_only(spec, left):
    rng = np.random.default_rng(0)
    store = create_store(arguments('dqn', buffer_size=8), spec, rng)
    for _ in range(2):
        store.append(random_episode(rng, spec, 6))
    assert store.num_steps == left


@pytest.mark.parametrize('kind, left', [(('rrd', 'sac'), 6), (('ircr', 'td3'), 6), (('uniform', 'td3'), 6),
                                        (('diaster', 'td3'), 6),
                                        (('sac',), 8)], ids=str)
def test_only_a_plain_algorithm_forgets_step_by_step(kind, left):
    rng = np.random.default_rng(0)
    store = create_store(arguments(*kind, buffer_size=8), SPEC, rng)
    for _ in range(2):
        store.append(random_episode(rng, SPEC, 6))
    assert store.num_steps == left


def test_the_elite_and_the_credit_are_those_of_the_flags(monkeypatch):
    monkeypatch.setattr('algorithm.agent.Agent', lambda *parts: parts)
    rng = np.random.default_rng(0)
    args = arguments('ircr', 'sac', buffer_size=100, ircr_elite=2, ircr_credit='mean')
    _, sampler = create_algorithm(args, SPEC, create_store(args, SPEC, rng), rng, rng)
    episodes = [random_episode(rng, SPEC, length) for length in (2, 5, 9)]
    for episode in episodes:
        sampler.append(episode)
    means = [episode.total_reward / episode.length for episode in episodes]
    assert len(sampler.elite) == 2
    np.testing.assert_allclose(sampler.credit_range, (min(means), max(means)), rtol=1e-6)


def test_subsequences_are_as_many_and_as_long_as_the_flags_say(monkeypatch):
    monkeypatch.setattr('algorithm.agent.Agent', lambda *parts: parts)
    rng = np.random.default_rng(0)
    args = arguments('rrd', 'sac', buffer_size=100, rrd_batch_size=8, rrd_sample_size=2)
    _, sampler = create_algorithm(args, SPEC, create_store(args, SPEC, rng), rng, rng)
    sampler.append(random_episode(rng, SPEC, 10))
    assert sampler.sample().subsequences.action.shape == (4, 2, 2)
    assert sampler.sample().transitions.action.shape == (4, 2)
