"""The sample's files with turned frames: refused with the flag that is right, accepted with it."""
from pathlib import Path

import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load_all
from envs.recorded.libero.reader import describe
from envs.recorded.orientation import upright
from tests.envs.recorded.libero.folders import flags_for
from utils.errors import UserError

SAMPLE = Path(__file__).parents[4] / 'data/libero_sample/libero_spatial'


@pytest.fixture(scope='module')
def episodes():
    """{path in a demo: array} of the first three episodes of a file, and its name."""
    path = sorted(SAMPLE.glob('*.hdf5'))[0]
    with h5py.File(path) as file:
        found = []
        for number in range(3):
            arrays = {}
            file[f'data/demo_{number}'].visititems(lambda name, each, arrays=arrays: arrays.update(
                {name: each[()]} if isinstance(each, h5py.Dataset) else {}))
            found.append(arrays)
    return path.name, found


def turned(folder, episodes, orientation):
    """A copy of the file whose frames, first row at the bottom in the sample, are stored another way."""
    folder.mkdir(parents=True)
    name, arrays = episodes
    with h5py.File(folder / name, 'w') as file:
        for number, each in enumerate(arrays):
            for key, values in each.items():
                if key.endswith('_rgb'):
                    values = upright(upright(values, 'opengl'), orientation)
                file[f'data/demo_{number}/{key}'] = values
    return folder / name


@pytest.mark.parametrize('orientation', ['upright', 'rotated', 'mirrored'])
def test_a_turned_file_is_refused_with_the_flag_that_is_right(tmp_path, episodes, orientation):
    path = turned(tmp_path / 'libero_spatial', episodes, orientation)
    with pytest.raises(UserError) as caught:
        load_all(flags_for(tmp_path))
    assert str(caught.value) == (
        f'{path}: what moves in the frames of agentview shows that they are stored {orientation} (3 of 3 '
        f'clear episodes), not opengl as assumed; expected --libero_orientation={orientation}, or '
        '--libero_orientation=opengl to insist')
    assert not (tmp_path / 'cache').exists()        # nothing was decoded into the cache
    assert f'they are stored {orientation} (3 of 3 clear episodes): refused in a suite' in describe(path)[0]


def test_a_turned_file_is_accepted_with_the_right_flag(tmp_path, episodes):
    turned(tmp_path / 'libero_spatial', episodes, 'rotated')
    data = load_all(flags_for(tmp_path, libero_orientation='rotated'))
    turned(tmp_path / 'as_it_is' / 'libero_spatial', episodes, 'opengl')
    same = load_all(flags_for(tmp_path, libero_path=str(tmp_path / 'as_it_is/libero_spatial')))
    assert not any('warning' in line for line in [*data.notices, *same.notices])
    np.testing.assert_array_equal(*(each.recordings[0].observation(np.arange(9))['agentview']
                                    for each in (data, same)))
