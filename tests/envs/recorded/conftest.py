"""Fixtures for tests of recorded episodes."""
import pytest

from tests.envs.recorded.libero.files import write_suite_file


@pytest.fixture
def path(tmp_path):
    """A file of two episodes, of 6 and of 3 steps."""
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, lengths=[6, 3])
    return path


@pytest.fixture
def cache(tmp_path):
    """A folder that does not exist yet."""
    return tmp_path / 'deep' / 'cache'
