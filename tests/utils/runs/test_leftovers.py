"""Directories of runs that never reached their first checkpoint."""
import pytest

from tests.utils.saved_runs import Run
from utils.errors import UserError
from utils.runs.directory import locked
from utils.runs.leftovers import has_only_leftovers, remove_leftovers


@pytest.fixture
def failed(tmp_path):
    """Files of a start that failed after everything except the checkpoint was written."""
    with locked(tmp_path):
        pass
    for name in ('args.json', 'log.txt', 'progress.csv', 'events.out.tfevents.1.host'):
        (tmp_path / name).write_text('header\n')
    return tmp_path


def test_a_start_that_failed_leaves_only_leftovers_wherever_it_failed(failed):
    assert has_only_leftovers(failed)
    for name in ('progress.csv', 'log.txt', 'args.json'):
        (failed / name).unlink()
        assert has_only_leftovers(failed)


def test_a_start_that_failed_within_its_first_checkpoint_leaves_only_leftovers(failed):
    (failed / 'checkpoints' / 'ckpt-000000.partial').mkdir()
    (failed / 'checkpoints' / 'replay').mkdir()
    assert has_only_leftovers(failed)


def test_a_run_with_a_checkpoint_is_no_leftover(failed):
    Run(failed / 'checkpoints').checkpoint.save()
    assert not has_only_leftovers(failed)


@pytest.mark.parametrize('name, text', [
    ('progress.csv', 'epoch\n1\n'), ('rews.npz', ''), ('notes.txt', ''), ('rewards.png', '')])
def test_results_and_files_of_the_user_are_no_leftovers(failed, name, text):
    (failed / name).write_text(text)
    assert not has_only_leftovers(failed)


def test_nothing_at_all_and_an_empty_directory_are_no_leftovers(tmp_path):
    assert not has_only_leftovers(tmp_path / 'missing')
    assert not has_only_leftovers(tmp_path)
    assert not has_only_leftovers(tmp_path / (256 * 'x'))


@pytest.mark.parametrize('leftovers', [
    {}, {'progress.csv': ''}, {'progress.csv': 'epoch,a/x\n'}, {'progress.csv': 'epoch,a'},
    {'progress.csv': 'epoch\n', 'events.out.tfevents.1.host': 'x', 'events.out.tfevents.2.host.1': ''}])
def test_files_of_a_run_before_its_first_row_are_cleared(tmp_path, leftovers):
    kept = {'args.json': '{}', 'log.txt': 'text'}
    for name, text in (leftovers | kept).items():
        (tmp_path / name).write_text(text)
    (tmp_path / 'checkpoints').mkdir()
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*kept, 'checkpoints'}


@pytest.mark.parametrize('results', [
    {'progress.csv': 'epoch\n1\n'}, {'progress.csv': 'epoch\n1\n2'}, {'rews.npz': ''},
    {'progress.csv': 'epoch\n', 'rews.npz': 'x', 'events.out.tfevents.1.host': 'x'}])
def test_results_without_a_checkpoint_are_refused_and_left_unchanged(tmp_path, results):
    for name, text in results.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=f'^--resume=True: {tmp_path} has results but no checkpoint; '
                                        'it cannot be resumed$'):
        remove_leftovers(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == results
