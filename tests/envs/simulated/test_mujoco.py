"""MuJoCo and other Gymnasium environments as a `VectorEnvironment`."""
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box, Dict, Discrete

from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
from utils.errors import DivergedError, UserError

SIZES = {'Ant': (111, 8), 'HalfCheetah': (17, 6), 'Walker2d': (17, 6), 'Humanoid': (376, 17),
         'Reacher': (11, 2), 'Swimmer': (8, 2), 'Hopper': (11, 3), 'HumanoidStandup': (376, 17)}
PLAIN = (1.0, False, False)     # reward, terminated, truncated


class Scripted(gymnasium.Env):
    """Plays one given (reward, terminated, truncated) a step; its one observation buffer counts them."""

    spec = EnvSpec('Scripted-v0')

    def __init__(self, outcomes=(), low=(-1.0,), high=(1.0,)):
        self.outcomes = list(outcomes)
        self.action_space = Box(np.float32(low), np.float32(high))
        self.observation_space = Box(-np.inf, np.inf, (1,))
        self.state, self.actions, self.seeds = np.zeros(1), [], []

    def reset(self, seed=None):
        self.seeds.append(seed)
        self.state[:] = 0.0
        return self.state, {}

    def step(self, action):
        self.actions.append(action)
        self.state += 1.0
        return self.state, *self.outcomes.pop(0), {}


def play(raw, num_steps, max_steps=100):
    env = VectorEnvironment(raw, max_steps, seed=0)
    env.reset()
    return [env.step(np.zeros(env.spec.action.shape, np.float32)) for _ in range(num_steps)]


def raw_action(low, high, action):
    raw = Scripted([PLAIN], low, high)
    env = VectorEnvironment(raw, 10, seed=0)
    env.reset()
    env.step(np.float32(action))
    return raw.actions[0]


@pytest.mark.filterwarnings('ignore:.*out of date')     # by the plain environment it is compared with
@pytest.mark.parametrize('task', SIZES)
def test_v2_id_moves_like_its_v4_successor_with_scaled_actions(task):
    options = {'use_contact_forces': True} if task == 'Ant' else {}
    plain = gymnasium.make(f'{task}-v4', **options)
    env = VectorEnvironment(make_raw(f'{task}-v2'), 1000, seed=7)
    assert (env.facts['id'], env.facts['kwargs']) == (f'{task}-v4', options)
    size, num_actions = SIZES[task]
    assert env.spec.observation['state'].shape == (size,) and env.spec.action.shape == (num_actions,)

    state, _ = plain.reset(seed=7)
    np.testing.assert_array_equal(env.reset()['state'], state.astype(np.float32))
    rng = np.random.default_rng(0)
    for _ in range(5):
        action = rng.uniform(-1, 1, num_actions).astype(np.float32)
        step = env.step(action)
        state, _, terminated, _, _ = plain.step(action * plain.action_space.high)
        np.testing.assert_array_equal(step.observation['state'], state.astype(np.float32))
        assert step.terminal == terminated


def test_observations_are_float32_and_never_reused():
    first, second = (step.observation['state'] for step in play(Scripted([PLAIN] * 2), 2))
    assert first.dtype == np.float32
    assert (first[0], second[0]) == (1.0, 2.0)


@pytest.mark.parametrize('outcome, terminal, over', [
    ((1.0, False, False), False, False),
    ((1.0, True, False), True, True),
    ((1.0, False, True), False, True),
    ((1.0, True, True), True, True),
])
def test_only_a_raw_termination_is_terminal(outcome, terminal, over):
    step, = play(Scripted([outcome]), 1)
    assert (step.terminal, step.over) == (terminal, over)
    assert type(step.reward) is float and type(step.terminal) is bool and type(step.over) is bool


@pytest.mark.parametrize('terminated', [False, True])
def test_the_last_allowed_step_is_bootstrapped_even_if_terminal(terminated):
    steps = play(Scripted([PLAIN, PLAIN, (1.0, terminated, False)]), 3, max_steps=3)
    assert [step.over for step in steps] == [False, False, True]
    assert not steps[-1].terminal


def test_the_step_count_starts_anew_with_each_episode():
    env = VectorEnvironment(Scripted([PLAIN] * 4), 2, seed=0)
    for _ in range(2):
        env.reset()
        assert [env.step(np.zeros(1, np.float32)).over for _ in range(2)] == [False, True]
        assert env.episode_steps == 2


def test_pendulum_outlives_its_own_limit_of_200_steps():
    steps = play(make_raw('Pendulum-v1'), 1000, max_steps=1000)
    assert [i for i, step in enumerate(steps, 1) if step.over] == [1000]


def test_symmetric_bounds_multiply_the_action():
    action = np.array([0.1015958, -1.0, 1.5], np.float32)       # not clipped
    high = np.array([0.4, 2.0, 0.7], np.float32)
    scaled = raw_action(-high, high, action)
    np.testing.assert_array_equal(scaled, action * high)
    assert scaled.dtype == np.float32


def test_asymmetric_bounds_are_met_exactly_and_halved_in_the_middle():
    low, high = np.float32([-0.1, 0.3, 5.0]), np.float32([0.7, 0.9, 6.0])
    np.testing.assert_array_equal(raw_action(low, high, [-1, -1, -1]), low)
    np.testing.assert_array_equal(raw_action(low, high, [1, 1, 1]), high)
    np.testing.assert_allclose(raw_action(low, high, [0, 0, -0.5]), [0.3, 0.6, 5.25], rtol=1e-6)


@pytest.mark.parametrize('dtype', [np.float64, np.float32, np.float16])
def test_rounding_never_leads_outside_of_the_bounds(dtype):
    rng = np.random.default_rng(0)
    low, high = np.sort(rng.uniform(-3, 3, (2, 500)).round(1).astype(dtype), axis=0)
    raw = Scripted([PLAIN] * 203)
    raw.action_space = Box(low, high, dtype=dtype)
    env = VectorEnvironment(raw, 1000, seed=0)
    env.reset()
    for action in np.float32([[-1.0], [1.0], [0.0], *rng.uniform(-1, 1, (200, 1))]):
        env.step(np.repeat(action, 500))
    assert all(raw.action_space.contains(action) for action in raw.actions)
    assert {action.dtype for action in raw.actions} == {np.dtype(dtype)}


def test_the_upper_bound_of_a_float64_box_is_met_from_below():
    raw = Scripted([PLAIN])
    raw.action_space = Box(-1.4, 0.8, (1,), np.float64)
    env = VectorEnvironment(raw, 10, seed=0)
    env.reset()
    env.step(np.float32([1.0]))
    assert raw.actions[0].tolist() == [0.8]


def test_only_the_first_reset_is_seeded():
    raw = Scripted()
    env = VectorEnvironment(raw, 10, seed=np.int64(5))
    for _ in range(3):
        env.reset()
    assert raw.seeds == [5, None, None] and type(raw.seeds[0]) is int


def test_one_seed_gives_the_same_two_episodes_and_another_seed_others():
    def states(seed):
        env = VectorEnvironment(make_raw('Hopper-v2'), 20, seed)
        return np.stack([env.reset()['state'], env.step(np.ones(3, np.float32)).observation['state'],
                         env.reset()['state']])

    np.testing.assert_array_equal(states(1), states(1))
    assert (states(1) != states(2)).any(axis=1).all()


def test_a_reward_that_is_not_finite_stops_with_env_and_step():
    with pytest.raises(DivergedError, match=r'^Scripted-v0: reward nan at step 2 of an episode$'):
        play(Scripted([PLAIN, (float('nan'), False, False)]), 2)


def test_an_observation_that_is_not_finite_stops_with_env_and_step():
    raw = Scripted([PLAIN])
    env = VectorEnvironment(raw, 10, seed=0)
    env.reset()
    raw.state[:] = np.inf
    with pytest.raises(DivergedError, match=r'^Scripted-v0: an observation that is not finite at step 1 of'):
        env.step(np.zeros(1, np.float32))


def test_discrete_actions_are_refused_without_dqn():
    with pytest.raises(UserError, match=r'^--env=CartPole-v1: expected a Box of actions for sac, td3 '
                                        r'and ddpg, got Discrete\(2\)$'):
        VectorEnvironment(make_raw('CartPole-v1'), 10, seed=0)


@pytest.mark.parametrize('attribute, space, text', [
    ('action_space', Box(-1.0, 1.0, (2, 2)), 'expected actions in a Box of floats of rank 1, got Box'),
    ('action_space', Box(0, 9, (2,), np.int32), 'expected actions in a Box of floats of rank 1, got Box'),
    ('action_space', Dict(), 'expected actions in a Box of floats of rank 1, got Dict'),
    ('action_space', Box(-np.inf, 1.0, (2,)), 'expected finite action bounds, got Box'),
    ('action_space', Box(-1.0, np.inf, (2,)), 'expected finite action bounds, got Box'),
    ('action_space', Box(-1.7e308, 1.7e308, (2,), np.float64),
     'expected action bounds within the range of float32, got Box'),
    ('action_space', Box(-1.0, np.finfo(np.float32).max, (2,)),
     'expected action bounds within the range of float32, got Box'),
    ('observation_space', Box(0, 1, (8, 8)), 'expected observations in a Box of rank 1, got Box'),
    ('observation_space', Discrete(3), 'expected observations in a Box of rank 1, got Discrete'),
    ('observation_space', Dict(a=Discrete(3)), 'expected observations in a Box of rank 1, got Dict'),
])
def test_spaces_that_do_not_fit_are_refused(attribute, space, text):
    raw = Scripted()
    setattr(raw, attribute, space)
    with pytest.raises(UserError) as caught:
        VectorEnvironment(raw, 10, seed=0)
    assert str(caught.value).startswith(f'--env=Scripted-v0: {text}')


class Spaceless(gymnasium.Env):
    spec = EnvSpec('Spaceless-v0')


def test_an_environment_without_spaces_is_refused():
    with pytest.raises(UserError, match='^--env=Spaceless-v0: expected an observation_space and an '
                                        "action_space: 'Spaceless' object has no attribute"):
        VectorEnvironment(Spaceless(), 10, seed=0)


def test_the_error_about_a_large_space_is_one_line():
    raw = Scripted()
    raw.action_space = Box(np.arange(-40, 0, dtype=np.float32), np.float32(np.inf))
    with pytest.raises(UserError, match=r'^.*$'):
        VectorEnvironment(raw, 10, seed=0)
