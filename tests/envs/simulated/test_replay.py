"""Environments that are saved in the middle of an episode and resumed elsewhere."""
import numpy as np
import pytest

from envs.simulated.episodic import EpisodicReward
from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
from utils.checkpoints.state_files import read_state, write_state

TASKS = ['Ant-v2', 'HalfCheetah-v2', 'Walker2d-v2', 'Humanoid-v2', 'Reacher-v2', 'Swimmer-v2', 'Hopper-v2',
         'HumanoidStandup-v2', 'Ant-v5', 'Pendulum-v1']
LENGTH = 12     # of an episode at most


def make_env(task, seed, wrapper=lambda env: env):
    return wrapper(VectorEnvironment(make_raw(task), LENGTH, seed))


def moved(env, task, directory, wrapper=lambda env: env):
    """A new environment of another seed, resumed at the state of `env` from a file."""
    write_state(directory, env.state_dict())
    other = make_env(task, 99, wrapper)
    other.load_state_dict(read_state(directory))
    return other


def play_episode(env, rng):
    """[(observation, reward, terminal, over)] of the rest of the open episode."""
    steps = []
    while not (steps and steps[-1].over):
        steps.append(env.step(rng.uniform(-1, 1, env.spec.action.shape).astype(np.float32)))
    return steps


def play_steps(env, rng, count):
    for _ in range(count):
        assert not env.step(rng.uniform(-1, 1, env.spec.action.shape).astype(np.float32)).over


def assert_equal_steps(one, other):
    assert [step[1:] for step in one] == [step[1:] for step in other]
    np.testing.assert_array_equal([step.observation['state'] for step in one],
                                  [step.observation['state'] for step in other])


def assert_equal_episodes(env, other):
    """Two whole episodes of both are the same, chance included."""
    for seed in (1, 2):
        np.testing.assert_array_equal(env.reset()['state'], other.reset()['state'])
        assert_equal_steps(*(play_episode(each, np.random.default_rng(seed)) for each in (env, other)))


@pytest.mark.parametrize('task', TASKS)
def test_a_third_episode_resumes_exactly_and_so_do_those_after_it(task, tmp_path):
    rng, env = np.random.default_rng(0), make_env(task, 7)
    for _ in range(2):
        env.reset()
        play_episode(env, rng)
    env.reset()
    play_steps(env, rng, 6)
    other = moved(env, task, tmp_path)
    assert other.episode_steps == env.episode_steps == 6
    assert_equal_steps(*(play_episode(each, np.random.default_rng(3)) for each in (env, other)))
    assert_equal_episodes(env, other)


@pytest.mark.parametrize('steps', [0, 1, LENGTH - 1])
def test_the_first_episode_of_a_seed_resumes_exactly(steps, tmp_path):
    env = make_env('Hopper-v2', 7)
    env.reset()
    play_steps(env, np.random.default_rng(0), steps)
    other = moved(env, 'Hopper-v2', tmp_path)
    assert_equal_steps(*(play_episode(each, np.random.default_rng(3)) for each in (env, other)))
    assert_equal_episodes(env, other)


def test_an_environment_that_was_never_reset_resumes_with_its_seed(tmp_path):
    env = make_env('Hopper-v2', 7)
    assert_equal_episodes(env, moved(env, 'Hopper-v2', tmp_path))


@pytest.mark.parametrize('episodes', [1, 2])
def test_between_episodes_the_next_one_is_the_same(episodes, tmp_path):
    env = make_env('Hopper-v2', 7)
    for seed in range(episodes):
        env.reset()
        play_episode(env, np.random.default_rng(seed))
    assert_equal_episodes(env, moved(env, 'Hopper-v2', tmp_path))


def test_a_state_can_be_resumed_from_twice(tmp_path):
    env = make_env('Hopper-v2', 7)
    env.reset()
    play_steps(env, np.random.default_rng(0), 4)
    other = moved(env, 'Hopper-v2', tmp_path)
    for each in (env, other):
        play_steps(each, np.random.default_rng(1), 4)
    third = moved(other, 'Hopper-v2', tmp_path)
    assert_equal_steps(*(play_episode(each, np.random.default_rng(3)) for each in (env, third)))


def test_saving_does_not_disturb_the_episode(tmp_path):
    one, other = (make_env('Hopper-v2', 7) for _ in range(2))
    for env in (one, other):
        env.reset()
        play_steps(env, np.random.default_rng(0), 4)
    one.state_dict()
    assert_equal_steps(*(play_episode(each, np.random.default_rng(3)) for each in (one, other)))


def test_the_episodic_return_continues(tmp_path):
    env = make_env('Hopper-v2', 7, EpisodicReward)
    env.reset()
    play_steps(env, np.random.default_rng(0), 5)
    other = moved(env, 'Hopper-v2', tmp_path, EpisodicReward)
    assert other.episode_return == env.episode_return != 0.0
    assert_equal_steps(*(play_episode(each, np.random.default_rng(3)) for each in (env, other)))
    assert_equal_episodes(env, other)
