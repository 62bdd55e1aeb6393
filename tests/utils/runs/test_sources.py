"""The checkpoint that a run starts from: its own newest one, or one with the reward model of another run."""
import pytest

from tests.fakes import SPEC, arguments
from tests.recordings import recorded_arguments
from tests.utils.runs.checkpoints import OTHER_SPEC, leave_checkpoint
from utils.checkpoints.files import CheckpointFiles
from utils.errors import Finished, UserError
from utils.runs.conclusion import mark_concluded
from utils.runs.identity import identity
from utils.runs.sources import find_resumable, find_reward


def resumed_arguments(directory):
    return arguments('rrd', 'sac', run_dir=directory, epochs=2, cycles=3, resume=True, save_rews=False)


def write_rows(directory, count):
    (directory / 'progress.csv').write_text('cycle\n' + ''.join(f'{row}\n' for row in range(count)))


def resumable(directory, args):
    return find_resumable(args, CheckpointFiles(directory / 'checkpoints'))


def test_a_run_that_is_resumed_starts_from_its_newest_checkpoint(tmp_path):
    args = resumed_arguments(tmp_path)
    for num_rows in (4, 5):
        leave_checkpoint(tmp_path, args, num_rows)
    assert resumable(tmp_path, args).path == tmp_path / 'checkpoints' / 'ckpt-000005'


def test_a_run_that_is_resumed_before_its_first_checkpoint_has_none(tmp_path):
    assert resumable(tmp_path, resumed_arguments(tmp_path)) is None


@pytest.mark.parametrize('num_rows', [6, 7])
def test_a_run_that_has_done_its_cycles_is_finished(tmp_path, num_rows):
    args = resumed_arguments(tmp_path)
    leave_checkpoint(tmp_path, args, num_rows)
    write_rows(tmp_path, num_rows)
    text = f'^nothing to do: the run in {tmp_path} has done {num_rows} of 6 cycles; --epochs=N adds some$'
    with pytest.raises(Finished, match=text):
        resumable(tmp_path, args)


@pytest.mark.parametrize('cycles_since_best, finished', [(1, False), (2, True)])
def test_a_run_that_stopped_early_is_finished(tmp_path, cycles_since_best, finished):
    args = recorded_arguments(run_dir=tmp_path, epochs=2, cycles=3, patience=2, resume=True)
    leave_checkpoint(tmp_path, args, 4, tester={'cycles_since_best': cycles_since_best})
    write_rows(tmp_path, 4)
    mark_concluded(tmp_path, 'ckpt-000004', [])
    if not finished:
        assert resumable(tmp_path, args) is not None
        return
    with pytest.raises(Finished, match=f'^nothing to do: the run in {tmp_path} stopped early, after 4 of 6 '
                                       "cycles; --patience=2 is the run's own, and may not change$"):
        resumable(tmp_path, args)


@pytest.mark.parametrize('flags, num_rows, since_best', [({}, 6, 0), ({'patience': 2}, 4, 2)])
@pytest.mark.parametrize('marked', [None, ('ckpt-000003', []), ('newest', ['rewards.png'])])
def test_a_finished_run_on_recorded_episodes_without_its_report_is_resumed(
        tmp_path, flags, num_rows, since_best, marked):
    args = recorded_arguments(run_dir=tmp_path, epochs=2, cycles=3, resume=True, **flags)
    left = leave_checkpoint(tmp_path, args, num_rows, tester={'cycles_since_best': since_best})
    write_rows(tmp_path, num_rows)
    if marked is not None:
        mark_concluded(tmp_path, left.path.name if marked[0] == 'newest' else marked[0], marked[1])
    assert resumable(tmp_path, args).path == left.path
    (tmp_path / 'rewards.png').touch()
    mark_concluded(tmp_path, left.path.name, ['rewards.png'])
    with pytest.raises(Finished):
        resumable(tmp_path, args)


@pytest.mark.parametrize('text', ['', '[]', '{"checkpoint": "ckpt-000006"}', '{"checkpoint": 1, "files": 2}'])
def test_a_damaged_mark_of_conclusion_does_not_count(tmp_path, text):
    args = recorded_arguments(run_dir=tmp_path, epochs=2, cycles=3, resume=True)
    left = leave_checkpoint(tmp_path, args, 6)
    write_rows(tmp_path, 6)
    (tmp_path / 'checkpoints' / 'concluded.json').write_text(text)
    assert resumable(tmp_path, args).path == left.path


@pytest.mark.parametrize('remove, text', [
    (lambda run: (run / 'progress.csv').unlink(), 'cannot read .*/progress.csv, a result of .*: No such f'),
    (lambda run: write_rows(run, 5), 'progress.csv has 5 rows; expected the 6 of this finished run$'),
    (lambda run: (run / 'rews.npz').unlink(), 'rews.npz is missing, a result of this finished run$')])
def test_a_finished_run_with_a_result_that_is_missing_is_an_error(tmp_path, remove, text):
    args = arguments('rrd', 'sac', run_dir=tmp_path, epochs=2, cycles=3, resume=True, save_rews=True)
    leave_checkpoint(tmp_path, args, 6)
    write_rows(tmp_path, 6)
    (tmp_path / 'rews.npz').touch()
    remove(tmp_path)
    with pytest.raises(UserError, match=text):
        resumable(tmp_path, args)


def reward(source, spec=SPEC):
    """The checkpoint that a new run loads its reward model from."""
    args = arguments('rrd', 'sac', reward_from=source)
    return find_reward(args, identity(args, spec))


def test_a_run_without_the_flag_loads_no_reward_model():
    for args in (arguments('rrd', 'sac'), arguments('sac')):
        assert find_reward(args, identity(args, SPEC)) is None


@pytest.mark.parametrize('algorithm, flags', [
    (('rrd', 'sac'), {}), (('rrd', 'td3'), {'env': 'Hopper-v2', 'rrd_bias_correction': True, 'seed': 9})])
def test_a_reward_model_may_come_from_a_run_with_another_policy(tmp_path, algorithm, flags):
    left = leave_checkpoint(tmp_path, arguments(*algorithm, **flags), 4)
    assert reward(tmp_path).path == left.path


@pytest.mark.parametrize('source, spec, text', [
    (arguments('sac'), SPEC, 'reward_model False instead of True$'),
    (arguments('rrd', 'sac', obs_normalization=True), SPEC, 'obs_normalization True instead of False$'),
    (arguments('rrd', 'sac'), OTHER_SPEC, r'observation .*\[4\].* instead of .*\[3\]')])
def test_a_reward_model_that_does_not_match_is_refused_by_flag(tmp_path, source, spec, text):
    leave_checkpoint(tmp_path, source, spec=spec)
    text = f'^--reward_from={tmp_path}: .*/ckpt-000000 is of another kind of run: it has {text}'
    with pytest.raises(UserError, match=text):
        reward(tmp_path)


def test_a_directory_without_checkpoints_has_no_reward_model(tmp_path):
    with pytest.raises(UserError, match=f'^--reward_from={tmp_path}/no: {tmp_path}/no has no '):
        reward(tmp_path / 'no')
