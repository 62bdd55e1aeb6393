"""Specs, episodes and stores for the tests of the store, its samplers and its files."""
import numpy as np

from algorithm.replay_buffer.episode_store import EpisodeStore
from utils.types import Episode, Field, Spec

VECTOR = Spec({'state': Field((2,))}, Field((1,)))
PIXELS = Spec({'frame': Field((3, 2), np.uint8, 4)}, Field((), np.int32))
MIXED = Spec({'state': Field((2,)), 'frame': Field((2, 2), np.uint8, 3)}, Field((2,)))


def random_array(rng, shape, dtype):
    """Values that hardly repeat, as far as `dtype` allows."""
    if np.dtype(dtype).kind == 'f':
        return rng.normal(size=shape).astype(dtype)
    return rng.integers(256, size=shape).astype(dtype)


def random_episode(rng, spec, length):
    """An episode of `length` steps."""
    frames = {key: random_array(rng, (length + field.stack, *field.shape), field.dtype)
              for key, field in spec.observation.items()}
    actions = random_array(rng, (length, *spec.action.shape), spec.action.dtype)
    return Episode(frames, actions, random_array(rng, length, np.float32), rng.random(length) < 0.5)


def numbered_episode(number, length, total_reward=0.0):
    """An episode over `VECTOR` that shows its number and the step's, and is rewarded at its end."""
    frames = np.stack([np.full(length + 1, number), np.arange(length + 1)], axis=1).astype(np.float32)
    rewards = np.zeros(length, np.float32)
    rewards[-1] = total_reward
    return Episode({'state': frames}, np.zeros((length, 1), np.float32), rewards, np.zeros(length, bool))


def make_store(max_steps, lengths=(), spec=VECTOR, drop='episodes', seed=0):
    """A store with numbered episodes of these lengths."""
    store = EpisodeStore(spec, max_steps, np.random.default_rng(seed), drop)
    for number, length in enumerate(lengths):
        store.append(numbered_episode(number, length))
    return store


def assert_holds(store, reference):
    """Asserts that every step of `reference`, read from `store` in one call, is equal."""
    assert store.num_steps == len(reference.steps)
    assert (store.num_added, store.episodes_added) == (reference.num_added, reference.episodes_added)
    oldest = reference.steps[0].episode
    row = np.array([step.episode - oldest for step in reference.steps])
    assert store.num_episodes == row[-1] + 1
    got = store.transitions(row, np.array([step.t for step in reference.steps]))
    for key in store.spec.observation:
        for part in ('observation', 'next_observation'):
            np.testing.assert_array_equal(got._asdict()[part][key],
                                          np.stack([step._asdict()[part][key] for step in reference.steps]))
            assert got._asdict()[part][key].dtype == store.spec.observation[key].dtype
    for part in ('action', 'reward', 'terminal'):
        np.testing.assert_array_equal(got._asdict()[part],
                                      np.stack([step._asdict()[part] for step in reference.steps]))
    assert got.reward.dtype == got.terminal.dtype == np.float32
