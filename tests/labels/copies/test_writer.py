"""Which copy is written for what is on disk, and where none may be written."""
import shutil

import numpy as np
import pytest

from labels.copies import hdf5, lerobot, rlds
from labels.copies.options import CopyOptions
from labels.copies.writer import copy_writer, write_copy
from tests.envs.recorded.lerobot.sets import write_v21
from tests.envs.recorded.libero.files import write_suite_file
from tests.envs.recorded.rlds.sets import write_boxes
from tests.labels.copies.made import PROVENANCE, labels_of
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError
from utils.unfinished import PLAN


def write_libero(folder):
    folder.mkdir()
    write_suite_file(folder / 'a_demo.hdf5')


def write_own(folder):
    folder.mkdir()
    write_robomimic(folder / 'a.hdf5', [moving(np.random.default_rng(0), 5)])


@pytest.mark.parametrize('make, expected', [
    (write_libero, hdf5), (write_own, hdf5), (lambda folder: write_boxes(folder / '1.0.0', (3,)), rlds),
    (write_v21, lerobot)])
def test_the_layout_is_recognized_by_its_content(tmp_path, make, expected):
    make(tmp_path / 'set')
    assert copy_writer(tmp_path / 'set') is expected


def test_another_layout_is_refused(tmp_path):
    (tmp_path / 'x.csv').touch()
    with pytest.raises(UserError, match='expected a data set of LIBERO, robomimic, RLDS or LeRobot to copy, '
                                        'got none that is recognized'):
        copy_writer(tmp_path)


@pytest.mark.parametrize('target, message', [
    ('set', 'set exists and is not overwritten'), ('set/new', 'new is inside'),
    ('other', 'other exists and is not overwritten')])
def test_nothing_is_written_over_or_into_what_exists(tmp_path, target, message):
    write_own(tmp_path / 'set')
    (tmp_path / 'other').touch()
    labels = labels_of(tmp_path / 'set/a.hdf5', {'demo_0': 5})
    with pytest.raises(UserError, match=message):
        write_copy(tmp_path / 'set', tmp_path / target, labels, PROVENANCE)
    assert sorted(path.name for path in tmp_path.rglob('*')) == ['a.hdf5', 'other', 'set']


def test_a_copy_is_written(tmp_path):
    write_own(tmp_path / 'set')
    write_copy(tmp_path / 'set', tmp_path / 'deep/new', labels_of(tmp_path / 'set/a.hdf5', {'demo_0': 5}), {})
    assert (tmp_path / 'deep/new/a.hdf5').is_file()


def test_an_unfinished_copy_of_other_labels_is_not_resumed(tmp_path):
    write_own(tmp_path / 'set')
    path = tmp_path / 'set/a.hdf5'
    write_copy(path, tmp_path / 'new', labels_of(path, {'demo_0': 5}), {})
    shutil.move(tmp_path / 'new', tmp_path / 'new.partial')
    (tmp_path / 'new.partial' / PLAN).write_text('labels "abc"\n\n')
    with pytest.raises(UserError, match='is unfinished, with other values of files, format, labels, options'):
        write_copy(path, tmp_path / 'new', labels_of(path, {'demo_0': 5}, 2.0), {})


def test_a_folder_that_leads_into_itself_is_refused(tmp_path):
    write_own(tmp_path / 'set')
    (tmp_path / 'set/again').symlink_to(tmp_path / 'set')
    with pytest.raises(UserError, match='again leads to a folder around it'):
        write_copy(tmp_path / 'set', tmp_path / 'new', labels_of(tmp_path / 'set/a.hdf5', {'demo_0': 5}), {})


@pytest.mark.parametrize('options, message', [
    (CopyOptions(mask='good', above=1.0), 'expected a data set of HDF5 for mask, got RLDS'),
    (CopyOptions(next_obs=True), 'expected a data set of HDF5 for next_obs, got RLDS'),
    (CopyOptions(only_above=True), 'expected a predicted return, above, for only_above')])
def test_options_that_do_not_fit_are_refused(tmp_path, options, message):
    boxes = write_boxes(tmp_path / 'set/1.0.0', (3,))
    with pytest.raises(UserError, match=message):
        write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 0': 3}), {}, options)
