"""Lines and progress bar on the terminal, and lines in log.txt."""
import io
import logging
import os
import time
import warnings
from contextlib import closing, redirect_stderr, redirect_stdout

import pytest

from utils.logs.console import Console, episode_bar, frame_bar
from utils.logs.progress_lines import ProgressLines


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of 80 columns."""
    monkeypatch.setenv('COLUMNS', '80')
    monkeypatch.setenv('LINES', '24')
    return Terminal()


def test_lines_go_to_standard_output_and_to_the_file_as_they_are(tmp_path, capsys):
    with closing(Console(tmp_path / 'log.txt')):
        logging.getLogger('rrd').info('one\ntwo %d', 2)
    assert capsys.readouterr().out == (tmp_path / 'log.txt').read_text() == 'one\ntwo 2\n'


def test_line_is_in_the_file_at_once(tmp_path):
    with closing(Console(tmp_path / 'log.txt')) as console:
        console.logger.info('now')
        assert (tmp_path / 'log.txt').read_text() == 'now\n'


def test_bar_shows_the_estimated_end_on_the_terminal_and_leaves_files_plain(tmp_path, capsys, terminal):
    with redirect_stderr(terminal), closing(Console(tmp_path / 'log.txt')) as console:
        bar = console.progress(10, 'it')
        console.logger.info('above')
        bar.update(4)
        bar.refresh()
        console.logger.info('the bar')
    assert '4/10 [00:00<00:00' in terminal.getvalue()
    assert capsys.readouterr().out == (tmp_path / 'log.txt').read_text() == 'above\nthe bar\n'


def test_line_clears_the_bar_and_draws_it_again(tmp_path, terminal):
    with (redirect_stdout(terminal), redirect_stderr(terminal),
          closing(Console(tmp_path / 'log.txt')) as console):
        console.progress(10, 'it')
        console.logger.info('above')
        before, after = terminal.getvalue().split('above\n')
    assert before.startswith('\r  0%|') and before.endswith(' \r')
    assert after.startswith('\r  0%|')


def test_no_bar_where_standard_error_is_no_terminal(tmp_path, capsys):
    with closing(Console(tmp_path / 'log.txt')) as console:
        console.progress(10, 'it').update(3)
    assert capsys.readouterr() == ('', '')


def test_resumed_bar_starts_where_the_run_was(tmp_path, terminal):
    with redirect_stderr(terminal), closing(Console(tmp_path / 'log.txt')) as console:
        console.progress(10, 'it', initial=7)
    assert terminal.getvalue().startswith('\r 70%|')


def test_warnings_go_to_the_file_without_their_colours(tmp_path, capsys):
    with warnings.catch_warnings(), closing(Console(tmp_path / 'log.txt')):
        warnings.simplefilter('always')
        warnings.warn('\x1b[33mWARN: old environment\x1b[0m', UserWarning, stacklevel=1)
    text = (tmp_path / 'log.txt').read_text()
    assert 'UserWarning: WARN: old environment\n' in text and '\x1b' not in text
    assert capsys.readouterr() == ('', '')


def test_lines_reach_the_root_logger_only_while_no_console_is_open(tmp_path, caplog):
    with closing(Console(tmp_path / 'log.txt')) as console:
        console.logger.info('to the console')
    console.logger.info('to the root')
    assert caplog.messages == ['to the root']


def test_second_console_adds_to_the_same_file(tmp_path):
    for line in ('first', 'second'):
        with closing(Console(tmp_path / 'log.txt')) as console:
            console.logger.info(line)
    assert (tmp_path / 'log.txt').read_text() == 'first\nsecond\n'


def test_closed_console_leaves_no_handler_and_no_open_file(tmp_path):
    loggers = [logging.getLogger('rrd'), logging.getLogger('py.warnings')]
    before, show = [list(logger.handlers) for logger in loggers], warnings.showwarning
    console = Console(tmp_path / 'log.txt')
    [file] = [handler for handler in console.logger.handlers if isinstance(handler, logging.FileHandler)]
    assert warnings.showwarning is not show
    console.close()
    assert [logger.handlers for logger in loggers] == before
    assert warnings.showwarning is show
    assert file.stream is None


def test_missing_directory_is_an_error_and_leaves_no_handler(tmp_path):
    before = list(logging.getLogger('rrd').handlers)
    with pytest.raises(FileNotFoundError):
        Console(tmp_path / 'missing' / 'log.txt')
    assert logging.getLogger('rrd').handlers == before


def test_a_closed_terminal_is_reported_once_in_the_file_and_stops_nothing(tmp_path, capsys):
    reader, writer = os.pipe()
    os.close(reader)
    with (open(writer, 'w') as closed, redirect_stdout(closed),
          closing(Console(tmp_path / 'log.txt')) as console):
        console.logger.info('one')
        console.logger.info('two')
    assert (tmp_path / 'log.txt').read_text().splitlines() == [
        'one', 'standard output is closed (Broken pipe); the run continues', 'two']
    assert capsys.readouterr().err == ''


def test_a_log_file_on_a_full_disk_is_reported_once_and_stops_nothing(capsys):
    with closing(Console('/dev/full')) as console:
        console.logger.info('one')
        console.logger.info('two')
    assert capsys.readouterr() == (
        'warning: cannot write /dev/full: No space left on device\none\ntwo\n', '')


def test_a_line_with_bytes_that_are_no_text_is_in_the_file_with_an_escape(tmp_path):
    with closing(Console(tmp_path / 'log.txt')) as console, redirect_stdout(io.StringIO()):
        console.logger.info('a\udcffb')
    assert (tmp_path / 'log.txt').read_text() == 'a\\udcffb\n'


def test_escape_codes_in_a_name_do_not_reach_the_terminal_or_the_file(tmp_path, capsys):
    with closing(Console(tmp_path / 'log.txt')) as console:
        console.logger.info('task: %s', 'a\x1b]0;title\x07\x1b[2J\u202eb\n c')
    assert capsys.readouterr().out == (tmp_path / 'log.txt').read_text() == 'task: a]0;title[2Jb\n c\n'


def test_lines_take_the_place_of_the_bar_where_standard_error_is_no_terminal(tmp_path, capsys):
    with closing(Console(tmp_path / 'log.txt')) as console:
        progress = console.progress(10, 'it', per_cycle=5, interval_s=0.01)
        progress.update(10)
        time.sleep(0.2)
    lines = (tmp_path / 'log.txt').read_text().splitlines()
    assert len(lines) >= 2 and lines[-1] == 'cycle 2 of 2: 10 of 10 its'
    assert capsys.readouterr().out.splitlines() == lines


def test_a_terminal_gets_no_lines_beside_its_bar(tmp_path, capsys, terminal):
    with redirect_stderr(terminal), closing(Console(tmp_path / 'log.txt')) as console:
        console.progress(10, 'it', per_cycle=5, interval_s=0.01)
        time.sleep(0.1)
    assert (tmp_path / 'log.txt').read_text() == capsys.readouterr().out == ''


def test_other_bars_are_lines_on_standard_error_where_it_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(ProgressLines.__init__, '__defaults__', (1, 0, 0, time.monotonic, 0.01))
    for bar, unit in ((frame_bar, 'frame'), (episode_bar, 'episode')):
        with bar(3) as progress:
            progress.update(3)
            time.sleep(0.1)
        out, err = capsys.readouterr()
        assert (out, err.splitlines()[-1]) == ('', f'3 of 3 {unit}s')
