"""Atari games that are saved in the middle of an episode and resumed in another simulator."""
import numpy as np
import pytest

from common import parse_args
from envs.simulated import EpisodicReward, make_env
from envs.simulated.atari import AtariEnvironment, make_game
from utils.checkpoints.state_files import read_state, write_state
from utils.errors import UserError

LENGTH = 300        # steps that are compared; an episode of Breakout at random has less than 200


def make_game_env(game, sticky, seed, max_steps=27_000):
    return AtariEnvironment(make_game(game, sticky), 30, 4, max_steps, seed)


def moved(env, other, directory):
    """`other`, resumed at the state of `env` from a file."""
    write_state(directory, env.state_dict())
    other.load_state_dict(read_state(directory))
    return other


def play(env, num_steps, seed):
    """[(stack, reward, terminal, over)] of random actions; whatever is over is followed by a reset."""
    rng, steps = np.random.default_rng(seed), []
    for _ in range(num_steps):
        step = env.step(rng.integers(env.spec.num_actions))
        steps.append((step.observation['frame'], *step[1:]))
        if step.over:
            steps.append((env.reset()['frame'],))
    return steps


def assert_alike(one, other, num_steps=LENGTH):
    """Both do the same, chance included; the number of episodes that ended meanwhile."""
    steps = play(one, num_steps, 9)
    np.testing.assert_equal(play(other, num_steps, 9), steps)
    return len(steps) - num_steps


@pytest.mark.parametrize('sticky', [False, True])
def test_a_second_episode_resumes_exactly_and_so_do_those_after_it(sticky, tmp_path):
    env = make_game_env('Breakout', sticky, 7)
    env.reset()
    play(env, 50, 0)
    env.reset()
    play(env, 20, 1)
    other = moved(env, make_game_env('Breakout', sticky, 99), tmp_path)
    assert other.episode_steps == env.episode_steps == 20
    assert assert_alike(env, other) > 0


def test_an_action_that_sticks_in_the_first_frame_is_the_one_before_the_resume(tmp_path):
    """At a quarter of all steps; here at each of twelve."""
    env = make_game_env('Pong', True, 7)
    env.reset()
    for action in [2, 3] * 6:                               # up, down
        other = moved(env, make_game_env('Pong', True, 99), tmp_path)
        np.testing.assert_equal(other.step(action), env.step(action))


def test_scores_and_the_limit_of_steps_continue(tmp_path):
    env = make_game_env('Pong', True, 7, max_steps=70)
    env.reset()
    play(env, 40, 0)
    other = moved(env, make_game_env('Pong', True, 99, max_steps=70), tmp_path)
    steps = play(other, LENGTH, 9)
    np.testing.assert_equal(play(env, LENGTH, 9), steps)
    assert [len(step) for step in steps].index(1) == 30     # the reset
    assert sum(step[1] for step in steps if len(step) > 1) < 0


@pytest.mark.parametrize('sticky', [False, True])
def test_a_game_that_was_never_reset_resumes_with_its_seed(sticky, tmp_path):
    env = make_game_env('Breakout', sticky, 7)
    other = moved(env, make_game_env('Breakout', sticky, 99), tmp_path)
    np.testing.assert_array_equal(env.reset()['frame'], other.reset()['frame'])
    assert assert_alike(env, other, 100) == 0


def test_right_after_a_reset_the_episode_is_the_same(tmp_path):
    env = make_game_env('Pong', True, 7)
    env.reset()
    assert_alike(env, moved(env, make_game_env('Pong', True, 99), tmp_path), 100)


def test_between_episodes_the_next_one_is_the_same(tmp_path):
    env = make_game_env('Pong', True, 7, max_steps=30)
    env.reset()
    for _ in range(30):
        step = env.step(2)
    assert step.over
    other = moved(env, make_game_env('Pong', True, 99, max_steps=30), tmp_path)
    np.testing.assert_array_equal(env.reset()['frame'], other.reset()['frame'])
    assert assert_alike(env, other, 100) == 3


def test_an_environment_that_has_played_resumes_as_a_new_one_does(tmp_path):
    env, other = make_game_env('Pong', True, 7), make_game_env('Pong', True, 99)
    for each in (env, other):
        each.reset()
        play(each, 25, 0)
    assert_alike(env, moved(env, other, tmp_path), 100)


def test_a_state_can_be_resumed_from_twice(tmp_path):
    env = make_game_env('Breakout', True, 7)
    env.reset()
    play(env, 20, 0)
    other = moved(env, make_game_env('Breakout', True, 98), tmp_path)
    assert_alike(env, other, 20)
    assert_alike(env, moved(other, make_game_env('Breakout', True, 99), tmp_path), 100)


def test_saving_does_not_disturb_the_game():
    saved, left = (make_game_env('Breakout', True, 7) for _ in range(2))
    for env in (saved, left):
        env.reset()
        play(env, 20, 0)
    saved.state_dict()
    assert_alike(saved, left, 100)


def test_resuming_does_not_change_the_state_that_was_read(tmp_path):
    env = make_game_env('Breakout', True, 7)
    env.reset()
    state = env.state_dict()
    frames = state['stack'].copy()
    env.load_state_dict(state)
    play(env, 10, 0)
    np.testing.assert_array_equal(state['stack'], frames)


def test_the_open_return_of_episodic_rewards_continues(tmp_path):
    args = parse_args(['--env=Pong', '--alg=dqn', '--test_timesteps=100'])
    env, other = (make_env(args, seed, learning=True) for seed in (7, 99))
    env.reset()
    play(env, 80, 0)
    moved(env, other, tmp_path)
    assert isinstance(other, EpisodicReward) and other.episode_return == env.episode_return < 0
    assert assert_alike(env, other, 150) == 2


def test_a_game_that_does_not_repeat_itself_is_refused():
    env = make_game_env('Pong', False, 7)
    env.reset()
    play(env, 40, 0)                                        # the ball is in play
    state = env.state_dict()
    text = ('^--resume=True: ALE/Pong-v5 did not repeat its open episode; '
            'expected the version of ale-py in args.json$')
    with pytest.raises(UserError, match=text):
        make_game_env('Pong', False, 99).load_state_dict(state | {'actions': state['actions'][:-1]})


def test_a_state_that_the_simulator_cannot_read_is_refused():
    """As of another version of ale-py."""
    env = make_game_env('Pong', False, 7)
    env.reset()
    state = env.state_dict()
    with pytest.raises(UserError, match='expected the version of ale-py in args.json'):
        make_game_env('Pong', False, 99).load_state_dict(state | {'simulator': state['simulator'][:5000]})
