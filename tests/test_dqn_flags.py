"""Defaults of DQN: those of the original on Atari, and others on vectors."""
import pytest

import common
from tests.test_common import refusal

SCHEDULE = {'iterations': 500, 'epochs': 10, 'cycles': 20, 'timesteps': 100, 'test_rollouts': 5,
            'test_timesteps': 27_000}
LEARNING = {'batch_size': 32, 'buffer_size': 1_000_000, 'gamma': 0.99, 'warmup': 30_000, 'train_batches': 25,
            'train_target': 8000, 'double': False, 'dueling': False, 'obs_normalization': False,
            'optimizer': 'adam', 'q_lr': 0.625e-4, 'Adam_eps': 1.5e-4}
ACTING = {'eps_l': 1.0, 'eps_r': 0.01, 'eps_decay': 250_000, 'test_eps': 0.001}
GAME = {'noop': 30, 'frames': 4, 'sticky': False}
REWARDS = {'r_lr': 3e-4, 'rrd_batch_size': 32, 'rrd_sample_size': 32, 'rrd_bias_correction': False}
ATARI = SCHEDULE | LEARNING | ACTING | GAME
OTHERS = ('polyak', 'pi_lr', 'alpha_init', 'alpha_lr', 'std_act', 'q_reg', 'pi_t_std', 'pi_delay_freq',
          'RMSProp_decay', 'RMSProp_eps', 'rews_scale')
ALGORITHMS = [('dqn',), ('rrd', 'dqn'), ('ircr', 'dqn')]


def parsed(env, *algorithm, **flags):
    names = zip(('alg', 'basis_alg'), algorithm, strict=False)
    words = [f'--{name}={value}' for name, value in [*names, *flags.items()]]
    return common.get_args([f'--env={env}', *words])


@pytest.mark.parametrize('algorithm', ALGORITHMS, ids='-'.join)
def test_atari_has_the_defaults_of_the_original_and_no_flag_of_another_algorithm(algorithm):
    args, expected = parsed('Assault', *algorithm), ATARI | (REWARDS if algorithm[0] == 'rrd' else {})
    assert {name: args[name] for name in expected} == expected
    assert not set(args) & set(OTHERS)
    assert algorithm[0] == 'rrd' or not set(args) & set(REWARDS)


def test_a_game_alone_is_played_by_rrd_over_dqn_on_episodic_rewards():
    args = parsed('Assault')
    assert (args.alg, args.basis_alg, args.env_type, args.env_category) == ('rrd', 'dqn', 'ep_rews', 'atari')


def test_rmsprop_has_its_own_constants_and_not_adams():
    args = parsed('Pong', 'dqn', optimizer='rmsprop')
    assert (args.q_lr, args.RMSProp_decay, args.RMSProp_eps) == (2.5e-4, 0.95, 1e-2)
    assert 'Adam_eps' not in args


def test_rewards_are_clipped_at_one_where_they_come_at_each_step_and_only_there():
    assert parsed('Pong', 'dqn', env_type='normal').rews_scale == 1.0
    assert 'rews_scale' not in parsed('Pong', 'dqn')
    assert 'rews_scale' not in parsed('CartPole-v1', 'dqn', env_type='normal')


@pytest.mark.parametrize('algorithm', ALGORITHMS, ids='-'.join)
def test_vectors_have_defaults_that_suit_them_and_no_flag_of_games(algorithm):
    args = parsed('CartPole-v1', *algorithm)
    expected = {'test_timesteps': 500, 'warmup': 1000, 'eps_decay': 10_000, 'train_target': 500,
                'train_batches': 25, 'eps_l': 1.0, 'eps_r': 0.01, 'q_lr': 0.625e-4, 'Adam_eps': 1.5e-4}
    assert {name: args[name] for name in expected} == expected
    assert not set(args) & {*GAME, 'test_eps', 'rews_scale'}


@pytest.mark.parametrize('name, value', [('noop', 0), ('noop', 3), ('frames', 2), ('test_eps', 0.0),
                                         ('test_eps', 1.0), ('eps_r', 0.0), ('eps_decay', 1)])
def test_extreme_values_that_make_sense_are_accepted(name, value):
    assert parsed('Pong', 'dqn', **{name: value})[name] == value


@pytest.mark.parametrize('words, message', [
    ('--frames=1', '--frames=1: expected an integer from 2'),
    ('--noop=-1', '--noop=-1: expected an integer from 0'),
    ('--eps_decay=0', '--eps_decay=0: expected an integer from 1'),
    ('--eps_l=1.5', '--eps_l=1.5: expected a number from 0 to 1'),
    ('--eps_r=1.5', '--eps_r=1.5: expected a number from 0 to 1'),
    ('--test_eps=1.5', '--test_eps=1.5: expected a number from 0 to 1'),
    ('--optimizer=sgd', '--optimizer=sgd: expected adam or rmsprop'),
    ('--optimizer=rmsprop --Adam_eps=1', '--Adam_eps=1.0 needs adam; this run is atari dqn rmsprop'),
    ('--RMSProp_eps=1', '--RMSProp_eps=1.0 needs rmsprop; this run is atari dqn adam'),
    ('--polyak=0.5', '--polyak=0.5 needs sac or td3 or ddpg; this run is atari dqn adam'),
    ('--env=CartPole-v1 --sticky=True', '--sticky=True needs atari; this run is mujoco dqn adam'),
    ('--env=CartPole-v1 --test_eps=0.1', '--test_eps=0.1 needs atari; this run is mujoco dqn adam'),
])
def test_flags_that_cannot_be_are_refused(words, message):
    assert refusal('--env=Pong', '--alg=dqn', *words.split()).startswith(message)
