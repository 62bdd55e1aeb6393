"""Names of environments that are refused before a simulator loads."""
import pytest

from common import get_args
from utils.errors import UserError
from utils.flags.atari_games import ATARI_GAMES
from utils.flags.checks import CONTINUOUS
from utils.flags.env_names import check_name, suggestion


def refusal(*words):
    with pytest.raises(UserError) as caught:
        get_args(words)
    return str(caught.value)


@pytest.mark.parametrize('env, meant', [
    ('AssaultNoFrameskip-v4', 'Assault'), ('Assault-v4', 'Assault'), ('AssaultDeterministic-v0', 'Assault'),
    ('Pong-ramNoFrameskip-v4', 'Pong'), ('pong', 'Pong'), ('mspacman-v0', 'MsPacman'),
    ('Ant', 'Ant-v2'), ('halfcheetah', 'HalfCheetah-v2'), ('HumanoidStandup', 'HumanoidStandup-v2')])
def test_another_name_of_an_environment_is_refused_with_its_name_here(env, meant):
    assert refusal(f'--env={env}', '--alg=dqn') == f'--env={env}: unknown; did you mean {meant}?'


@pytest.mark.parametrize('env', [*ATARI_GAMES, *CONTINUOUS, 'Ant-v5', 'CartPole-v1', 'CartPole',
                                 'ALE/Pong-v5', 'my_package:Ant', 'FetchReach-v4', ''])
def test_names_that_gymnasium_may_have_are_left_to_it(env):
    check_name(env)


@pytest.mark.parametrize('flags', [['--libero_path=x'], ['--libero_obs=wrist', '--libero_path=x']])
def test_an_unknown_name_with_a_flag_of_recorded_episodes_is_refused_with_the_suites(flags):
    assert refusal('--env=my_robot', *flags).startswith(
        '--env=my_robot: unknown; with --libero_path expected one of the suites libero_spatial, ')


def test_an_id_of_gymnasium_with_a_flag_of_recorded_episodes_is_another_kind_of_run():
    assert refusal('--env=Ant-v2', '--libero_path=x') == (
        '--libero_path=x needs recorded; this run is mujoco rrd sac')


@pytest.mark.parametrize('env, text', [
    ('Hoper-v2', 'did you mean Hopper-v2?'), ('Asault', 'did you mean Assault?'),
    ('Pendulum-v0', 'did you mean Pendulum-v1?')])
def test_names_alike_are_suggested(env, text):
    assert suggestion(env, ['Pendulum-v1']) == text


def test_without_a_name_alike_the_three_kinds_of_names_are_described():
    assert suggestion('quux', []).startswith('expected an id of Gymnasium with its version, such as ')
