"""Messages of failures, their stream, and their exit status."""
import signal

import pytest

from utils.errors import DivergedError, Finished, Interrupted, UserError, file_errors, run


def failing(error):
    def main():
        raise error
    return main


@pytest.mark.parametrize('error, status', [
    (UserError('--env=x: unknown'), 2), (DivergedError('loss became nan'), 1)])
def test_a_failure_of_the_user_or_of_the_numbers_is_one_line_and_a_status(error, status, capsys):
    with pytest.raises(SystemExit) as caught:
        run(failing(error))
    assert caught.value.code == status
    assert capsys.readouterr() == ('', f'error: {error}\n')


@pytest.mark.parametrize('message', [
    '--tag=a\nb: unknown', '--tag=a\r\n   b: unknown', ' --tag=a b:\tunknown\n', '\x1b--tag=a b: unknown'])
def test_a_message_is_one_line_whatever_it_quotes(message, capsys):
    with pytest.raises(SystemExit):
        run(failing(UserError(message)))
    assert capsys.readouterr().err == 'error: --tag=a b: unknown\n'


@pytest.mark.parametrize('error, reason', [
    (OSError(28, 'No space left on device'), 'No space left on device'),
    (FileNotFoundError(2, 'No such file or directory', 'x.csv'), 'No such file or directory'),
    (OSError('disk full'), 'disk full')])
def test_an_error_of_the_system_becomes_one_of_the_user_with_its_reason(error, reason):
    with pytest.raises(UserError) as caught, file_errors('cannot write x.csv'):
        raise error
    assert str(caught.value) == f'cannot write x.csv: {reason}' and caught.value.__cause__ is error


@pytest.mark.parametrize('error', [ValueError('no number'), UserError('x.csv is empty')])
def test_other_errors_of_a_file_are_unchanged(error):
    with pytest.raises(type(error)) as caught, file_errors('cannot write x.csv'):
        raise error
    assert caught.value is error


def test_a_bug_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(failing(ZeroDivisionError()))


def test_success_writes_nothing_and_does_not_exit(capsys):
    run(lambda: None)
    assert capsys.readouterr() == ('', '')


def test_ctrl_c_is_one_line_and_status_130(capsys):
    with pytest.raises(SystemExit, match='130'):
        run(failing(KeyboardInterrupt()))
    assert capsys.readouterr() == ('', 'error: interrupted\n')


@pytest.mark.parametrize('error, status', [
    (Interrupted(signal.SIGTERM), '143'), (Interrupted(signal.SIGINT), '130'), (Interrupted(), '130')])
def test_a_signal_is_one_line_and_a_status_with_its_number(error, status, capsys):
    with pytest.raises(SystemExit, match=status):
        run(failing(error))
    assert capsys.readouterr() == ('', 'error: interrupted\n')


def test_having_nothing_to_do_is_reported_without_an_error(capsys):
    run(failing(Finished('nothing to do: the run has done 3 of 3 cycles')))
    assert capsys.readouterr() == ('nothing to do: the run has done 3 of 3 cycles\n', '')


def test_an_exit_with_a_status_of_its_own_keeps_it():
    with pytest.raises(SystemExit, match='143'):
        run(failing(SystemExit(143)))
