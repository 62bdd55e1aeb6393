"""Runs side by side on this machine, as threads that wait for processes."""
import threading
from types import SimpleNamespace

import pytest

from sweeps import local
from sweeps.local import LocalExecutor
from sweeps.process import Outcome
from tests.sweeps.programs import calls, install


def a_run(directory):
    return SimpleNamespace(words=['--seed=0'], directory=directory)


def test_as_many_runs_as_asked_for_are_at_work_at_once(monkeypatch):
    lock, met, at_work, most = threading.Lock(), threading.Barrier(2), [], []

    def work(*args):
        with lock:
            at_work.append(1)
            most.append(len(at_work))
        met.wait(20)            # broken, and an error, unless two come together
        with lock:
            at_work.pop()
        return Outcome(0, 1, '')
    monkeypatch.setattr(local, 'run_to_end', work)
    with LocalExecutor(2, 0) as executor:
        futures = [executor.submit(a_run(None)) for _ in range(6)]
        assert [future.result() for future in futures] == [Outcome(0, 1, '')] * 6
    assert max(most) == 2


def test_a_failed_run_is_tried_as_often_as_asked_for(tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'sys.exit(1)')
    with LocalExecutor(1, 1) as executor:
        assert executor.submit(a_run(tmp_path / 'run')).result() == Outcome(1, 2, '')


def test_after_stop_no_run_is_started(tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'pass')
    with LocalExecutor(1, 0) as executor:
        executor.stop()
        assert executor.submit(a_run(tmp_path / 'run')).result() == Outcome(None, 0, '')
    assert calls(tmp_path / 'run') == []


def test_an_error_of_the_sweep_itself_stops_its_runs(tmp_path, monkeypatch):
    install(monkeypatch, tmp_path / 'program.py', 'time.sleep(60)')
    with pytest.raises(ZeroDivisionError), LocalExecutor(1, 2) as executor:
        future = executor.submit(a_run(tmp_path / 'run'))
        while not calls(tmp_path / 'run'):
            assert not future.done()
        raise ZeroDivisionError
    assert future.result().attempts == 1
