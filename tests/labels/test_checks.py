"""Runs, checkpoints and episodes that no labels are made of."""
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from envs.recorded.source import RecordedFile
from labels.checks import check_run, check_shapes, check_sizes, check_sound, check_tasks
from labels.collect import splitter
from tests.recordings import RECORDED, recording
from utils.errors import UserError
from utils.flags.flag import Args
from utils.types import Field


def test_a_run_that_acts_is_refused():
    with pytest.raises(UserError, match='^run is a run on --env=Ant-v2; expected one on recorded episodes$'):
        check_run(Path('run'), Args({'env': 'Ant-v2', 'env_category': 'mujoco', 'alg': 'rrd'}))


def test_a_run_without_a_reward_model_is_refused():
    with pytest.raises(UserError, match='--alg=sac, which has no reward model; expected one with --alg=rrd$'):
        check_run(Path('run'), Args({'env': 'recorded', 'env_category': 'recorded', 'alg': 'sac'}))


def test_a_checkpoint_before_a_damaged_one_is_refused_with_the_flag_that_takes_it():
    found = SimpleNamespace(path=Path('run/ckpt-000001'), damaged={Path('run/ckpt-000002'): 'it is short'})
    with pytest.raises(UserError, match='^run/ckpt-000002 is damaged: it is short; --checkpoint=ckpt-000001 '
                                        'labels with the one before it$'):
        check_sound(found)


@pytest.mark.parametrize('changed, message', [
    ({'observation': {'agentview': RECORDED.observation['agentview']}},
     'expected observations of agentview, proprio, as the run was trained with, got agentview'),
    ({'observation': RECORDED.observation | {'proprio': Field((4,))}},
     'expected proprio of 3 numbers, as the run was trained with, got 4'),
    ({'action': Field((7,))}, 'expected actions of 3 numbers, as the run was trained with, got 7')],
    ids=['camera alone', 'longer state', 'longer action'])
def test_other_shapes_than_the_models_are_refused(changed, message):
    with pytest.raises(UserError, match=f'^--data_path=x: {message}$'):
        check_shapes(RECORDED, RECORDED._replace(**changed), '--data_path=x')


def test_a_task_that_was_only_held_out_is_refused():
    with pytest.raises(UserError, match='^--data_path=x: the run has learned from no episode of b; expected '
                                        'tasks among a$'):
        check_tasks(SimpleNamespace(tasks=('a', 'b')), ['a'], '--data_path=x')


def test_the_size_of_vectors_and_unknown_sizes_are_no_reason_to_refuse():
    file = RecordedFile(Path('x'), 'data_path', [recording()], {}, {}, '', {})
    check_sizes(SimpleNamespace(files=[file]), {}, '--data_path=x', resize=False)


def test_a_checkpoint_without_signatures_gives_an_unknown_split_and_a_warning():
    found = SimpleNamespace(path=Path('run/ckpt-000001'), state={'parts': {'tester': {}}})
    split_of, warnings = splitter([found])
    assert split_of(recording()) == 'unknown' and 'did not record its episodes' in warnings[0]


def test_a_checkpoint_with_signatures_recognizes_its_episodes():
    rows = np.array([[6, 0, 0, 0, 0]], np.float64)
    found = SimpleNamespace(state={'parts': {'tester': {'seen': {'train': rows, 'held_out': rows}}}})
    split_of, warnings = splitter([found])
    assert split_of(recording()) == 'new' and warnings == []
