"""The board of a sweep, on a terminal and in a file."""
from io import StringIO

import pytest
from rich.console import Console

from sweeps.board import Board
from sweeps.plan import plan
from sweeps.process import Outcome


@pytest.fixture
def runs(tmp_path):
    return plan({'alg': ['sac'], 'seed': [0, 1], 'epochs': [1], 'cycles': [4]}, tmp_path)


def make(runs, terminal=False, clock=lambda: 0.0):
    """(board, file with its output)."""
    file = StringIO()
    return Board(runs, Console(file=file, width=100, force_terminal=terminal, color_system=None), clock), file


def write(run, *rows, header='cycle,timesteps,test/return_mean'):
    run.directory.mkdir(exist_ok=True)
    (run.directory / 'progress.csv').write_text('\n'.join([header, *rows, '']))
    (run.directory / 'log.txt').touch()


def lines(board):
    """[words] of each row of the table, its title first."""
    console = Console(file=StringIO(), width=100)
    console.print(board.table())
    text = [line.strip(' │┃').replace('┃', '│') for line in console.file.getvalue().splitlines()]
    return [[word.strip() for word in line.split('│')] for line in text if line[0] not in '┏┡└']


def test_a_run_that_has_not_started_is_waiting(runs):
    assert lines(make(runs)[0]) == [
        ['0 of 8 cycles'], ['run', 'state', 'cycle', 'steps', 'test return'],
        ['sac-Ant-v2-seed0', 'waiting', '0/4', '-', '-'], ['sac-Ant-v2-seed1', 'waiting', '0/4', '-', '-']]


def test_a_run_that_writes_is_running_with_its_last_row(runs):
    board, _ = make(runs)
    write(runs[0], '1,5000,-7.5', '2,10000,-3.25')
    assert lines(board)[2] == ['sac-Ant-v2-seed0', 'running', '2/4', '10,000', '-3.2']


def test_a_run_that_wrote_before_the_sweep_is_waiting(runs):
    board, _ = make(runs, clock=lambda: 1e12)
    write(runs[0], '1,5000,-7.5')
    assert lines(board)[2][:3] == ['sac-Ant-v2-seed0', 'waiting', '1/4']


@pytest.mark.parametrize('row, expected', [('1,x,2', ['?', '2.0']), ('1,5000,=1+1', ['5,000', '?'])])
def test_a_text_in_place_of_a_number_is_a_question_mark(runs, row, expected):
    board, _ = make(runs)
    write(runs[0], row)
    assert lines(board)[2][-2:] == expected


@pytest.mark.parametrize('row', ['1,5000,', '1,,', '1'])
def test_a_missing_value_is_a_dash(runs, row):
    board, _ = make(runs)
    write(runs[0], row)
    assert lines(board)[2][-1] == '-'


def test_recorded_episodes_have_no_steps_and_no_return(runs):
    board, _ = make(runs)
    write(runs[0], '1,3', header='cycle,updates')
    assert lines(board)[2] == ['sac-Ant-v2-seed0', 'running', '1/4', '-', '-']


@pytest.mark.parametrize('status, state', [
    (0, 'finished'), (1, 'failed'), (2, 'failed'), (-9, 'failed'), (143, 'stopped'), (-15, 'stopped'),
    (None, 'not started')])
def test_the_state_of_a_run_that_ended_shows_how_it_ended(runs, status, state):
    board, _ = make(runs)
    board.ended(runs[0], Outcome(status, 1, ''))
    assert lines(board)[2][1] == state


def test_a_run_that_was_finished_before_is_finished(runs):
    board, _ = make(runs)
    board.finished(runs[1])
    assert lines(board)[3][1] == 'finished'


def test_the_time_left_is_that_of_the_cycles_since_the_start(runs):
    now = [0.0]
    write(runs[0], '1,1,1')
    board, _ = make(runs, clock=lambda: now[0])
    write(runs[0], '1,1,1', '2,2,2')
    write(runs[1], '1,1,1')
    now[0] = 2 * 3600.0
    assert lines(board)[0] == ['3 of 8 cycles, about 5 h 0 min left']


@pytest.mark.parametrize('seconds, text', [(3599.0, '0 h 59'), (3599.9, '0 h 59'), (5399.9, '1 h 29')])
def test_the_time_left_never_has_sixty_minutes(runs, seconds, text):
    now = [0.0]
    board, _ = make(runs, clock=lambda: now[0])
    write(runs[0], '1', '2', '3', '4')
    now[0] = seconds
    assert lines(board)[0] == [f'4 of 8 cycles, about {text} min left']


def test_without_a_terminal_each_run_that_ends_is_a_line_and_there_is_no_table(runs):
    board, file = make(runs)
    with board:
        board.refresh()
        board.ended(runs[0], Outcome(0, 1, ''))
        board.ended(runs[1], Outcome(0, 1, ''))
    assert file.getvalue() == ('finished: sac-Ant-v2-seed0 (1 of 2 runs finished)\n'
                               'finished: sac-Ant-v2-seed1 (2 of 2 runs finished)\n')


def test_without_a_terminal_there_is_a_line_each_30_seconds(runs):
    now = [0.0]
    board, file = make(runs, clock=lambda: now[0])
    with board:
        for seconds in (10, 29, 30, 59, 61):
            now[0] = float(seconds)
            board.refresh()
    assert file.getvalue() == '0 of 8 cycles\n' * 2


def test_a_run_that_was_not_started_is_no_line(runs):
    board, file = make(runs)
    board.ended(runs[0], Outcome(None, 0, ''))
    assert file.getvalue() == ''


def test_a_failure_is_reported_with_the_last_messages_of_the_run(runs):
    board, file = make(runs)
    board.ended(runs[0], Outcome(1, 3, 'Traceback [bold]:\n  no memory'))
    assert file.getvalue() == (
        'failed: sac-Ant-v2-seed0 (0 of 2 runs finished)\n'
        '  after 3 attempts, exit status 1; its last messages:\n'
        '  | Traceback [bold]:\n'
        '  |   no memory\n')


def test_on_a_terminal_the_table_stays_at_the_end(runs):
    board, file = make(runs, terminal=True)
    with board:
        board.refresh()
        board.ended(runs[0], Outcome(0, 1, ''))
    text = file.getvalue()
    assert 'finished: sac-Ant-v2-seed0' in text
    assert 'waiting' in text[text.rindex('0 of 8 cycles'):]
