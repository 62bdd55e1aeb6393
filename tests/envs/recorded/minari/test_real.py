"""Data sets that the package minari writes; skipped where it is not installed."""
import numpy as np
import pytest

from envs.recorded.minari.read import read_set

pytestmark = pytest.mark.data
LENGTHS = (5, 7)


@pytest.fixture
def minari(monkeypatch, tmp_path):
    monkeypatch.setenv('MINARI_DATASETS_PATH', str(tmp_path))
    return pytest.importorskip('minari')


def observations(rng, count):
    return {'state': rng.normal(size=(count, 2)), 'inner': {'goal': rng.normal(size=(count, 1))},
            'camera': np.tile(rng.integers(0, 256, (count, 1, 1, 3), np.uint8), (1, 32, 40, 1))}


def buffers(minari):
    rng = np.random.default_rng(0)
    return [minari.data_collector.EpisodeBuffer(
        id=number, observations=observations(rng, length + 1),
        actions=rng.normal(size=(length, 3)).astype(np.float32), rewards=list(rng.normal(size=length)),
        terminations=[False] * length, truncations=[False] * (length - 1) + [True], infos={})
        for number, length in enumerate(LENGTHS)]


@pytest.mark.parametrize('jpeg', [True, False])
def test_what_minari_writes_is_read(minari, tmp_path, jpeg):
    from gymnasium import spaces
    box = spaces.Box(-np.inf, np.inf, (2,), np.float64)
    space = spaces.Dict({'state': box, 'camera': spaces.Box(0, 255, (32, 40, 3), np.uint8),
                         'inner': spaces.Dict({'goal': spaces.Box(-np.inf, np.inf, (1,), np.float64)})})
    minari.create_dataset_from_buffers('test/point-v0', buffers(minari), observation_space=space,
                                       action_space=spaces.Box(-np.inf, np.inf, (3,)), jpeg_encoding=jpeg)
    raw = read_set(tmp_path / 'test/point-v0', ['observations/state', 'observations/inner/goal',
                                                'observations/camera'])
    assert raw.columns['observations/camera'].encoding == ('jpeg' if jpeg else 'raw')
    for position, (found, expected) in enumerate(zip(raw.episodes, buffers(minari), strict=True)):
        assert found.task == 'test/point-v0'
        np.testing.assert_array_equal(found.actions, expected.actions)
        np.testing.assert_array_equal(found.rewards, np.float32(expected.rewards))
        state = np.concatenate([found.vectors['observations/state'],
                                found.final_vectors['observations/state'][None]])
        np.testing.assert_array_equal(state, expected.observations['state'].astype(np.float32))
        frames = np.concatenate(list(raw.read('observations/camera', [position])))
        error = np.abs(frames.astype(int) - expected.observations['camera'])
        assert error.max() <= (6 if jpeg else 0)


def test_an_environment_that_was_collected_names_the_task(minari, tmp_path):
    import gymnasium
    env = minari.DataCollector(gymnasium.make('Pendulum-v1', max_episode_steps=9), record_infos=True)
    for seed in range(2):
        env.reset(seed=seed)
        while not any(env.step(env.action_space.sample())[2:4]):
            pass
    env.create_dataset(dataset_id='pendulum/random-v0')
    raw = read_set(tmp_path / 'pendulum/random-v0', ['observations'])
    assert [(episode.task, len(episode.actions)) for episode in raw.episodes] == [('Pendulum-v1', 9)] * 2
