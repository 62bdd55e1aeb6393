"""Unfinished folders: whole or not there, resumed, refused with another plan."""
import os

import pytest

from utils.errors import UserError
from utils.unfinished import PLAN, check_place, staged

GOAL = {'format': 'x', 'lengths': [3, 4]}


def interrupt(target, plan=None):
    """Begins a folder with a file `a`, and is killed."""
    with pytest.raises(KeyboardInterrupt), staged(target, plan or GOAL) as partial:
        (partial / 'a').write_bytes(b'first')
        raise KeyboardInterrupt


def test_the_folder_appears_at_the_end_with_what_was_written_alone(tmp_path):
    target = tmp_path / 'deep' / 'new'
    with staged(target, GOAL) as partial:
        (partial / 'a').write_bytes(b'first')
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ['a']
    assert [path.name for path in target.parent.iterdir()] == ['new']


def test_the_same_plan_resumes_with_the_files_that_are_there(tmp_path):
    interrupt(tmp_path / 'new')
    assert not (tmp_path / 'new').exists()
    with staged(tmp_path / 'new', GOAL) as partial:
        assert (partial / 'a').read_bytes() == b'first'
    assert [path.name for path in (tmp_path / 'new').iterdir()] == ['a']


@pytest.mark.parametrize('plan, names', [
    ({**GOAL, 'lengths': [3]}, 'lengths'), ({'format': 'y', 'lengths': 0}, 'format, lengths'),
    ({**GOAL, 'more': 1}, 'more'), ({'format': 'x'}, 'lengths')])
def test_another_plan_is_refused_by_what_differs(tmp_path, plan, names):
    interrupt(tmp_path / 'new')
    with pytest.raises(UserError, match=f'new.partial is unfinished, with other values of {names}; '):
        with staged(tmp_path / 'new', plan):
            pass


def test_a_folder_in_use_is_refused(tmp_path):
    with staged(tmp_path / 'new', GOAL):
        with pytest.raises(UserError, match='new.partial is in use by another process'):
            with staged(tmp_path / 'new', GOAL):
                pass


def test_a_folder_that_another_process_has_finished_meanwhile_is_not_taken(tmp_path, monkeypatch):
    def finished(file, _):
        os.replace(tmp_path / 'other', tmp_path / 'new.partial' / PLAN)
    (tmp_path / 'other').touch()
    monkeypatch.setattr('fcntl.flock', finished)
    with pytest.raises(UserError, match='was in use by another process; try again'):
        with staged(tmp_path / 'new', GOAL):
            pass


@pytest.mark.parametrize('text', ['', 'format', 'format "x"\n'])
def test_a_plan_that_was_being_written_is_written_again(tmp_path, text):
    (tmp_path / 'new.partial').mkdir()
    (tmp_path / 'new.partial' / PLAN).write_text(text)
    interrupt(tmp_path / 'new')
    with staged(tmp_path / 'new', GOAL) as partial:
        assert (partial / 'a').exists()


def test_a_folder_of_someone_else_is_left_alone(tmp_path):
    (tmp_path / 'new.partial').mkdir()
    (tmp_path / 'new.partial/mine').write_text('x')
    with pytest.raises(UserError, match='new.partial is not an unfinished folder of this program; remove it'):
        with staged(tmp_path / 'new', GOAL):
            pass
    assert [path.name for path in (tmp_path / 'new.partial').iterdir()] == ['mine']


def test_a_target_that_exists_is_refused_and_nothing_is_begun(tmp_path):
    (tmp_path / 'new').mkdir()
    with pytest.raises(UserError, match='new exists and is not overwritten; expected the name of'):
        with staged(tmp_path / 'new', GOAL):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ['new']


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(UserError, match=f'^cannot write {tmp_path}/file/new.partial: Not a directory$'):
        with staged(tmp_path / 'file' / 'new', GOAL):
            pass


def test_a_place_inside_a_source_is_refused(tmp_path):
    with pytest.raises(UserError, match='new is inside .*, which is read; expected a folder elsewhere'):
        check_place(tmp_path / 'new', [tmp_path / ('n' * 300), tmp_path])
