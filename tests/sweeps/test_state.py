"""Progress of a run, read from complete and partial files."""
import pytest

from sweeps.plan import plan
from sweeps.state import Progress, is_finished, progress
from utils.errors import UserError
from utils.runs.conclusion import mark_concluded


@pytest.fixture
def run(tmp_path):
    """A run of two cycles whose directory is empty."""
    run, = plan({'env': ['Pendulum-v1'], 'epochs': [1], 'cycles': [2]}, tmp_path)
    run.directory.mkdir()
    return run


def write(directory, text):
    (directory / 'progress.csv').write_text(text)


def test_a_missing_directory_has_no_progress(tmp_path):
    assert progress(tmp_path / 'run') == Progress(0, {})


@pytest.mark.parametrize('text', ['', 'cycle,time', 'cycle,timesteps\n', 'cycle,timesteps\n1,2'])
def test_what_is_not_a_whole_row_is_no_cycle(tmp_path, text):
    write(tmp_path, text)
    assert progress(tmp_path) == Progress(0, {})


def test_the_last_complete_row_counts_if_a_partial_one_follows(tmp_path):
    write(tmp_path, 'cycle,timesteps\n1,50\n2,100\n3,1')
    assert progress(tmp_path) == Progress(2, {'cycle': '2', 'timesteps': '100'})


def test_a_run_is_finished_with_all_rows_and_the_last_checkpoint(run):
    write(run.directory, 'cycle\n1\n2\n')
    (run.directory / 'checkpoints' / 'ckpt-000002').mkdir(parents=True)
    assert is_finished(run)


def test_a_run_that_was_killed_between_its_last_row_and_its_last_checkpoint_is_not_finished(run):
    write(run.directory, 'cycle\n1\n2\n')
    (run.directory / 'checkpoints' / 'ckpt-000001').mkdir(parents=True)
    assert not is_finished(run)


def test_a_run_without_all_its_rows_is_not_finished(run):
    write(run.directory, 'cycle\n1\n2')
    (run.directory / 'checkpoints' / 'ckpt-000002').mkdir(parents=True)
    assert not is_finished(run)


def test_a_finished_run_whose_checkpoints_were_deleted_is_finished(run):
    write(run.directory, 'cycle\n1\n2\n')
    assert is_finished(run)


@pytest.mark.parametrize('content, text', [
    (b'cycle\n\xff\n', "'utf-8' codec"), (b'x' + b',x' * 20_000 + b'\n', '20001 columns')])
def test_what_is_no_table_is_refused_by_name(tmp_path, content, text):
    (tmp_path / 'progress.csv').write_bytes(content)
    with pytest.raises(UserError, match=f'^cannot read {tmp_path}/progress.csv: .*{text}'):
        progress(tmp_path)


def test_a_run_on_recorded_episodes_is_finished_with_its_report(tmp_path):
    run, = plan({'env': ['libero_spatial'], 'epochs': [1], 'cycles': [2]}, tmp_path)
    (run.directory / 'checkpoints' / 'ckpt-000002').mkdir(parents=True)
    write(run.directory, 'cycle\n1\n2\n')
    assert not is_finished(run)
    mark_concluded(run.directory, 'ckpt-000002', ())
    assert is_finished(run)
