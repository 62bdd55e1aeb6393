"""Stand-ins for the parts of a run: small, deterministic and open to view."""
from types import SimpleNamespace

import numpy as np

import common
from envs.base import Step
from utils.errors import Interrupted
from utils.types import Batch, Field, Spec, Subsequences, Trajectories, Transitions

SPEC = Spec({'state': Field((3,)), 'goal': Field((2,))}, Field((2,)))
DISCRETE = Spec(SPEC.observation, Field((), np.int32), 4)
FRAMES = Spec({'frame': Field((84, 84), np.uint8, 4)}, Field((), np.int32), 3)
SMALL = {'batch_size': 4, 'inter_op_threads': 1, 'intra_op_threads': 1}
SMALL_RRD = {'rrd_batch_size': 6, 'rrd_sample_size': 3}
SMALL_MODELS = {'rrd': SMALL_RRD, 'lrr': SMALL_RRD,
                'diaster': {'diaster_episodes': 2, 'diaster_period': 2, 'diaster_units': 4}}

# replaces Atari's simulator, where only the start of its state is used
NO_SIMULATOR = SimpleNamespace(cloneState=lambda include_rng: SimpleNamespace(serialize=lambda: b''))


def arguments(*algorithm, **flags):
    """`Args` of a run with tiny batches: `arguments('rrd', 'sac', gamma=0.5)`."""
    selectors = zip(('alg', 'basis_alg'), algorithm, strict=False)
    values = {**dict(selectors), **SMALL, **SMALL_MODELS.get(algorithm[0], {}), **flags}
    return common.parse_args([f'--{name}={value}' for name, value in values.items()])


def random_observation(rng, spec, lead):
    """{key: [*lead, *shape]} of normals, or of any pixels; stacked frames are the last axis."""
    return {key: _random_array(rng, field, lead) for key, field in spec.observation.items()}


def _random_array(rng, field, lead):
    shape = (*lead, *field.shape, *([field.stack] if field.stack > 1 else []))
    if field.dtype is np.uint8:
        return rng.integers(256, size=shape, dtype=np.uint8)
    return rng.normal(size=shape).astype(np.float32)


def _random_action(rng, spec, lead):
    if spec.num_actions:
        return rng.integers(spec.num_actions, size=lead, dtype=np.int32)
    return rng.uniform(-1, 1, (*lead, *spec.action.shape)).astype(np.float32)


def random_transitions(rng, size, spec=SPEC):
    """`Transitions` [size] of normals and pixels; every other step is terminal."""
    action = _random_action(rng, spec, [size])
    reward, terminal = rng.normal(size=size).astype(np.float32), np.arange(size, dtype=np.float32) % 2
    before, after = (random_observation(rng, spec, [size]) for _ in range(2))
    return Transitions(before, action, reward, after, terminal)


def random_subsequences(rng, num_sequences, sample_size, spec=SPEC):
    """`Subsequences` [num_sequences, sample_size] of normals and pixels; variance weights lie in [0, 1]."""
    lead = (num_sequences, sample_size)
    action = _random_action(rng, spec, lead)
    return Subsequences(random_observation(rng, spec, lead), action, random_observation(rng, spec, lead),
                        rng.normal(size=num_sequences).astype(np.float32),
                        rng.uniform(size=num_sequences).astype(np.float32))


def random_trajectories(rng, num_episodes, spec=SPEC):
    """`Trajectories` of 1 to 5 steps, with padding of normals; each is cut somewhere."""
    lead = (num_episodes, 5)
    before, action, after, mean_reward, _, *_ = random_subsequences(rng, *lead, spec)
    length = rng.integers(1, 6, num_episodes, dtype=np.int32)
    cut = rng.integers(1, length + 1, dtype=np.int32)
    return Trajectories(before, action, after, mean_reward, length, cut)


class RandomSampler:
    """Returns random batches of the sizes in `args`, with the shapes of `spec`.

    Attributes:
        requests: (transitions, subsequences) of every call of `sample`.
    """

    def __init__(self, args, seed=0, spec=SPEC):
        self._args, self._spec, self._rng, self.requests = args, spec, np.random.default_rng(seed), []

    def normalizer_batch(self):
        """`Transitions` alone."""
        return self.sample(transitions=True, subsequences=False).transitions

    def sample(self, transitions=True, subsequences=True):
        """A `Batch` of the requested parts."""
        self.requests.append((transitions, subsequences))
        args, rng = self._args, self._rng
        steps = random_transitions(rng, args.batch_size, self._spec) if transitions else None
        if not subsequences:
            return Batch(steps, None)
        if args.alg == 'diaster':
            return Batch(steps, random_trajectories(rng, args.diaster_episodes, self._spec))
        num_sequences = args.rrd_batch_size // args.rrd_sample_size
        return Batch(steps, random_subsequences(rng, num_sequences, args.rrd_sample_size, self._spec))


class FakeEnvironment:
    """Episodes of given lengths in order; a state is (episode, step), both counted from 0.

    The reward of step t is 10 * episode + t + 1. Episodes of even number end in a terminal state,
    the others are cut.
    """

    spec = Spec({'state': Field((2,))}, Field((1,)))
    facts = {'id': 'Fake-v0', 'kwargs': {}}

    def __init__(self, *lengths):
        self._lengths, self.episode, self.t, self.actions = lengths, -1, 0, []

    def reset(self):
        self.episode, self.t = self.episode + 1, 0
        return self._observation()

    def step(self, action):
        self.actions.append(action)
        self.t += 1
        over = self.t == self._lengths[self.episode % len(self._lengths)]
        reward = 10.0 * self.episode + self.t
        return Step(self._observation(), reward, over and self.episode % 2 == 0, over)

    def close(self):
        pass

    def _observation(self):
        return {'state': np.array([self.episode, self.t], np.float32)}


class FakeAgent:
    """Acts by counting, 1, 2, 3 ...; reports its given results as those of its updates.

    Attributes:
        calls: 'act', 'judge', 'normalize' and 'train', in order.
    """

    def __init__(self, results=()):
        self._results, self._count, self.calls = list(results), 0, []

    def act(self, observation, explore, step=0, ready=True):
        assert explore
        self.calls.append('act')
        self._count += 1
        return np.array([self._count], np.float32)

    def exploration(self, step):
        return {}

    def act_with_diagnostics(self, observation, explore=False):
        assert not explore
        self.calls.append('judge')
        return np.array([0.0], np.float32), {'q': observation['state'][1]}

    def update_normalizer(self, sampler):
        self.calls.append('normalize')

    def train(self, sampler):
        self.calls.append('train')
        return self._results.pop(0) if self._results else {}


class FakeSampler:
    """Keeps the appended episodes."""

    def __init__(self):
        self.episodes = []

    @property
    def num_added(self):
        return sum(episode.length for episode in self.episodes)

    def append(self, episode):
        self.episodes.append(episode)


class FakeLog:
    """Keeps the logged values: `added` in order, `values` by name."""

    def __init__(self):
        self.added, self.values, self.unshown = [], {}, set()

    def add(self, values):
        self.added.append(values)

    def set(self, values):
        self.values |= values


class FakeProgress:
    """Counts."""

    done = 0

    def update(self, count):
        self.done += count


class StopAt:
    """Stops the run at one check, as a signal would."""

    def __init__(self, check):
        self._left = check

    def check(self):
        self._left -= 1
        if not self._left:
            raise Interrupted
