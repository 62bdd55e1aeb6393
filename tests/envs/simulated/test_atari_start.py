"""How an Atari episode begins, is stacked and ends, on a game whose frames are known."""
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box, Discrete

from envs.simulated.atari import AtariEnvironment
from tests.fakes import NO_SIMULATOR


class Scripted(gymnasium.Env):
    """A game of given lengths in order, the last one repeatedly; a frame encodes the number of earlier ones.

    Attributes:
        calls: 'reset' and actions, in order.
        seeds: of the resets.
    """

    spec = EnvSpec('Scripted-v0', kwargs={'frameskip': 4, 'render_mode': None})
    action_space, observation_space = Discrete(6), Box(0, 255, (210, 160, 3), np.uint8)
    ale = NO_SIMULATOR

    def __init__(self, *lengths, end='terminated'):
        self._lengths, self._end, self._left, self._pictures = list(lengths), end, 0, 0
        self.calls, self.seeds, self.reward = [], [], 1.0

    def reset(self, seed=None):
        self.calls.append('reset')
        self.seeds.append(seed)
        self._left = self._lengths.pop(0) if len(self._lengths) > 1 else self._lengths[0]
        return self._picture(), {}

    def step(self, action):
        assert type(action) is int and self._left > 0
        self.calls.append(action)
        self._left -= 1
        over = self._left == 0
        ends = [over and self._end == end for end in ('terminated', 'truncated')]
        return self._picture(), self.reward, *ends, {}

    def _picture(self):
        self._pictures += 1
        return np.full((210, 160, 3), self._pictures - 1, np.uint8)


def make_env(raw, noop=30, frames=4, max_steps=100, seed=5):
    return AtariEnvironment(raw, noop, frames, max_steps, seed)


def shown(observation):
    """The numbers of the frames of a stack, each of which has a single shade."""
    frame = observation['frame']
    assert frame.shape[:2] == (84, 84) and (frame == frame[:1, :1]).all()
    return frame[0, 0].tolist()


@pytest.mark.parametrize('noop, frames, num_noops', [
    (30, 4, 26), (5, 4, 1), (4, 4, 0), (3, 4, 0), (0, 4, 0), (30, 1, 29), (0, 1, 0), (6, 2, 4)])
def test_a_reset_makes_noop_less_frames_actions_that_do_nothing_and_then_frames_more(noop, frames, num_noops):
    raw = Scripted(1000)
    make_env(raw, noop, frames).reset()
    assert raw.calls == ['reset', *[0] * (num_noops + frames)]


def test_the_first_stack_is_of_the_last_pictures_of_the_start_newest_last():
    assert shown(make_env(Scripted(1000)).reset()) == [27, 28, 29, 30]


@pytest.mark.parametrize('end', ['terminated', 'truncated'])
@pytest.mark.parametrize('length', [1, 10, 26])
def test_a_game_that_ends_in_the_first_actions_is_started_over(length, end):
    raw = Scripted(length, length, 1000, end=end)
    observation = make_env(raw).reset()
    assert raw.calls == [*['reset', *[0] * length] * 2, 'reset', *[0] * 30]
    assert shown(observation)[-1] == 2 * (length + 1) + 30


def test_a_game_that_outlives_the_first_actions_by_one_is_not_started_over():
    raw = Scripted(31)
    make_env(raw).reset()
    assert raw.calls.count('reset') == 1


def test_only_the_very_first_reset_is_seeded_even_if_the_game_is_started_over():
    raw = Scripted(3, 1000)
    env = make_env(raw, seed=np.int64(5))
    for _ in range(2):
        env.reset()
    assert raw.seeds == [5, None, None] and type(raw.seeds[0]) is int


def test_each_step_shifts_the_stack_by_one():
    env = make_env(Scripted(1000))
    env.reset()
    assert [shown(env.step(1).observation) for _ in range(3)] == [
        [28, 29, 30, 31], [29, 30, 31, 32], [30, 31, 32, 33]]


def test_a_new_episode_keeps_no_frame_of_the_last_one():
    env = make_env(Scripted(1000), noop=0)
    env.reset()
    env.step(1)
    assert shown(env.reset()) == [7, 8, 9, 10]


def test_observations_do_not_change_when_the_game_continues():
    env = make_env(Scripted(1000), noop=0)
    observations = [env.reset(), *(env.step(1).observation for _ in range(3))]
    env.reset()
    assert [shown(x) for x in observations] == [[1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6], [4, 5, 6, 7]]


def test_the_game_gets_the_actions_as_plain_numbers():
    raw = Scripted(1000)
    env = make_env(raw, noop=0)
    env.reset()
    for action in (np.int32(3), np.int64(5), 0):
        env.step(action)
    assert raw.calls[-3:] == [3, 5, 0]


def test_the_step_at_the_limit_is_over_and_terminal_and_steps_at_the_start_do_not_count():
    env = make_env(Scripted(1000), max_steps=3)
    for _ in range(2):
        env.reset()
        steps = [env.step(0) for _ in range(3)]
        assert [(step.terminal, step.over) for step in steps] == [(False, False)] * 2 + [(True, True)]
        assert env.episode_steps == 3


@pytest.mark.parametrize('end', ['terminated', 'truncated'])
def test_a_game_that_ends_is_over_and_terminal(end):
    env = make_env(Scripted(4 + 2, end=end), noop=0)
    env.reset()
    steps = [env.step(0) for _ in range(2)]
    assert [(step.terminal, step.over) for step in steps] == [(False, False), (True, True)]
    assert type(steps[1].terminal) is bool and type(steps[1].over) is bool


def test_the_reward_is_the_games_own_as_a_float():
    raw = Scripted(1000)
    env = make_env(raw, noop=0)
    env.reset()
    raw.reward = np.float32(-250)
    assert env.step(0).reward == -250.0 and type(env.step(0).reward) is float


def test_spec_and_facts_are_those_of_the_game_without_the_way_it_is_rendered():
    env = make_env(Scripted(1000), frames=3)
    field = env.spec.observation['frame']
    assert (field.shape, field.dtype, field.stack) == ((84, 84), np.uint8, 3)
    assert (env.spec.action.shape, env.spec.action.dtype, env.spec.num_actions) == ((), np.int32, 6)
    assert env.facts == {'id': 'Scripted-v0', 'kwargs': {'frameskip': 4}}
