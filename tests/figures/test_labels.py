"""Labels of runs in a legend."""
import pytest

from common import parse_args
from figures.labels import labels
from utils.runs.naming import base_label, kind_of


def flags(*words):
    return dict(parse_args(words))


@pytest.mark.parametrize('words, kind, label', [
    (['--alg=rrd'], 'rrd', 'RRD + SAC'),
    (['--alg=rrd', '--basis_alg=td3'], 'rrd', 'RRD + TD3'),
    (['--alg=rrd', '--rrd_bias_correction=True'], 'rrd-l', 'RRD-L(RD) + SAC'),
    (['--alg=rrd', '--env=Pong'], 'rrd', 'RRD + DQN'),
    (['--alg=ircr', '--basis_alg=ddpg'], 'ircr', 'IRCR + DDPG'),
    (['--alg=ircr', '--ircr_credit=mean'], 'ircr', 'IRCR mean + SAC'),
    (['--alg=uniform'], 'uniform', 'uniform + SAC'),
    (['--alg=lrr'], 'lrr', 'LRR + SAC'),
    (['--alg=diaster', '--basis_alg=td3'], 'diaster', 'Diaster + TD3'),
    (['--alg=sac'], 'plain', 'SAC'),
    (['--alg=sac', '--env_type=normal'], 'dense', 'SAC, dense rewards'),
    (['--alg=rrd', '--env_type=normal'], 'rrd', 'RRD + SAC, dense rewards'),
    (['--alg=rrd', '--env=libero_goal'], 'rrd', 'RRD'),
    (['--alg=rrd', '--env=libero_goal', '--rrd_exact=True'], 'rrd', 'RRD exact')])
def test_a_label_names_the_algorithm(words, kind, label):
    assert (kind_of(flags(*words)), base_label(flags(*words))) == (kind, label)


def test_seeds_lengths_threads_and_directories_make_no_other_algorithm():
    runs = [flags('--seed=0'), flags('--seed=1', '--epochs=1', '--run_dir=x', '--intra_op_threads=1',
                                     '--test_rollouts=2', '--tag=other')]
    assert labels(runs) == ['RRD + SAC', 'RRD + SAC']


def test_a_flag_in_which_runs_of_an_algorithm_differ_is_in_the_label_of_each():
    runs = [flags('--rrd_sample_size=32'), flags(), flags('--alg=sac'),
            flags('--rrd_sample_size=32', '--gamma=0.9')]
    assert labels(runs) == ['RRD + SAC, gamma = 0.99, K = 32', 'RRD + SAC, gamma = 0.99, K = 64', 'SAC',
                            'RRD + SAC, gamma = 0.9, K = 32']


def test_defaults_that_differ_between_environments_are_no_difference():
    runs = [flags('--alg=ircr', '--env=Ant-v2'), flags('--alg=ircr', '--env=Humanoid-v2')]
    assert runs[0]['alpha_lr'] != runs[1]['alpha_lr']
    assert labels(runs) == ['IRCR + SAC', 'IRCR + SAC']


def test_a_flag_that_differs_in_one_environment_is_in_the_labels_of_all():
    runs = [flags('--env=Ant-v2'), flags('--env=Ant-v2', '--rrd_sample_size=8'), flags('--env=Hopper-v2')]
    assert labels(runs) == ['RRD + SAC, K = 64', 'RRD + SAC, K = 8', 'RRD + SAC, K = 64']


def test_a_record_of_the_older_category_libero_has_the_label_of_a_new_one():
    new = flags('--env=libero_goal')
    assert labels([new, {**new, 'env_category': 'libero'}]) == ['RRD', 'RRD']
