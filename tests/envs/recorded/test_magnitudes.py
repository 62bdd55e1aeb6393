"""Numbers of steps that would overflow the sums of a normaliser."""
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.magnitudes import of_magnitude
from envs.recorded.source import RecordedFile, StoredFrames
from tests.recordings import recording
from utils.errors import UserError
from utils.flags.flag import Args


def file_of(*recordings):
    frames = StoredFrames(Path('x'), 'agentview', 9, (8, 8), [], None, '', lambda place: [place])
    return RecordedFile(Path('x'), 'data_path', list(recordings), {'agentview': frames}, {}, '', {})


def with_value(key, value):
    one = recording(3, name='demo_0')
    arrays = {'actions': one.actions, **one.vectors}
    arrays[key] = arrays[key].copy()
    arrays[key][1, 2] = value
    return one._replace(actions=arrays.pop('actions'), vectors=arrays)


@pytest.mark.parametrize('key, value', [('proprio', 1e30), ('proprio', -2e14), ('actions', np.inf)])
def test_a_number_that_is_too_large_is_refused_with_its_column(key, value):
    with pytest.raises(UserError, match=rf'^x demo_0: {key}: expected numbers up to 1e\+14 in size, got .* '
                                        r'in column 2 of step 1 \(--libero_skip_bad=True leaves it out\)$'):
        of_magnitude(file_of(with_value(key, value)), Args({'libero_skip_bad': False}))


def test_an_episode_that_is_left_out_does_not_move_the_frames_of_the_others():
    file = of_magnitude(file_of(with_value('proprio', 1e30), recording(3, name='demo_1')),
                        Args({'libero_skip_bad': True}))
    assert [each.name for each in file.episodes] == ['demo_1'] and 'proprio' in file.skipped['demo_0']
    assert file.cameras['agentview'].read_one(0) == [1]


def test_plausible_numbers_are_no_reason_to_refuse():
    file = file_of(with_value('proprio', 9e13))
    assert of_magnitude(file, Args({'libero_skip_bad': False})) is file
