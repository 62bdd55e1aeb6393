"""Learning on tasks whose solution is known; each takes seconds."""
import numpy as np
import pytest

from algorithm import create_algorithm, create_store
from algorithm.diaster import DiasterSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.rrd import RRDSampler
from envs.base import Step
from envs.simulated import EpisodicReward
from learner.online import OnlineLearner
from tester.online import OnlineTester
from tests.algorithm.agents import make_reward_agent
from tests.fakes import FakeLog, FakeProgress, arguments
from utils.stop_signals import StopSignals
from utils.types import Episode, Field, Spec, leaves

pytestmark = pytest.mark.slow
SPEC = Spec({'state': Field((4,))}, Field((2,)))


def linear_episode(rng, length):
    """An episode of random states and actions; each reward is linear in s, a and s - s'."""
    states, actions = rng.normal(size=(length + 1, 4)), rng.uniform(-1, 1, (length, 2))
    weights = np.array([1, -1, 0.5, 0, 2, -1, 0, 0, 0.5, -0.5])
    rewards = np.concatenate([states[:-1], actions, states[:-1] - states[1:]], axis=1) @ weights
    states, actions, rewards = (array.astype(np.float32) for array in (states, actions, rewards))
    return Episode({'state': states}, actions, rewards, np.zeros(length, bool))


@pytest.mark.parametrize('corrected, lengths', [(False, (8, 8)), (True, (10, 30))],
                         ids=['RRD on whole episodes', 'RRD-L(RD) on 8 steps of each'])
def test_reward_model_recovers_a_known_linear_reward(corrected, lengths):
    """From returns only: the sampler returns no reward of a step."""
    rng = np.random.default_rng(0)
    args = arguments('rrd', 'sac', rrd_batch_size=256, rrd_sample_size=8, r_lr=1e-3,
                     rrd_bias_correction=corrected)
    agent = make_reward_agent(args, spec=SPEC)
    sampler = RRDSampler(EpisodeStore(SPEC, 50_000, rng), None, 32, 8)
    for _ in range(1000):
        sampler.append(linear_episode(rng, int(rng.integers(lengths[0], lengths[1] + 1))))
    for _ in range(2000):
        agent.train(sampler)

    store = EpisodeStore(SPEC, 1000, rng)
    store.append(linear_episode(rng, 1000))                 # held out
    steps = store.transitions(*store.draw_steps((32, 8)))
    inputs = agent.groups[0].inputs.subsequences
    feeds = {inputs.observation['state']: steps.observation['state'], inputs.action: steps.action,
             inputs.next_observation['state']: steps.next_observation['state']}
    predicted = agent.session.run(agent.reward_model.tensors['predicted'], feeds)
    assert np.corrcoef(predicted.ravel(), steps.reward.ravel())[0, 1] > 0.9


@pytest.mark.parametrize('alg, longest, flags', [
    ('lrr', 8, {'rrd_batch_size': 256, 'rrd_sample_size': 8, 'r_lr': 1e-3}),
    ('diaster', 12, {'diaster_episodes': 32, 'diaster_period': 1, 'diaster_units': 32, 'r_lr': 3e-3})])
def test_an_unofficial_reward_recovers_a_known_linear_reward_from_whole_episodes(alg, longest, flags):
    rng = np.random.default_rng(0)
    args = arguments(alg, 'sac', buffer_size=50_000, **flags)
    agent, store = make_reward_agent(args, spec=SPEC), create_store(args, SPEC, rng)
    sampler = (DiasterSampler(store, 4, 32, rng) if alg == 'diaster' else RRDSampler(store, 4, 32, 8))
    for _ in range(1000):
        sampler.append(linear_episode(rng, int(rng.integers(8, longest + 1))))
    for _ in range(600):
        agent.run_group(0, False, leaves(sampler.sample(transitions=False)))

    held_out = EpisodeStore(SPEC, 1000, rng)
    held_out.append(linear_episode(rng, 1000))
    steps = held_out.sample_transitions(256)
    predicted = agent.predict_rewards(steps.observation, steps.action, steps.next_observation)
    assert np.corrcoef(predicted, steps.reward)[0, 1] > 0.9


class Follow:
    """Twenty random states; the reward is 1 less the squared distance of the action from the state."""

    spec = Spec({'state': Field((2,))}, Field((2,)))
    facts = {'id': 'Follow-v0', 'kwargs': {}}

    def __init__(self, seed):
        self._rng, self._t = np.random.default_rng(seed), 0

    def reset(self):
        self._t = 0
        return self._draw()

    def step(self, action):
        reward = 1.0 - float(np.mean((action - self._state) ** 2))
        self._t += 1
        return Step(self._draw(), reward, False, self._t == 20)

    def close(self):
        pass

    def _draw(self):
        self._state = self._rng.uniform(-1, 1, 2).astype(np.float32)
        return {'state': self._state}


def test_rrd_learns_from_episodic_rewards_to_follow_its_observation():
    """A return of 13.3 for standing still, 20 at best."""
    args = arguments('rrd', 'sac', gamma=0.5, batch_size=64, rrd_batch_size=128, rrd_sample_size=8, r_lr=1e-3,
                     rrd_bias_correction=True, q_lr=1e-3, pi_lr=1e-3, iterations=30, timesteps=100,
                     train_batches=100, warmup=1000, buffer_size=10_000, test_rollouts=20)
    rng, log = np.random.default_rng(0), FakeLog()
    agent, sampler = create_algorithm(args, Follow.spec, create_store(args, Follow.spec, rng), rng, rng)
    learner = OnlineLearner(args, EpisodicReward(Follow(0)), agent, sampler, log, FakeProgress(),
                            StopSignals())
    tester = OnlineTester(args, Follow(1), agent, log, None, StopSignals(), rng)
    tester.cycle_summary(0)
    assert log.values['test/return_mean'] < 15
    learner.learn(1)
    tester.cycle_summary(learner.steps)
    assert log.values['test/return_mean'] > 18
