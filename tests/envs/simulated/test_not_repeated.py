"""Environments whose episodes depend on more than their seed: resumed exactly, or refused."""
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box, Discrete
from gymnasium.wrappers import NormalizeReward

from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
from utils.checkpoints.state_files import read_state, write_state
from utils.errors import UserError

LENGTH = 5          # of every episode


class Noisy(gymnasium.Env):
    """Observes and is rewarded by `draw()`, a number between 0 and 1."""

    spec = EnvSpec('Noisy-v0')
    action_space, observation_space = Box(-1.0, 1.0, (1,)), Box(-np.inf, np.inf, (1,))

    def reset(self, seed=None):
        super().reset(seed=seed)
        self.begin(seed)
        return np.array([self.draw()]), {}

    def begin(self, seed):
        pass

    def step(self, action):
        return np.array([self.draw()]), self.draw(), False, False, {}

    def draw(self):
        return self.np_random.random()


class OwnGenerator(Noisy):
    def begin(self, seed):
        if seed is not None:
            self.rng = np.random.default_rng(seed)

    def draw(self):
        return self.rng.random()


class OldGenerator(OwnGenerator):
    def begin(self, seed):
        if seed is not None:
            self.rng = np.random.RandomState(seed)

    def draw(self):
        return self.rng.normal()


class Twister(Noisy):
    def begin(self, seed):
        if seed is not None:
            self.np_random = np.random.Generator(np.random.MT19937(seed))


class GoalOfSeed(Noisy):
    """A goal that the seed decides once for all episodes."""

    def begin(self, seed):
        if seed is not None:
            self.goal = self.np_random.random()

    def draw(self):
        return self.goal + super().draw()


class Counting(Noisy):
    """Its rewards and observations change with each episode."""

    episode = 0

    def begin(self, seed):
        self.episode += 1

    def draw(self):
        return self.episode


class RewardOfEpisode(Counting):
    """Only its rewards change with each episode."""

    def step(self, action):
        return np.array([0.0]), float(self.episode), False, False, {}

    def reset(self, seed=None):
        return np.array([0.0]), super().reset(seed)[1]


class EndOfEpisode(RewardOfEpisode):
    """Only the way it ends changes with each episode."""

    def step(self, action):
        return np.array([0.0]), 0.0, self.episode == 4, False, {}


class GlobalNoise(Noisy):
    def draw(self):
        return np.random.random()       # noqa: NPY002 (what is refused)


class HiddenGenerator(OwnGenerator):
    def begin(self, seed):
        if seed is not None:
            self.hidden = [np.random.default_rng(seed)]

    def draw(self):
        return self.hidden[0].random()


def made(kind, seed=7, discrete=False):
    return VectorEnvironment(kind(), LENGTH, seed, discrete)


def play(env, steps):
    return [env.step(np.float32([0.5])) for _ in range(steps)]


def numbers(steps):
    return [(*step.observation['state'].tolist(), *step[1:]) for step in steps]


def resumed(env, other, directory):
    write_state(directory, env.state_dict())
    other.load_state_dict(read_state(directory))
    return other


def in_episode(kind, episode, steps):
    """An environment, `steps` steps into an episode, the first of which is number 1."""
    env = made(kind)
    for _ in range(episode - 1):
        env.reset()
        play(env, LENGTH)
    env.reset()
    play(env, steps)
    return env


@pytest.mark.parametrize('steps', [0, 3])
@pytest.mark.parametrize('episode', [1, 2, 4])
@pytest.mark.parametrize('kind', [Noisy, OwnGenerator, OldGenerator, Twister, GoalOfSeed])
def test_an_environment_with_its_generators_as_attributes_resumes_exactly(kind, episode, steps, tmp_path):
    env = in_episode(kind, episode, steps)
    other = resumed(env, made(kind, seed=99), tmp_path)
    assert numbers(play(env, LENGTH - steps)) == numbers(play(other, LENGTH - steps))
    for _ in range(2):
        assert env.reset()['state'] == other.reset()['state']
        assert numbers(play(env, LENGTH)) == numbers(play(other, LENGTH))


@pytest.mark.parametrize('kind, steps, difference', [
    (Counting, 0, 'the reward of step 1 differs, 3.0 before and 2.0 now'),
    (RewardOfEpisode, 0, 'the reward of step 1 differs, 3.0 before and 2.0 now'),
    (RewardOfEpisode, 2, 'the reward of step 1 differs, 3.0 before and 2.0 now'),
    (EndOfEpisode, 1, 'the terminated of step 1 differs, True before and False now'),
    (GlobalNoise, 2, 'the reward of step 1 differs, '),
    (HiddenGenerator, 0, 'the reward of step 1 differs, ')])
def test_what_does_not_repeat_itself_is_refused_in_one_line_with_the_reasons(kind, steps, difference,
                                                                             tmp_path):
    env = in_episode(kind, 4, steps)
    with pytest.raises(UserError, match='^.*$') as caught:
        resumed(env, made(kind), tmp_path)
    assert str(caught.value).startswith(
        f'--resume=True: Noisy-v0 did not repeat its last episodes: {difference}')
    assert str(caught.value).endswith(
        'expected the versions of gymnasium and mujoco in args.json, and an environment without np.random, '
        'hidden generators of its own and state kept across episodes')


@pytest.mark.parametrize('steps', [0, 3])
def test_rewards_scaled_by_those_of_earlier_episodes_are_refused(steps, tmp_path):
    def kind():
        return NormalizeReward(make_raw('Pendulum-v1'))

    env = in_episode(kind, 4, steps)
    with pytest.raises(UserError, match='did not repeat its last episodes: the reward of step 1 differs'):
        resumed(env, made(kind), tmp_path)


def test_scaled_rewards_resume_exactly_while_all_episodes_are_replayed(tmp_path):
    def kind():
        return NormalizeReward(make_raw('Pendulum-v1'))

    env = in_episode(kind, 2, 3)
    other = resumed(env, made(kind), tmp_path)
    assert numbers(play(env, 2)) == numbers(play(other, 2))


def test_a_generator_of_another_kind_is_refused_in_one_line(tmp_path):
    with pytest.raises(UserError, match=r'^--resume=True: Noisy-v0 did not repeat its last episodes: its '
                                        r'generators differ \(.*\); expected the versions'):
        resumed(in_episode(Noisy, 4, 1), made(Twister), tmp_path)


def test_a_generator_that_is_missing_is_refused_in_one_line(tmp_path):
    with pytest.raises(UserError, match=r'its generators differ \(no generator rng\)'):
        resumed(in_episode(OwnGenerator, 4, 1), made(Noisy), tmp_path)


def test_a_checkpoint_of_an_older_version_resumes_by_its_observations(tmp_path):
    env = in_episode(Noisy, 3, 2)
    state = env.state_dict()
    old = {'generator': state['generators']['0/_np_random'], 'actions': state['actions'],
           'observation': state['observation']}
    write_state(tmp_path, old)
    other = made(Noisy, seed=99)
    other.load_state_dict(read_state(tmp_path))
    assert numbers(play(env, 3)) == numbers(play(other, 3))


class Typed(Noisy):
    """Notes the types of its actions."""

    def __init__(self, space=Noisy.action_space):
        self.action_space, self.types = space, []

    def step(self, action):
        self.types.append((type(action), np.asarray(action).dtype, np.shape(action)))
        return super().step(action)


@pytest.mark.parametrize('space', [Discrete(3), Discrete(3, start=1), Box(-1.0, 1.0, (1,)),
                                   Box(-1.0, 1.0, (1,), np.float64)], ids=str)
def test_a_replayed_action_is_of_the_type_that_was_played(space, tmp_path):
    discrete = isinstance(space, Discrete)
    env, other = (made(lambda: Typed(space), discrete=discrete) for _ in range(2))
    env.reset()
    for _ in range(3):
        env.step(np.int32(1) if discrete else np.float32([0.5]))
    resumed(env, other, tmp_path)
    assert other.raw.types == env.raw.types and env.raw.types[0][0] is (int if discrete else np.ndarray)
