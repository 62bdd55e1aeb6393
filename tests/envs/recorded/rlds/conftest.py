"""Fixtures for tests of RLDS."""
import pytest

from tests.envs.recorded.rlds.sets import write_boxes


@pytest.fixture
def boxes(tmp_path):
    """A data set of three episodes, of 5, 3 and 4 steps, in one shard."""
    return write_boxes(tmp_path / 'boxes' / '1.0.0')
