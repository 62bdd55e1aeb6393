"""The processes of one run: their number, their command lines, and the outcome of the last."""
import os
import signal
import threading
import time

import pytest

from sweeps import process
from sweeps.process import Outcome, Stopping, run_to_end
from tests.sweeps.programs import SAVING, calls, install, until
from utils.runs.directory import locked


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Function of what processes do: the `Outcome` of a run in `tmp_path/run`."""
    def begin(*acts, retries=2, stopping=None):
        install(monkeypatch, tmp_path / 'program.py', *acts)
        return run_to_end(['--seed=3'], tmp_path / 'run', retries, tmp_path, stopping or Stopping())
    return begin


def in_thread(function, *args, **options):
    """(thread, [result]) of a call that has started."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*args, **options)))
    thread.start()
    return thread, results


def test_a_run_that_ends_well_has_one_process(begin, tmp_path):
    assert begin('pass') == Outcome(0, 1, '')
    assert calls(tmp_path / 'run') == [['--seed=3', f'--run_dir={tmp_path}/run', []]]


def test_a_run_with_a_record_is_resumed(begin, tmp_path):
    (tmp_path / 'run').mkdir()
    (tmp_path / 'run' / 'args.json').touch()
    begin('pass')
    assert calls(tmp_path / 'run') == [
        ['--seed=3', f'--run_dir={tmp_path}/run', '--resume=True', ['args.json']]]


def test_a_killed_run_is_resumed(begin, tmp_path):
    assert begin('os.kill(os.getpid(), signal.SIGKILL)', 'pass') == Outcome(0, 2, '')
    assert ['--resume=True' in call for call in calls(tmp_path / 'run')] == [False, True]


def test_a_failed_run_is_restarted_as_often_as_asked_for(begin, tmp_path):
    assert begin('sys.exit(1)', retries=3) == Outcome(1, 4, '')
    assert len(calls(tmp_path / 'run')) == 4


def test_invalid_input_is_not_retried(begin):
    assert begin('sys.exit("error: no such task") if 0 else sys.exit(2)') == Outcome(2, 1, '')


def test_the_end_of_the_last_standard_error_is_reported(begin):
    outcome = begin('sys.exit("first")', 'sys.exit("\\n".join(map(str, range(30))))', retries=1)
    assert outcome == Outcome(1, 2, '\n'.join(map(str, range(10, 30))))


def test_the_readable_part_of_undecodable_output_is_reported(begin):
    assert begin('sys.stderr.buffer.write(b"\\xff!"); sys.exit(2)').message == '\ufffd!'


def test_a_process_is_out_of_reach_of_ctrl_c(begin, tmp_path):
    begin('(directory / "session").write_text(str(os.getsid(0)))')
    assert int((tmp_path / 'run' / 'session').read_text()) != os.getsid(0)


def test_a_relative_directory_is_one_of_the_working_directory(tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'sys.exit(1)', 'pass')
    (tmp_path / 'here').mkdir()
    run_to_end([], tmp_path.__class__('run'), 1, tmp_path / 'here', Stopping())
    assert ['--resume=True' in call for call in calls(tmp_path / 'here' / 'run')] == [False, True]


def test_after_a_stop_request_nothing_is_started(begin, tmp_path):
    stopping = Stopping()
    stopping.ask()
    assert begin('pass', stopping=stopping) == Outcome(None, 0, '')
    assert calls(tmp_path / 'run') == []


def test_a_process_that_is_asked_to_end_is_not_restarted(begin, tmp_path):
    stopping = Stopping()
    thread, results = in_thread(begin, 'time.sleep(60)', stopping=stopping)
    until(lambda: calls(tmp_path / 'run'))
    stopping.ask()
    thread.join()
    assert results == [Outcome(-signal.SIGTERM, 1, '')]
    assert len(calls(tmp_path / 'run')) == 1


def test_a_cancelled_task_lets_its_process_save_a_checkpoint(begin, tmp_path, monkeypatch):
    def cancelled(running):
        until((tmp_path / 'run' / 'ready').exists)
        raise KeyboardInterrupt
    monkeypatch.setattr(process, '_stderr_of', cancelled)
    with pytest.raises(KeyboardInterrupt):
        begin(SAVING)
    assert (tmp_path / 'run' / 'saved').exists()


def test_a_run_waits_for_the_process_of_a_sweep_that_was_killed(begin, tmp_path):
    (tmp_path / 'run').mkdir()
    (tmp_path / 'run' / 'args.json').touch()
    with locked(tmp_path / 'run'):
        thread, results = in_thread(begin, 'pass')
        time.sleep(0.3)
        assert calls(tmp_path / 'run') == []
    thread.join()
    assert results == [Outcome(0, 1, '')]


def test_a_run_that_waits_can_be_stopped(begin, tmp_path):
    (tmp_path / 'run').mkdir()
    stopping = Stopping()
    with locked(tmp_path / 'run'):
        thread, results = in_thread(begin, 'pass', stopping=stopping)
        time.sleep(0.1)
        stopping.ask()
        thread.join()
    assert results == [Outcome(None, 0, '')]


def test_leftovers_of_a_process_killed_before_its_record_are_cleared(begin, tmp_path):
    (tmp_path / 'run' / 'checkpoints').mkdir(parents=True)
    (tmp_path / 'run' / 'checkpoints' / 'lock').touch()
    begin('pass')
    assert calls(tmp_path / 'run') == [['--seed=3', f'--run_dir={tmp_path}/run', []]]


def test_a_directory_with_anything_else_is_left_alone(begin, tmp_path):
    (tmp_path / 'run').mkdir()
    (tmp_path / 'run' / 'notes.txt').touch()
    begin('pass')
    assert calls(tmp_path / 'run')[0][-1] == ['notes.txt']
