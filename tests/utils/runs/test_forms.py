"""Runs that learn rewards of another form cannot use each other's checkpoints."""
from types import SimpleNamespace

import pytest

from tests.recordings import RECORDED
from tests.utils.runs.checkpoints import leave_checkpoint
from utils.checkpoints.checkpoint import check_identity
from utils.errors import UserError
from utils.flags.flag import Args
from utils.runs.flags import parse_args
from utils.runs.identity import FORM, identity
from utils.runs.sources import find_reward

FORMS = [('step', 'potential'), ('potential', 'step'), ('progress', 'potential')]


def of_form(name):
    return parse_args(['--env=libero_spatial', f'--reward_form={name}', '--r_scale=0.1'])


@pytest.mark.parametrize('new, old', FORMS)
def test_a_reward_of_another_form_is_no_initial_one(tmp_path, new, old):
    leave_checkpoint(tmp_path, of_form(old), spec=RECORDED)
    text = f'^--reward_from={tmp_path}: .*/ckpt-000000 is of another kind of run: it has '
    with pytest.raises(UserError, match=f'{text}reward_form {old} instead of {new}'):
        find_reward(Args({**of_form(new), 'reward_from': tmp_path}), identity(of_form(new), RECORDED))


@pytest.mark.parametrize('new, old', FORMS)
def test_a_record_of_another_form_than_the_checkpoint_is_refused(tmp_path, new, old):
    left = leave_checkpoint(tmp_path, of_form(old), spec=RECORDED)
    with pytest.raises(UserError, match=f'another kind of run: it has reward_form {old} instead of {new}'):
        check_identity(left, identity(of_form(new), RECORDED))


def test_a_checkpoint_that_names_no_form_is_of_rewards_of_steps(tmp_path):
    args = of_form('step')
    known = {name: value for name, value in identity(args, RECORDED).items() if name not in FORM}
    found = SimpleNamespace(path='old', state={'identity': known})
    check_identity(found, identity(args, RECORDED))
    with pytest.raises(UserError, match='it has reward_form step instead of potential, '):
        check_identity(found, identity(of_form('potential'), RECORDED))
