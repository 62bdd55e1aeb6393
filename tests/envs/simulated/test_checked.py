"""Environments that return something other than their spaces promise: an error of one line each."""
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box
from gymnasium.wrappers import OrderEnforcing

from envs.simulated.episodic import EpisodicReward
from envs.simulated.vectors import VectorEnvironment
from utils.errors import DivergedError, UserError

SCALAR_ENDS = [True, False, np.bool_(True), np.array(False), 1, 0]


class Returning(gymnasium.Env):
    """Returns what it is given, from `reset` and from `step`."""

    spec = EnvSpec('Returning-v0')
    action_space, observation_space = Box(-1.0, 1.0, (1,)), Box(-np.inf, np.inf, (3,))

    def __init__(self, first=((0.0, 0.0, 0.0), {}), then=None):
        self.first, self.then = first, then

    def reset(self, seed=None, options=None):
        return self.first

    def step(self, action):
        return self.then


def begun(raw):
    env = VectorEnvironment(raw, 10, seed=0)
    env.reset()
    return env


def step(*then):
    return begun(Returning(then=then)).step(np.zeros(1, np.float32))


def refusal(call, *arguments):
    with pytest.raises(UserError, match='^.*$') as caught:
        call(*arguments)
    return str(caught.value)


OBSERVATIONS = [
    (np.zeros((1, 3)), 'an observation of shape (1, 3); expected (3,), as its observation_space promises'),
    (np.zeros((3, 1)), 'an observation of shape (3, 1); expected (3,), as its observation_space promises'),
    (np.zeros(2), 'an observation of shape (2,); expected (3,), as its observation_space promises'),
    (np.zeros(4), 'an observation of shape (4,); expected (3,), as its observation_space promises'),
    (0.0, 'an observation of shape (); expected (3,), as its observation_space promises'),
    (None, 'None as observation; expected numbers of shape (3,), as its observation_space promises'),
    ({'a': 1}, 'a dict as observation; expected numbers of shape (3,), as its observation_space promises'),
    ([[1], [2, 3]], 'a list as observation; expected numbers of shape (3,), as its observation_space '
                    'promises'),
    ('abc', 'a str as observation; expected numbers of shape (3,), as its observation_space promises'),
    (np.zeros(3, complex), 'an array of shape (3,) as observation; expected numbers of shape (3,), as its '
                           'observation_space promises')]


@pytest.mark.parametrize('state, text', OBSERVATIONS, ids=[text[:40] for _, text in OBSERVATIONS])
def test_an_observation_of_another_shape_or_kind_is_refused_at_reset_and_step(state, text):
    assert refusal(begun, Returning((state, {}))) == f'--env=Returning-v0: reset returned {text}'
    assert refusal(step, state, 1.0, False, False, {}) == f'--env=Returning-v0: step returned {text}'


@pytest.mark.parametrize('state', [[1, 2, 3], (1.0, 2.0, 3.0), np.int64([1, 2, 3]), np.float16([1, 2, 3])],
                         ids=repr)
def test_numbers_of_the_right_shape_are_taken_whatever_holds_them(state):
    observation = step(state, 1.0, False, False, {}).observation['state']
    assert observation.tolist() == [1, 2, 3] and observation.dtype == np.float32


@pytest.mark.parametrize('reward, text', [
    (None, 'None'), (np.ones(1), 'an array of shape (1,)'), (np.ones((2, 2)), 'an array of shape (2, 2)'),
    ('1', 'a str'), ([1.0], 'a list'), (1j, 'a complex')])
def test_a_reward_that_is_no_number_is_refused(reward, text):
    assert refusal(step, np.zeros(3), reward, False, False, {}) == (
        f'--env=Returning-v0: step returned {text} as reward; expected a number')


@pytest.mark.parametrize('reward', [2, 2.0, np.float32(2), np.int64(2), np.array(2.0)], ids=repr)
def test_a_number_of_any_type_is_a_reward(reward):
    found = step(np.zeros(3), reward, False, False, {}).reward
    assert found == 2.0 and type(found) is float


@pytest.mark.parametrize('place', ['terminated', 'truncated'])
@pytest.mark.parametrize('end, text', [
    (None, 'None'), (np.array([True]), 'an array of shape (1,)'), ({}, 'a dict'), ('no', 'a str')])
def test_an_end_that_is_no_truth_is_refused(end, text, place):
    ends = {'terminated': False, 'truncated': False, place: end}.values()
    assert refusal(step, np.zeros(3), 1.0, *ends, {}) == (
        f'--env=Returning-v0: step returned {text} as {place}; expected True or False')


@pytest.mark.parametrize('end', SCALAR_ENDS, ids=repr)
def test_a_truth_of_any_type_is_an_end(end):
    assert step(np.zeros(3), 1.0, end, False, {}).over is bool(end)


@pytest.mark.parametrize('then, text', [
    ((np.zeros(3), 1.0, False, {}), '4 values'), ((np.zeros(3), 1.0), '2 values'), (None, 'None'),
    ([np.zeros(3), 1.0, False, False, {}], 'a list')], ids=['old', 'two', 'None', 'list'])
def test_a_step_of_another_interface_is_refused(then, text):
    env = begun(Returning(then=then))
    assert refusal(env.step, np.zeros(1, np.float32)) == (
        f'--env=Returning-v0: step returned {text}; expected 5 values: observation, reward, terminated, '
        'truncated, info')


@pytest.mark.parametrize('first, text', [
    (np.zeros(3), 'an array of shape (3,)'), (np.zeros(2), 'an array of shape (2,)'), (None, 'None'),
    ((np.zeros(3),), '1 values'), ([0.0, 0.0, 0.0], 'a list')])
def test_a_reset_that_returns_no_pair_is_refused(first, text):
    assert refusal(begun, Returning(first)) == (
        f'--env=Returning-v0: reset returned {text}; expected 2 values: observation, info')


class Unseeded(Returning):
    def reset(self):
        return self.first


class WithoutOptions(Returning):
    def reset(self, *, seed=None):
        return self.first


class AnyParameters(Returning):
    def reset(self, **parameters):
        return self.first


def test_a_reset_without_a_seed_is_refused_before_it_is_called():
    expected = ('--env=Returning-v0: reset of Unseeded takes no seed; expected '
                'reset(self, *, seed=None, options=None)')
    assert refusal(VectorEnvironment, Unseeded(), 10, 0) == expected
    assert refusal(VectorEnvironment, OrderEnforcing(Unseeded()), 10, 0) == expected


def test_a_reset_without_the_options_that_wrappers_hand_on_is_refused():
    assert begun(WithoutOptions()).episode_steps == 0
    assert refusal(VectorEnvironment, OrderEnforcing(WithoutOptions()), 10, 0) == (
        '--env=Returning-v0: reset of WithoutOptions takes no options; expected '
        'reset(self, *, seed=None, options=None)')


def test_a_reset_with_any_parameters_is_fine():
    assert begun(OrderEnforcing(AnyParameters())).episode_steps == 0


@pytest.mark.parametrize('reward', [1e39, -1e39, 1e300])
def test_a_reward_beyond_float32_stops_with_its_value(reward):
    with pytest.raises(DivergedError) as caught:
        step(np.zeros(3), reward, False, False, {})
    assert str(caught.value) == (f'Returning-v0: a reward of {reward}, beyond the range of float32, at step '
                                 '1 of an episode')


@pytest.mark.parametrize('value', [1e39, -1e300])
def test_an_observation_beyond_float32_stops_with_its_value(value):
    text = f'^Returning-v0: a value of {value} in an observation, beyond the range of float32, at step '
    with pytest.raises(DivergedError, match=text.replace('+', r'\+') + '1 of an episode$'):
        step(np.array([0.0, value, 1e38]), 1.0, False, False, {})
    with pytest.raises(DivergedError, match=text.replace('+', r'\+') + '0 of an episode$'):
        begun(Returning((np.array([0.0, value, 1e38]), {})))


def test_the_largest_numbers_of_float32_are_taken():
    largest = float(np.finfo(np.float32).max)
    found = step(np.array([largest, -largest, 0.0]), -largest, False, False, {})
    assert found.reward == -largest and found.observation['state'].tolist() == [largest, -largest, 0.0]


def test_an_episodic_return_beyond_float32_stops_with_its_value():
    raw = Returning(then=(np.zeros(3), 3e38, False, False, {}))
    env = EpisodicReward(begun(raw))
    env.step(np.zeros(1, np.float32))
    with pytest.raises(DivergedError, match=r"^Returning-v0: an episode's return of 6e\+38, beyond the range "
                                            'of float32$'):
        env.step(np.zeros(1, np.float32))
