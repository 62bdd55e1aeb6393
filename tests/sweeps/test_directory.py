"""The directory of a sweep, locked by one sweep at a time."""
import pytest

from sweeps.directory import taken
from utils.errors import UserError


def test_the_directory_is_made_with_its_parents(tmp_path):
    with taken(tmp_path / 'a' / 'b'):
        assert (tmp_path / 'a' / 'b').is_dir()


def test_two_sweeps_at_once_are_refused(tmp_path):
    with taken(tmp_path), pytest.raises(UserError, match=f'^{tmp_path} is in use by another process;'):
        with taken(tmp_path):
            pytest.fail('the other sweep has it')


def test_a_directory_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(UserError, match=f'^--out={tmp_path}/file/a: Not a directory$'):
        with taken(tmp_path / 'file' / 'a'):
            pytest.fail('there is none')
