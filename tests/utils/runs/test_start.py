"""What a run begins with: nothing, its own checkpoint, or the reward model of another run."""
import json
from contextlib import ExitStack

import pytest

from tests.fakes import SPEC, arguments
from tests.recordings import recorded_arguments
from utils.checkpoints.files import CheckpointFiles
from utils.checkpoints.state_files import write_state
from utils.errors import Finished, UserError
from utils.runs.directory import locked
from utils.runs.start import check_start, find_start, identity
from utils.types import Field, Spec

OTHER_SPEC = Spec({'state': Field((4,)), 'goal': Field((2,))}, Field((2,)))


def leave_checkpoint(directory, args, num_rows=0, spec=SPEC, data=None, tester=None):
    """Leaves a checkpoint of a run after so many cycles."""
    state = {'identity': identity(args, spec) | ({} if data is None else {'data': data}),
             'parts': {'log': {'num_rows': num_rows}, 'tester': tester}}
    files = CheckpointFiles(directory / 'checkpoints')
    files.write(f'ckpt-{num_rows:06d}', lambda path: write_state(path, state))


def run_arguments(directory, *algorithm, **flags):
    return arguments(*(algorithm or ('rrd', 'sac')), run_dir=directory, epochs=2, cycles=3, **flags)


def find(args):
    with ExitStack() as stack:
        return find_start(args, stack)


def test_a_new_run_begins_with_nothing_and_writes_nothing(tmp_path):
    args = run_arguments(tmp_path / 'run')
    start = check_start(find(args), args, SPEC)
    assert (start.directory, start.found, start.reward) == (tmp_path / 'run', None, None)
    assert start.identity == identity(args, SPEC)
    assert list(tmp_path.iterdir()) == []


def test_a_new_run_does_not_take_a_directory_that_is_there(tmp_path):
    with pytest.raises(UserError, match='exists and is not overwritten'):
        find(run_arguments(tmp_path))


def test_a_run_that_is_resumed_begins_with_its_newest_checkpoint(tmp_path):
    args = run_arguments(tmp_path, resume=True)
    leave_checkpoint(tmp_path, args, 5)
    start = check_start(find(args), args, SPEC)
    assert start.found.path == tmp_path / 'checkpoints' / 'ckpt-000005'


def test_a_run_that_is_resumed_before_its_first_checkpoint_begins_with_nothing(tmp_path):
    assert find(run_arguments(tmp_path, resume=True)).found is None


def test_a_run_that_is_resumed_is_nobody_elses_until_its_end(tmp_path):
    with ExitStack() as stack:
        find_start(run_arguments(tmp_path, resume=True), stack)
        with pytest.raises(UserError, match='in use'), locked(tmp_path):
            pytest.fail('it is in use')
    with locked(tmp_path):
        pass


@pytest.mark.parametrize('num_rows', [6, 7])
def test_a_run_that_has_done_its_cycles_is_finished(tmp_path, num_rows):
    args = run_arguments(tmp_path, resume=True)
    leave_checkpoint(tmp_path, args, num_rows)
    text = f'^nothing to do: the run in {tmp_path} has done {num_rows} of 6 cycles; --epochs=N adds some$'
    with pytest.raises(Finished, match=text):
        find(args)
    with locked(tmp_path):
        pass


@pytest.mark.parametrize('cycles_since_best, finished', [(1, False), (2, True)])
def test_a_run_that_stopped_early_is_finished(tmp_path, cycles_since_best, finished):
    args = recorded_arguments(run_dir=tmp_path, epochs=2, cycles=3, patience=2, resume=True)
    leave_checkpoint(tmp_path, args, 4, tester={'cycles_since_best': cycles_since_best})
    if not finished:
        assert find(args).found is not None
        return
    with pytest.raises(Finished, match=f'^nothing to do: the run in {tmp_path} stopped early, after 4 of 6 '
                                       "cycles; --patience=2 is the run's own, and may not change$"):
        find(args)


@pytest.mark.parametrize('data, text', [
    ([{'name': 'a', 'size': 2}, {'name': 'b'}], r"it has {'name': 'a'} instead of {'name': 'a', 'size': 2}$"),
    ([{'name': 'a'}], "it has {'name': 'b'} instead of no more files$"),
    ([{'name': 'a'}, {'name': 'b'}, {'name': 'c'}], "it has no more files instead of {'name': 'c'}$")])
def test_a_checkpoint_of_other_episodes_is_refused_by_the_first_file_that_differs(tmp_path, data, text):
    args = run_arguments(tmp_path, resume=True)
    leave_checkpoint(tmp_path, args, data=[{'name': 'a'}, {'name': 'b'}])
    check_start(find(args), args, SPEC, [{'name': 'a'}, {'name': 'b'}])
    with pytest.raises(UserError, match=f'/ckpt-000000 is of a run on other episodes: {text}'):
        check_start(find(args), args, SPEC, data)


def test_a_checkpoint_of_another_environment_is_refused(tmp_path):
    args = run_arguments(tmp_path, resume=True)
    leave_checkpoint(tmp_path, args)
    with pytest.raises(UserError, match=r'kind of run: it has observation .*\[3\].* instead of .*\[4\]'):
        check_start(find(args), args, OTHER_SPEC)


@pytest.mark.parametrize('flags', [
    {'alg': 'ircr', 'basis_alg': 'sac'}, {'alg': 'rrd', 'basis_alg': 'td3'}, {'alg': 'sac'}])
def test_kinds_of_run_are_told_apart_by_their_algorithm(flags):
    assert identity(arguments(*flags.values()), SPEC) != identity(arguments('rrd', 'sac'), SPEC)


@pytest.mark.parametrize('flags', [{'env': 'Hopper-v2'}, {'obs_normalization': True}])
def test_kinds_of_run_are_told_apart_by_what_fits_the_weights(flags):
    assert identity(arguments('rrd', 'sac', **flags), SPEC) != identity(arguments('rrd', 'sac'), SPEC)


def test_runs_of_other_seeds_and_rates_are_of_one_kind_and_json_keeps_it():
    kind = identity(arguments('rrd', 'sac'), SPEC)
    assert identity(arguments('rrd', 'sac', seed=5, q_lr=0.1, tag='a'), SPEC) == kind
    assert json.loads(json.dumps(kind)) == kind


@pytest.mark.parametrize('algorithm, flags', [
    (('rrd', 'sac'), {}), (('rrd', 'td3'), {'env': 'Hopper-v2', 'rrd_bias_correction': True, 'seed': 9})])
def test_a_reward_model_may_come_from_a_run_with_another_policy(tmp_path, algorithm, flags):
    leave_checkpoint(tmp_path / 'source', arguments(*algorithm, **flags), 4)
    args = run_arguments(tmp_path / 'run', reward_from=tmp_path / 'source')
    start = check_start(find(args), args, SPEC)
    assert start.reward.path == tmp_path / 'source/checkpoints/ckpt-000004'
    assert start.found is None


@pytest.mark.parametrize('source, spec, text', [
    (arguments('sac'), SPEC, 'reward_model False instead of True$'),
    (arguments('rrd', 'sac', obs_normalization=True), SPEC, 'obs_normalization True instead of False$'),
    (arguments('rrd', 'sac'), OTHER_SPEC, r'observation .*\[4\].* instead of .*\[3\]')])
def test_a_reward_model_that_does_not_fit_is_refused_by_flag(tmp_path, source, spec, text):
    leave_checkpoint(tmp_path / 'source', source, spec=spec)
    args = run_arguments(tmp_path / 'run', reward_from=tmp_path / 'source')
    text = f'^--reward_from={tmp_path}/source: .*/ckpt-000000 is of another kind of run: it has {text}'
    with pytest.raises(UserError, match=text):
        check_start(find(args), args, SPEC)


def test_a_directory_without_checkpoints_has_no_reward_model(tmp_path):
    args = run_arguments(tmp_path / 'run', reward_from=tmp_path / 'no')
    with pytest.raises(UserError, match=f'^--reward_from={tmp_path}/no: {tmp_path}/no has no '):
        check_start(find(args), args, SPEC)


def test_a_run_that_is_resumed_does_not_look_for_the_reward_model_again(tmp_path):
    args = run_arguments(tmp_path, resume=True, reward_from=tmp_path / 'deleted')
    leave_checkpoint(tmp_path, args, 2)
    assert check_start(find(args), args, SPEC).reward is None
