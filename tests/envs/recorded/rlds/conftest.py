"""Fixtures for tests of RLDS."""
import shutil

import pytest

from tests.envs.recorded.rlds.sets import write_boxes


@pytest.fixture(scope='session')
def written(tmp_path_factory):
    return write_boxes(tmp_path_factory.mktemp('written') / 'boxes' / '1.0.0')


@pytest.fixture
def boxes(tmp_path, written):
    """A data set of three episodes, of 5, 3 and 4 steps, in one shard."""
    return shutil.copytree(written, tmp_path / 'boxes' / '1.0.0')
