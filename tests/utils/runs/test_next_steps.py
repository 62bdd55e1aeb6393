"""The last lines of the log of a finished run."""
import shlex

import pytest

from common import get_args
from utils.runs.next_steps import next_steps


def commands(words, directory):
    """{what for: command or path} of a run with these flags."""
    return {name: text.strip() for name, _, text in (
        line.partition(':') for line in next_steps(get_args(words), directory))}


def test_a_run_that_acts_names_its_curves_its_evaluation_and_how_to_lengthen_it(tmp_path):
    assert commands(['--alg=sac'], tmp_path) == {
        'curves': f'python plot.py curves {tmp_path}', 'play': f'python -m tester {tmp_path}',
        'longer': f'python train.py --resume=True --run_dir={tmp_path} --epochs=4'}


def test_a_run_on_recorded_episodes_names_its_picture_and_has_no_curves(tmp_path):
    (tmp_path / 'rewards.png').touch()
    found = commands(['--env=libero_goal'], tmp_path)
    assert found['picture'] == f'{tmp_path}/rewards.png' and 'curves' not in found
    assert found['evaluate'] == f'python -m tester {tmp_path} --libero_path=OTHER'
    assert found['longer'].endswith(' --epochs=2')


def test_a_run_on_recorded_episodes_names_its_table_and_how_to_label_data(tmp_path):
    (tmp_path / 'rewards.parquet').touch()
    found = commands(['--env=libero_goal'], tmp_path)
    assert found['rewards'] == f'{tmp_path}/rewards.parquet'
    assert found['label'] == f'python label.py {tmp_path} --data_path=SRC --out=DST'


def test_a_run_on_own_data_is_evaluated_on_own_data(tmp_path):
    found = commands(['--env=recorded', '--data_path=mine'], tmp_path)
    assert found['evaluate'] == f'python -m tester {tmp_path} --data_path=OTHER'


def test_a_picture_that_was_not_drawn_is_not_named(tmp_path):
    assert 'picture' not in commands(['--env=libero_goal'], tmp_path)


@pytest.mark.parametrize('words, ending', [
    ([], 'next_observation)'), (['--env=libero_goal'], 'next_observation, task=reward.tasks[0])')])
def test_a_run_with_a_reward_model_shows_how_to_load_it(words, ending, tmp_path):
    *_, load, use = next_steps(get_args(words), tmp_path)
    assert load == f'    reward = load_reward({str(tmp_path)!r})' and use.endswith(ending)


def test_a_run_without_a_reward_model_shows_no_load_reward(tmp_path):
    assert 'load_reward' not in ' '.join(next_steps(get_args(['--alg=ircr']), tmp_path))


def test_a_directory_with_a_space_is_quoted_in_commands(tmp_path):
    found = commands(['--alg=sac'], tmp_path / 'a b')
    assert shlex.split(found['play'])[-1] == f'{tmp_path}/a b'
