"""SIGTERM and SIGINT, sent to this process."""
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from utils.errors import Interrupted
from utils.stop_signals import SIGNALS, StopSignals

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def arrived():
    """Numbers of the signals received outside `StopSignals`, where they would end the tests."""
    numbers = []
    before = {each: signal.signal(each, lambda number, frame: numbers.append(number)) for each in SIGNALS}
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number):
    os.kill(os.getpid(), number)


def handlers():
    return [signal.getsignal(number) for number in SIGNALS]


@pytest.mark.parametrize('number', SIGNALS)
def test_a_signal_interrupts_at_once_with_its_number(number):
    with pytest.raises(Interrupted) as caught, StopSignals():
        send(number)
        pytest.fail('the signal is raised before this')
    assert caught.value.number == number


@pytest.mark.parametrize('number, status', [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_deferred_signal_stops_the_run_at_the_next_check_with_a_checkpoint(number, status):
    events = []
    with (pytest.raises(SystemExit) as caught, StopSignals() as stop,
          stop.deferred(lambda: events.append('saved'))):
        stop.check()
        send(number)
        events.append('continued')
        stop.check()
        pytest.fail('the check stops the run')
    assert events == ['continued', 'saved']
    assert caught.value.code == status


@pytest.mark.parametrize('number', SIGNALS)
def test_a_deferred_signal_is_reported_on_standard_error(number, capfd):
    with StopSignals() as stop, stop.deferred(lambda: None):
        send(number)
    assert capfd.readouterr() == ('', f'\n{number.name}: stopping soon, with a checkpoint; '
                                      'a second signal stops at once, without one\n')


def test_without_a_signal_nothing_is_saved_and_the_run_ends_normally():
    with StopSignals() as stop, stop.deferred(lambda: pytest.fail('no signal was sent')):
        stop.check()


def test_a_signal_after_the_last_check_lets_the_run_end_normally():
    with StopSignals() as stop, stop.deferred(lambda: pytest.fail('the run is saved')):
        stop.check()
        send(signal.SIGTERM)


def test_signals_interrupt_at_once_before_and_after_they_are_deferred():
    with StopSignals() as stop:
        with pytest.raises(Interrupted):
            send(signal.SIGTERM)
        with stop.deferred(lambda: None):
            pass
        with pytest.raises(Interrupted):
            send(signal.SIGINT)


def test_another_failure_while_signals_are_deferred_saves_nothing():
    with (pytest.raises(ZeroDivisionError), StopSignals() as stop,
          stop.deferred(lambda: pytest.fail('there is nothing to save'))):
        raise ZeroDivisionError


def test_a_check_without_a_context_does_nothing():
    StopSignals().check()


@pytest.mark.parametrize('received', [False, True])
def test_handlers_are_restored(received, arrived):
    before = handlers()
    with StopSignals() as stop, stop.deferred(lambda: None):
        assert handlers() != before
        if received:
            send(signal.SIGTERM)
    assert handlers() == before
    send(signal.SIGTERM)
    send(signal.SIGINT)
    assert arrived == [signal.SIGTERM, signal.SIGINT]


def test_handlers_are_restored_after_a_failure():
    before = handlers()
    with pytest.raises(ZeroDivisionError), StopSignals():
        raise ZeroDivisionError
    assert handlers() == before


def test_a_signal_that_was_ignored_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with StopSignals() as stop, stop.deferred(lambda: pytest.fail('nothing to stop for')):
        send(signal.SIGINT)
        stop.check()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_signal_that_was_ignored_stays_ignored_after_the_other_signal():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(SystemExit), StopSignals() as stop, stop.deferred(lambda: send(signal.SIGINT)):
        send(signal.SIGTERM)
        stop.check()


def test_outside_the_main_thread_nothing_changes(arrived):
    before, found = handlers(), []

    def work():
        with StopSignals() as stop, stop.deferred(lambda: None):
            found.append(handlers())
            stop.check()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [before] and handlers() == before


def status_of(code):
    """Exit status of a Python program, as `subprocess` reports it, and its standard output."""
    lines = ['import os, signal, sys', 'from utils.stop_signals import StopSignals', *code]
    ended = subprocess.run([sys.executable, '-c', '\n'.join(lines)], cwd=ROOT, capture_output=True, text=True,
                           timeout=20, check=False)
    return ended.returncode, ended.stdout


@pytest.mark.parametrize('first, second', [
    ('SIGTERM', 'SIGTERM'), ('SIGINT', 'SIGINT'), ('SIGINT', 'SIGTERM')])
def test_a_second_signal_ends_the_process_at_once(first, second):
    assert status_of([
        'with StopSignals() as stop, stop.deferred(lambda: print("saved")):',
        f'    os.kill(os.getpid(), signal.{first})',
        '    print("continued", flush=True)',
        f'    os.kill(os.getpid(), signal.{second})',
        '    print("continued again", flush=True)',
    ]) == (-getattr(signal, second), 'continued\n')


def test_a_second_signal_ends_the_process_while_it_is_saved():
    assert status_of([
        'def save():',
        '    os.kill(os.getpid(), signal.SIGTERM)',
        '    print("saved", flush=True)',
        'with StopSignals() as stop, stop.deferred(save):',
        '    os.kill(os.getpid(), signal.SIGTERM)',
        '    stop.check()',
    ]) == (-signal.SIGTERM, '')
