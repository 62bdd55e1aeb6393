"""Which runs can use each other's checkpoints, and the task recorded in a checkpoint."""
import json

import pytest

from tests.fakes import DISCRETE, FRAMES, SPEC, arguments
from tests.recordings import RECORDED, recorded_arguments
from tests.utils.runs.checkpoints import OTHER_SPEC, leave_checkpoint
from utils.errors import UserError
from utils.runs.identity import check_resumable, identity, spec_of

ARGS = arguments('rrd', 'sac')


@pytest.mark.parametrize('algorithm', [('ircr', 'sac'), ('rrd', 'td3'), ('sac',)])
def test_kinds_of_run_differ_in_their_algorithm(algorithm):
    assert identity(arguments(*algorithm), SPEC) != identity(ARGS, SPEC)


@pytest.mark.parametrize('flags', [{'env': 'Hopper-v2'}, {'obs_normalization': True}])
def test_kinds_of_run_differ_in_what_the_weights_depend_on(flags):
    assert identity(arguments('rrd', 'sac', **flags), SPEC) != identity(ARGS, SPEC)


def test_runs_of_other_seeds_and_rates_are_of_one_kind_and_json_keeps_it():
    kind = identity(ARGS, SPEC)
    assert identity(arguments('rrd', 'sac', seed=5, q_lr=0.1, tag='a'), SPEC) == kind
    assert json.loads(json.dumps(kind)) == kind


@pytest.mark.parametrize('args, spec', [
    (ARGS, SPEC), (arguments('rrd', 'dqn', env='CartPole-v1'), DISCRETE),
    (arguments('rrd', 'dqn', env='Pong'), FRAMES), (recorded_arguments(), RECORDED)],
    ids=['vectors', 'discrete', 'frames', 'recorded'])
def test_the_shapes_of_a_run_are_read_back_from_its_identity(args, spec):
    assert spec_of(json.loads(json.dumps(identity(args, spec)))) == spec


def test_a_checkpoint_of_another_environment_is_refused(tmp_path):
    found = leave_checkpoint(tmp_path, ARGS)
    check_resumable(found, ARGS, SPEC, None)
    with pytest.raises(UserError, match=r'kind of run: it has observation .*\[3\].* instead of .*\[4\]'):
        check_resumable(found, ARGS, OTHER_SPEC, None)


@pytest.mark.parametrize('data, text', [
    ([{'name': 'a', 'size': 2}, {'name': 'b'}], r"it has {'name': 'a'} instead of {'name': 'a', 'size': 2}$"),
    ([{'name': 'a'}], "it has {'name': 'b'} instead of no more files$"),
    ([{'name': 'a'}, {'name': 'b'}, {'name': 'c'}], "it has no more files instead of {'name': 'c'}$")])
def test_a_checkpoint_of_other_episodes_is_refused_by_the_first_file_that_differs(tmp_path, data, text):
    found = leave_checkpoint(tmp_path, ARGS, data=[{'name': 'a'}, {'name': 'b'}])
    check_resumable(found, ARGS, SPEC, [{'name': 'a'}, {'name': 'b'}])
    with pytest.raises(UserError, match=f'/ckpt-000000 is of a run on other episodes: {text}'):
        check_resumable(found, ARGS, SPEC, data)
