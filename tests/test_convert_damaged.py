"""Frames that cannot be decoded stop a conversion in one line, or the episode is left out and named."""
import pytest

import convert
from tests.envs.recorded.test_damaged_frames import (
    broken_pictures,
    broken_rlds,
    broken_robomimic,
    broken_video,
)
from tests.test_convert_own import TO, read_back
from utils.errors import UserError

BROKEN = (broken_rlds, broken_pictures, broken_video, broken_robomimic)


def convert_own(form, source, target, *words):
    convert.main([*TO[form], '--env=recorded', *words, str(source), str(target)])


@pytest.mark.parametrize('broken', BROKEN, ids=lambda each: each.__name__)
@pytest.mark.parametrize('form', TO)
def test_a_damaged_frame_of_own_data_stops_the_conversion_in_one_line(tmp_path, form, broken):
    path, _, reason, _ = broken(tmp_path / 'source')
    with pytest.raises(UserError) as caught:
        convert_own(form, path, tmp_path / 'new')
    assert reason in str(caught.value)
    assert str(caught.value).endswith('; --libero_skip_bad=True leaves the episode out '
                                      f'({tmp_path}/new.partial holds what was written before)')
    assert not (tmp_path / 'new').exists()


def test_the_flag_leaves_the_damaged_episode_out_and_names_it(tmp_path, caplog):
    path, name, reason, others = broken_robomimic(tmp_path / 'source')
    convert_own('hdf5', path, tmp_path / 'new', '--libero_skip_bad=True')
    assert f'left out: {path} {name}: {reason}' in caplog.text
    assert len(read_back(tmp_path / 'new')[1]) == len(others)


def test_an_unfinished_conversion_is_not_resumed_with_fewer_episodes(tmp_path):
    path, *_ = broken_robomimic(tmp_path / 'source')
    with pytest.raises(UserError, match='leaves the episode out'):
        convert_own('hdf5', path, tmp_path / 'new')
    with pytest.raises(UserError, match='is unfinished, with other values of facts; remove it'):
        convert_own('hdf5', path, tmp_path / 'new', '--libero_skip_bad=True')
