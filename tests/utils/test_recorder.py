"""Recording an episode step by step."""
import numpy as np
import pytest

from tests.algorithm.replay_buffer.episodes import MIXED, PIXELS, VECTOR, random_episode
from utils.checkpoints.state_files import read_state, write_state
from utils.recorder import EpisodeRecorder
from utils.types import flattened, unflattened


def observation_at(episode, spec, t):
    """The observation of an environment at step t: stacks on the last axis."""
    observation = {}
    for key, field in spec.observation.items():
        frames = episode.observations[key][t:t + field.stack]
        observation[key] = frames[0] if field.stack == 1 else np.stack(frames, axis=-1)
    return observation


def record(recorder, episode, spec, steps):
    recorder.begin(observation_at(episode, spec, 0))
    record_steps(recorder, episode, spec, 0, steps)


def record_steps(recorder, episode, spec, start, stop):
    for t in range(start, stop):
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


def test_frames_are_stored_once():
    recorder, episode = EpisodeRecorder(PIXELS), random_episode(np.random.default_rng(0), PIXELS, 20)
    record(recorder, episode, PIXELS, 20)
    assert recorder.finish().observations['frame'].shape == (24, 3, 2)


def test_numbers_are_recorded_as_float32():
    recorder = EpisodeRecorder(VECTOR)
    recorder.begin({'state': np.array([0.1, 0.2])})                           # float64, as from MuJoCo
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


@pytest.mark.parametrize('spec', [VECTOR, PIXELS, MIXED])
@pytest.mark.parametrize('cut', [0, 1, 7, 8, 9, 20])
def test_an_interrupted_and_resumed_episode_is_the_one_that_was_played(spec, cut, tmp_path):
    episode = random_episode(np.random.default_rng(0), spec, 20)
    first, second = EpisodeRecorder(spec, capacity=8), EpisodeRecorder(spec, capacity=2)
    record(first, episode, spec, cut)
    write_state(tmp_path, first.state_dict())
    second.load_state_dict(read_state(tmp_path))
    assert second.length == cut
    record_steps(second, episode, spec, cut, 20)
    assert_equal_episodes(second.finish(), episode)


def test_saving_an_episode_does_not_change_it():
    episode, recorder = random_episode(np.random.default_rng(0), MIXED, 9), EpisodeRecorder(MIXED, capacity=4)
    record(recorder, episode, MIXED, 5)
    state = recorder.state_dict()
    record_steps(recorder, episode, MIXED, 5, 9)
    assert_equal_episodes(recorder.finish(), episode)
    assert_equal_episodes(unflattened(state)._replace(observations={}),
                          episode._replace(observations={}, actions=episode.actions[:5],
                                           rewards=episode.rewards[:5], terminals=episode.terminals[:5]))


def test_a_restored_recorder_records_the_next_episode_correctly():
    rng = np.random.default_rng(0)
    left, episode = random_episode(rng, PIXELS, 12), random_episode(rng, PIXELS, 6)
    first, second = EpisodeRecorder(PIXELS), EpisodeRecorder(PIXELS, capacity=2)
    record(first, left, PIXELS, 12)
    second.load_state_dict(first.state_dict())
    record(second, episode, PIXELS, 6)
    assert_equal_episodes(second.finish(), episode)


@pytest.mark.parametrize('spec', [VECTOR, PIXELS, MIXED])
def test_a_flattened_episode_becomes_the_episode_again(spec):
    episode = random_episode(np.random.default_rng(0), spec, 3)
    arrays = flattened(episode)
    assert {name.removeprefix('observations/') for name in arrays} == {
        'actions', 'rewards', 'terminals', *spec.observation}
    assert_equal_episodes(unflattened(arrays), episode)
