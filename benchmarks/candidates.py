"""The measured operations of one task: sampling, updates, and the whole loop with its parts."""
import functools
import itertools
import math
from typing import Any, NamedTuple

import numpy as np

from algorithm import create_algorithm, create_store
from benchmarks.flops import update_flops
from benchmarks.rounds import Candidate
from envs.simulated import make_env
from learner.online import OnlineLearner
from utils.logs.logger import Logger
from utils.recorder import EpisodeRecorder
from utils.stop_signals import StopSignals
from utils.types import Episode

EPISODE = 1000      # steps, as in every MuJoCo task without termination
LATE = 10 ** 9      # step at which DQN acts: almost no action is random


class Part(NamedTuple):
    """One algorithm on the task, ready to learn.

    Attributes:
        args: flags of the run.
        name: `rrd sac`, or `sac` if it learns from the stored reward.
        agent: `Agent`.
        sampler: its sampler, over a full store.
    """

    args: Any
    name: str
    agent: Any
    sampler: Any


class Task:
    """One environment, its full stores, and the algorithms on it.

    Args:
        runs: [`Args`] of the algorithms, all on one environment.
        seed: seed of all random numbers.
        closing: `ExitStack` that closes the environments.

    Attributes:
        spec: shapes of the task.
        parts: [`Part`], in the order of `runs`.
    """

    def __init__(self, runs, seed, closing):
        self._args, self._closing = runs[0], closing
        self._rng = np.random.default_rng(seed)
        self._env = self._make_env()
        self.spec = self._env.spec
        self._episodes = [random_episode(self.spec, self._rng) for _ in range(8)]
        self._stores = {}                                   # RRD agents share one, plain agents another
        self.parts = [self._part(args) for args in runs]

    def _make_env(self):
        env = make_env(self._args, int(self._rng.integers(2**31)), learning=True)
        self._closing.callback(env.close)
        return env

    def _part(self, args):
        store = self._stores.get(args.alg == 'rrd')
        if store is None:
            store = self._stores[args.alg == 'rrd'] = create_store(args, self.spec, self._rng)
            for episode in itertools.islice(itertools.cycle(self._episodes), args.buffer_size // EPISODE):
                store.append(episode)
        agent, sampler = create_algorithm(args, self.spec, store, self._rng, self._rng)
        name = f'rrd {args.basis_alg}' if args.alg == 'rrd' else args.alg
        return Part(args, name, agent, sampler)

    def memory_ratio(self):
        """Largest ratio of a store's bytes to those of its data, each number or frame counted once."""
        fields = [*self.spec.observation.values(), self.spec.action]
        step_bytes = 4 * 2 + sum(                                               # a reward and a flag
            math.prod(field.shape) * np.dtype(field.dtype).itemsize for field in fields)
        return max(store.nbytes / (step_bytes * store.rings.num_slots) for store in self._stores.values())

    def sampling(self, part):
        """Sampling for one update; TD3's delayed policy update draws another batch."""
        return Candidate(self._args.env, f'sample, {part.name}', part.sampler.sample, 100)

    def update(self, part):
        """A full update: sampling, training, moving the targets."""
        train = functools.partial(part.agent.train, part.sampler)
        flops = None if self.spec.num_actions else update_flops(part.args, self.spec)
        return Candidate(self._args.env, f'update, {part.name}', train, 20, flops=flops)

    def loop(self, part):
        """The parts of one environment step of a run, and the whole step including an update."""
        task, rng = self._args.env, self._rng
        learner = self._learner(part)
        act = functools.partial(part.agent.act, self._env.reset(), True, LATE)
        return [
            Candidate(task, 'environment', EnvironmentStep(self._env, rng), 100),
            Candidate(task, f'act, {part.name}', act, 100),
            Candidate(task, 'record', Recording(self.spec, self._episodes[0]), 1, EPISODE),
            Candidate(task, 'append', functools.partial(part.sampler.append, self._episodes[0]), 1, EPISODE),
            Candidate(task, f'whole step, {part.name}', lambda: learner.learn(learner.iterations + 1), 1,
                      part.args.timesteps),
        ]

    def _learner(self, part):
        columns = ['train/return_mean', 'train/length_mean', *part.agent.info_names]
        log = Logger([*columns, *part.agent.exploration(0)], [])
        return OnlineLearner(part.args, self._make_env(), part.agent, part.sampler, log, NoProgress(),
                             StopSignals())


class NoProgress:
    """A progress bar without output."""

    def update(self, count):
        """Does nothing."""


class EnvironmentStep:
    """Steps an environment with random actions, episode after episode."""

    def __init__(self, env, rng):
        actions = random_actions(env.spec, rng)
        self._env, self._actions, self._over = env, itertools.cycle(actions), True

    def __call__(self):
        """One step, after a reset if the episode is over."""
        if self._over:
            self._env.reset()
        self._over = self._env.step(next(self._actions)).over


class Recording:
    """Records the steps of an episode one by one."""

    def __init__(self, spec, episode):
        self._recorder, self._episode = EpisodeRecorder(spec), episode
        self._observations = [{key: frames[t] for key, frames in episode.observations.items()}
                              for t in range(episode.length + 1)]

    def __call__(self):
        """Records the whole episode."""
        self._recorder.begin(self._observations[0])
        for action, reward, observation in zip(self._episode.actions, self._episode.rewards,
                                               self._observations[1:], strict=True):
            self._recorder.add(action, reward, False, observation)
        self._recorder.finish()


def random_episode(spec, rng):
    """An `Episode` of `EPISODE` steps: standard normals or random pixels, and one reward at its end."""
    observations = {key: random_frames(field, rng) for key, field in spec.observation.items()}
    actions = random_actions(spec, rng)
    rewards = np.zeros(EPISODE, np.float32)
    rewards[-1] = rng.normal(0, 1000)
    return Episode(observations, actions, rewards, np.zeros(EPISODE, bool))


def random_frames(field, rng):
    """[EPISODE + stack, *shape] of one field."""
    shape = (EPISODE + field.stack, *field.shape)
    return (rng.integers(256, size=shape, dtype=np.uint8) if field.dtype == np.uint8
            else rng.standard_normal(shape, np.float32))


def random_actions(spec, rng):
    """[EPISODE, ...] actions."""
    if spec.num_actions:
        return rng.integers(spec.num_actions, size=EPISODE, dtype=np.int32)
    return rng.uniform(-1, 1, (EPISODE, *spec.action.shape)).astype(np.float32)
