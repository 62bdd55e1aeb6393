"""Atari games by the real simulator."""
import ale_py
import gymnasium
import numpy as np
import pytest

from envs.simulated.atari import AtariEnvironment, grey, make_game
from utils.errors import UserError
from utils.flags.atari_games import ATARI_GAMES

NUM_ACTIONS = {'Pong': 6, 'Breakout': 4, 'Freeway': 3}


def make_env(game, sticky=False, seed=1, noop=30, max_steps=27_000):
    return AtariEnvironment(make_game(game, sticky), noop, 4, max_steps, seed)


def played(env, num_steps, action_seed=0):
    """[(stack, reward, over)] of random actions; an episode that is over is followed by another."""
    rng, steps = np.random.default_rng(action_seed), [(env.reset()['frame'], 0.0, False)]
    for _ in range(num_steps):
        step = env.step(rng.integers(env.spec.num_actions))
        steps.append((step.observation['frame'], step.reward, step.over))
        if step.over:
            steps.append((env.reset()['frame'], 0.0, False))
    return steps


@pytest.mark.parametrize('game', ATARI_GAMES)
def test_every_game_of_the_list_is_registered(game):
    gymnasium.register_envs(ale_py)
    assert gymnasium.spec(f'ALE/{game}-v5').kwargs['game'] in ale_py.roms.get_all_rom_ids()


@pytest.mark.parametrize('game', NUM_ACTIONS)
def test_a_game_has_its_own_actions_only(game):
    env = make_env(game)
    assert env.spec.num_actions == NUM_ACTIONS[game] == len(env.raw.unwrapped.ale.getMinimalActionSet())


def test_observations_are_four_grey_frames_of_which_the_last_is_new():
    env = make_env('Breakout')
    before = env.reset()['frame']
    step = env.step(1)
    after = step.observation['frame']
    assert after.dtype == np.uint8 and after.shape == before.shape == (84, 84, 4) and after.std() > 10
    np.testing.assert_array_equal(after[..., :3], before[..., 1:])
    np.testing.assert_array_equal(after[..., 3], grey(env.raw.unwrapped.ale.getScreenRGB()))


def test_grey_is_the_mean_of_the_area_of_each_pixel():
    shades = np.random.default_rng(0).integers(240, size=(84, 1, 84, 1))
    corner = np.zeros((1, 3, 1, 3), int)
    corner[0, 0, 0, 0] = 9                                  # one more in the mean of nine
    picture = np.repeat((shades + corner).reshape(252, 252, 1), 3, axis=-1).astype(np.uint8)
    np.testing.assert_array_equal(grey(picture), shades.reshape(84, 84) + 1)


@pytest.mark.parametrize('colour, shade', [((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29)])
def test_grey_weighs_the_colours_as_television_does(colour, shade):
    assert (grey(np.full((210, 160, 3), colour, np.uint8)) == shade).all()


@pytest.mark.parametrize('sticky, probability', [(False, 0.0), (True, 0.25)])
def test_facts_and_simulator_have_the_same_settings(sticky, probability):
    env = make_env('Pong', sticky)
    ale, kwargs = env.raw.unwrapped.ale, env.facts['kwargs']
    assert env.facts['id'] == 'ALE/Pong-v5' and kwargs['game'] == 'pong'
    assert kwargs['repeat_action_probability'] == probability == ale.getFloat('repeat_action_probability')
    assert kwargs['full_action_space'] is False


def test_no_limit_but_our_own_ends_an_episode():
    env = make_env('Pong')
    assert env.raw.unwrapped.ale.getInt('max_num_frames_per_episode') == 0
    assert env.facts['kwargs']['max_num_frames_per_episode'] == 0
    assert env.raw.spec.max_episode_steps is None and 'TimeLimit' not in str(env.raw)


def test_an_action_lasts_four_frames_and_the_start_is_of_thirty_actions():
    env = make_env('Pong')
    env.reset()
    ale = env.raw.unwrapped.ale
    assert ale.getEpisodeFrameNumber() == 4 * 30
    env.step(0)
    assert ale.getEpisodeFrameNumber() == 4 * 31


def test_a_lost_life_is_not_terminal_and_the_last_one_is():
    env = make_env('Breakout')
    env.reset()
    ale, lives = env.raw.unwrapped.ale, []
    while True:
        step = env.step(1)                                  # serve, and let the ball go
        lives.append(ale.lives())
        if step.over:
            break
    assert step.terminal and set(lives) == {5, 4, 3, 2, 1, 0} and lives.count(0) == 1


@pytest.mark.parametrize('sticky', [False, True])
def test_one_seed_gives_the_same_episodes(sticky):
    one, other = (played(make_env('Breakout', sticky, max_steps=60), 150) for _ in range(2))
    np.testing.assert_equal(one, other)


def test_two_seeds_repeat_different_actions_where_these_stick():
    one, other = (played(make_env('Pong', sticky=True, seed=seed), 60) for seed in (1, 2))
    assert any((a[0] != b[0]).any() for a, b in zip(one, other, strict=True))


def test_the_episodes_of_one_seed_differ_where_actions_stick():
    env = make_env('Pong', sticky=True)
    one, other = (played(env, 60) for _ in range(2))
    assert any((a[0] != b[0]).any() for a, b in zip(one, other, strict=True))


def test_a_game_that_cannot_be_created_is_an_error_of_one_line():
    with pytest.raises(UserError, match=r'^--env=Quux: cannot be made: .*$'):
        make_game('Quux', sticky=False)
