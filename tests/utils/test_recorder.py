"""Recording an episode step by step."""
import numpy as np
import pytest

from tests.algorithm.replay_buffer.episodes import MIXED, PIXELS, VECTOR, random_episode
from utils.recorder import EpisodeRecorder


def observation_at(episode, spec, t):
    """What an environment shows at step t: stacks on a last axis."""
    shown = {}
    for key, field in spec.observation.items():
        frames = episode.observations[key][t:t + field.stack]
        shown[key] = frames[0] if field.stack == 1 else np.stack(frames, axis=-1)
    return shown


def record(recorder, episode, spec, steps):
    recorder.begin(observation_at(episode, spec, 0))
    for t in range(steps):
        recorder.add(episode.actions[t], float(episode.rewards[t]), bool(episode.terminals[t]),
                     observation_at(episode, spec, t + 1))


def assert_equal_episodes(got, expected):
    assert got.observations.keys() == expected.observations.keys()
    pairs = [(got.observations[key], expected.observations[key]) for key in expected.observations]
    for ours, theirs in [*pairs, *zip(got[1:], expected[1:], strict=True)]:
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


@pytest.mark.parametrize('spec', [VECTOR, PIXELS, MIXED])
@pytest.mark.parametrize('capacity', [1, 8, 100])
def test_recorded_episodes_are_those_that_were_played(spec, capacity):
    rng = np.random.default_rng(0)
    recorder = EpisodeRecorder(spec, capacity)
    for length in (9, 1, 33):
        episode = random_episode(rng, spec, length)
        record(recorder, episode, spec, length)
        assert recorder.length == length
        assert_equal_episodes(recorder.finish(), episode)


def test_frames_are_kept_once():
    recorder, episode = EpisodeRecorder(PIXELS), random_episode(np.random.default_rng(0), PIXELS, 20)
    record(recorder, episode, PIXELS, 20)
    assert recorder.finish().observations['frame'].shape == (24, 3, 2)


def test_numbers_are_recorded_as_float32():
    recorder = EpisodeRecorder(VECTOR)
    recorder.begin({'state': np.array([0.1, 0.2])})                           # float64, as MuJoCo's
    recorder.add(np.array([0.3]), 0.1, False, {'state': np.array([0.4, 0.5])})
    episode = recorder.finish()
    assert episode.observations['state'].tolist() == np.float32([[0.1, 0.2], [0.4, 0.5]]).tolist()
    assert {episode.actions.dtype, episode.rewards.dtype} == {np.dtype(np.float32)}


def test_finished_episode_does_not_change_with_the_next_one():
    rng, recorder = np.random.default_rng(0), EpisodeRecorder(VECTOR)
    first, second = (random_episode(rng, VECTOR, 5) for _ in range(2))
    record(recorder, first, VECTOR, 5)
    finished = recorder.finish()
    record(recorder, second, VECTOR, 5)
    assert_equal_episodes(finished, first)


def test_steps_of_an_episode_that_never_finished_leave_no_trace():
    rng, recorder = np.random.default_rng(0), EpisodeRecorder(VECTOR)
    record(recorder, random_episode(rng, VECTOR, 5), VECTOR, 5)
    episode = random_episode(rng, VECTOR, 2)
    record(recorder, episode, VECTOR, 2)
    assert_equal_episodes(recorder.finish(), episode)
