"""What a failure tells, where, and with which exit status."""
import pytest

from utils.errors import DivergedError, UserError, run


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
    '--tag=a\nb: unknown', '--tag=a\r\n   b: unknown', ' --tag=a b:\tunknown\n'])
def test_a_message_is_one_line_whatever_it_quotes(message, capsys):
    with pytest.raises(SystemExit):
        run(failing(UserError(message)))
    assert capsys.readouterr().err == 'error: --tag=a b: unknown\n'


def test_a_defect_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(failing(ZeroDivisionError()))


def test_success_says_nothing_and_does_not_exit(capsys):
    run(lambda: None)
    assert capsys.readouterr() == ('', '')


def test_ctrl_c_is_one_line_and_status_130(capsys):
    with pytest.raises(SystemExit, match='130'):
        run(failing(KeyboardInterrupt()))
    assert capsys.readouterr() == ('', 'error: interrupted\n')
