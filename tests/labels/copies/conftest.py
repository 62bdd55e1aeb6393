"""Fixtures for tests of labelled copies."""
import numpy as np
import pytest

from tests.envs.recorded.libero.files import write_suite_file
from tests.labels.copies.made import DEMOS


@pytest.fixture(params=['v2.1', 'v3.0'])
def lerobot_set(request, tmp_path):
    """A data set of LeRobot in each version."""
    from tests.labels.copies.lerobot_sets import made_v21, made_v30
    return made_v21(tmp_path / 'old') if request.param == 'v2.1' else made_v30(tmp_path / 'old')


@pytest.fixture
def suite(tmp_path):
    """A folder of two files of episodes, and one of their progress."""
    folder = tmp_path / 'libero_spatial'
    folder.mkdir()
    for seed, name in enumerate(('a', 'b')):
        write_suite_file(folder / f'{name}_demo.hdf5', lengths=list(DEMOS.values()), seed=seed)
    np.savez(folder / 'progress_a.npz', **{'demo_0/progress': np.arange(6)})
    return folder
