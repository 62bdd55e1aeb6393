"""Refused starts write nothing; failed starts do not block later ones."""
import pytest

from tests.fakes import SPEC
from tests.utils.runs.checkpoints import OTHER_SPEC, leave_checkpoint
from tests.utils.runs.whole_runs import begun, bound, flags, play, rows
from utils.errors import UserError
from utils.runs import run as run_module
from utils.runs.directory import in_use, locked
from utils.runs.run import Run


def snapshot(directory):
    return {path: path.read_bytes() for path in directory.rglob('*') if path.is_file()}


@pytest.mark.parametrize('file', ['', 'progress.csv', 'args.json'])
def test_a_new_run_does_not_take_an_existing_directory(tmp_path, file):
    if file:
        (tmp_path / file).touch()
    before = snapshot(tmp_path)
    with pytest.raises(UserError, match='exists and is not overwritten'):
        Run.open(flags(tmp_path))
    assert snapshot(tmp_path) == before


def test_a_new_run_does_not_take_the_directory_of_a_run(tmp_path):
    play(tmp_path / 'run', 1)
    before = snapshot(tmp_path)
    with pytest.raises(UserError, match='exists and is not overwritten'):
        Run.open(flags(tmp_path / 'run'))
    assert snapshot(tmp_path) == before and not in_use(tmp_path / 'run')


def test_a_reward_model_that_does_not_match_is_refused_before_anything_is_created(tmp_path):
    args = flags(tmp_path / 'run', reward_from=tmp_path / 'source')
    leave_checkpoint(tmp_path / 'source', args, spec=OTHER_SPEC)
    with Run.open(args) as run, pytest.raises(UserError, match='^--reward_from='):
        bound(run)
    assert [path.name for path in tmp_path.iterdir()] == ['source']


def test_a_run_that_is_resumed_on_another_task_is_refused_before_anything_is_written(tmp_path):
    play(tmp_path / 'run', 1)
    before = snapshot(tmp_path)
    with Run.open(flags(tmp_path / 'run', resume=True)) as run:
        with pytest.raises(UserError, match='is of another kind of run: it has observation '):
            bound(run, OTHER_SPEC)
    assert snapshot(tmp_path) == before and not in_use(tmp_path / 'run')


def test_a_run_that_is_resumed_is_in_use_from_the_moment_it_is_open(tmp_path):
    play(tmp_path / 'run', 1)
    with Run.open(flags(tmp_path / 'run', resume=True)):
        with pytest.raises(UserError, match='in use'), locked(tmp_path / 'run'):
            pytest.fail('it is in use')
    assert not in_use(tmp_path / 'run')


def test_what_is_prepared_is_refused_after_a_checkpoint_and_before_anything_is_written(tmp_path):
    def prepare():
        raise UserError('too large')

    with Run.open(flags(tmp_path / 'run')) as run, pytest.raises(UserError, match='too large'):
        run.bind(SPEC, {}, prepare=prepare)
    assert not (tmp_path / 'run').exists()
    play(tmp_path / 'run', 1)
    with Run.open(flags(tmp_path / 'run', resume=True)) as run:
        with pytest.raises(UserError, match='is of another kind of run'):
            run.bind(OTHER_SPEC, {}, prepare=prepare)


# the function of the module that fails
FAILURES = ['write_args', 'open_console', 'Checkpoint', 'open_sinks', 'commit_start']


@pytest.mark.parametrize('name', FAILURES)
def test_a_start_that_fails_anywhere_blocks_no_start_with_the_same_flags(tmp_path, name, monkeypatch):
    def fail(*parts, **named):
        raise UserError('disk full')

    with monkeypatch.context() as patch:
        patch.setattr(run_module, name, fail)
        with pytest.raises(UserError, match='disk full'), Run.open(flags(tmp_path / 'run')) as run:
            begun(bound(run))
    assert play(tmp_path / 'run') == [1, 2, 3, 4]
    assert [cycle for _, cycle, _ in rows(tmp_path / 'run')] == [1, 2, 3, 4]


def test_a_start_that_failed_is_resumed_from_the_beginning(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        bound(run)
    assert play(tmp_path / 'run', resume=True) == [1, 2, 3, 4]
    assert f'no checkpoint yet in {tmp_path}/run: starting from the beginning' in (
        tmp_path / 'run' / 'log.txt').read_text()


def test_a_start_that_is_under_way_is_not_taken_over(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        bound(run)
        before = snapshot(tmp_path)
        with pytest.raises(UserError, match='is in use by another process'):
            Run.open(flags(tmp_path / 'run'))
        assert snapshot(tmp_path) == before


def test_of_two_starts_with_the_same_flags_the_second_to_make_the_directory_is_refused(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as first, Run.open(flags(tmp_path / 'run')) as second:
        bound(first)
        with pytest.raises(UserError, match='cannot make the directory .*/run: File exists; choose another'):
            bound(second)
        begun(first)


def test_results_without_a_checkpoint_are_neither_resumed_nor_overwritten(tmp_path):
    play(tmp_path / 'run', 1)
    for path in (tmp_path / 'run' / 'checkpoints').glob('ckpt-*'):
        path.rename(path.with_name(f'damaged-{path.name}'))
    before = snapshot(tmp_path)
    with Run.open(flags(tmp_path / 'run', resume=True)) as run:
        with pytest.raises(UserError, match='has results but no checkpoint; it cannot be resumed$'):
            run.bind(SPEC, {})
    with pytest.raises(UserError, match='exists and is not overwritten'):
        Run.open(flags(tmp_path / 'run'))
    assert snapshot(tmp_path) == before
