"""Directories of checkpoints: written, kept, found again."""
import json
import os

import numpy as np
import pytest

from tests.utils.checkpoints.made import contents, fill, make_files, saved_values, write
from utils.checkpoints.files import CheckpointFiles, place_name
from utils.errors import UserError


@pytest.mark.parametrize('place, name', [
    ((0,), 'ckpt-000000'), ((0, 0, 0), 'ckpt-000000'), ((120, 0, 0), 'ckpt-000120'),
    ((120, 57, 0), 'ckpt-000120-000057'), ((120, 100, 3), 'ckpt-000120-000100-000003'),
    ((0, 0, 3), 'ckpt-000000-000000-000003'), ((1234567,), 'ckpt-1234567')])
def test_a_checkpoint_is_named_by_its_place_in_the_run(place, name):
    assert place_name(*place) == name


def test_names_are_in_the_order_of_the_run(tmp_path):
    places = [(2,), (2, 0, 1), (2, 7), (2, 7, 1), (2, 10), (10,), (999_999,), (1_000_000,)]
    files = make_files(tmp_path, keep=99)
    for place in reversed(places):
        write(files, *place)
    assert files.names() == [place_name(*place) for place in places]


def test_nothing_else_counts_as_a_checkpoint(tmp_path):
    files = make_files(tmp_path, 1)
    for name in ('ckpt-000002.partial', 'damaged-ckpt-000003', 'ckpt-', 'ckpt-x', 'other', 'ckpt-000004-'):
        (tmp_path / 'checkpoints' / name).mkdir()
    assert files.names() == ['ckpt-000001']


def test_a_state_comes_back_with_the_files_that_go_with_it(tmp_path):
    files = CheckpointFiles(tmp_path / 'checkpoints')
    files.write('ckpt-000001', lambda directory: (
        fill(files, 5)(directory), (directory / 'weights').write_bytes(b'abc')))
    found = CheckpointFiles(tmp_path / 'checkpoints').find()
    assert found.path == tmp_path / 'checkpoints' / 'ckpt-000001'
    assert found.state['value'] == 5 and found.state['array'].tolist() == [5]
    assert (found.path / 'weights').read_bytes() == b'abc'
    assert found.damaged == {}


def test_bytes_of_a_checkpoint_and_of_its_shared_files_are_returned(tmp_path):
    files = CheckpointFiles(tmp_path)
    own, shared = write(files, 1, shared=['a', 'b'])
    listed = [path for path in (tmp_path / 'ckpt-000001').iterdir() if path.name != 'manifest.json']
    assert own == sum(path.stat().st_size for path in listed)
    assert shared == sum(path.stat().st_size for path in (tmp_path / 'replay').iterdir())
    assert files.shared.bytes_written == shared


@pytest.mark.parametrize('keep, left', [(1, [4]), (2, [3, 4]), (3, [2, 3, 4]), (9, [1, 2, 3, 4])])
def test_the_newest_are_kept(tmp_path, keep, left):
    files = make_files(tmp_path, 1, 2, 3, 4, keep=keep)
    assert files.names() == [place_name(cycle) for cycle in left]
    assert contents(tmp_path) == {*files.names(), 'replay'}


def test_the_older_ones_exist_until_the_new_one_does(tmp_path):
    files = make_files(tmp_path, 1)
    names = []
    files.write('ckpt-000002', lambda directory: (fill(files, 2)(directory), names.extend(files.names())))
    assert names == ['ckpt-000001'] and files.names() == ['ckpt-000002']


def test_the_newest_is_found(tmp_path):
    make_files(tmp_path, 9, 10, keep=2)
    assert make_files(tmp_path).find().state['value'] == 10


def test_an_older_one_is_found_by_its_name(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    assert make_files(tmp_path).find('ckpt-000001').state['value'] == 1


@pytest.mark.parametrize('make', [lambda path: None, lambda path: path.mkdir()], ids=['missing', 'empty'])
def test_a_run_without_checkpoints_has_none(tmp_path, make):
    make(tmp_path / 'checkpoints')
    assert make_files(tmp_path).find() is None


@pytest.mark.parametrize('places, expected', [
    ([], 'one, but there is none'), ([1], 'ckpt-000001'),
    ([1, 2, 3, 4, 5], 'ckpt-000002 or ckpt-000003 or ckpt-000004 or ckpt-000005')])
def test_a_missing_name_is_refused_with_the_existing_ones(tmp_path, places, expected):
    files = make_files(tmp_path, *places, keep=9)
    with pytest.raises(UserError, match=f'checkpoints has no checkpoint ckpt-000007; expected {expected}$'):
        files.find('ckpt-000007')


@pytest.mark.parametrize('error', [OSError('disk full'), ValueError('a defect'), KeyboardInterrupt()])
def test_a_write_that_fails_half_way_leaves_the_others_unchanged(tmp_path, error):
    files = make_files(tmp_path, 1, 2, keep=2)

    def torn(directory):
        fill(files, 3, ['3'])(directory)
        raise error
    with pytest.raises(type(error)):
        files.write('ckpt-000003', torn)
    assert saved_values(tmp_path) == {'ckpt-000001': 1, 'ckpt-000002': 2}
    assert contents(tmp_path) == {'ckpt-000001', 'ckpt-000002', 'replay'}


@pytest.mark.parametrize('function', ['rename', 'fsync'])
def test_a_disk_that_fails_at_the_end_leaves_the_others_unchanged(tmp_path, monkeypatch, function):
    def fail(*arguments):
        raise OSError('input/output error')
    files = make_files(tmp_path, 1, 2, keep=2)
    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        with pytest.raises(OSError, match='input/output error'):
            write(files, 3)
    assert saved_values(tmp_path) == {'ckpt-000001': 1, 'ckpt-000002': 2}
    assert contents(tmp_path) == {'ckpt-000001', 'ckpt-000002', 'replay'}


def test_after_a_write_that_failed_the_same_one_can_be_written(tmp_path):
    files = make_files(tmp_path, 1)

    def torn(directory):
        fill(files, 2)(directory)
        raise OSError('disk full')
    with pytest.raises(OSError):
        files.write('ckpt-000002', torn)
    write(files, 2)
    assert saved_values(tmp_path) == {'ckpt-000002': 2}


def test_a_partial_checkpoint_of_a_killed_run_is_discarded(tmp_path):
    files = make_files(tmp_path, 1)
    partial = tmp_path / 'checkpoints' / 'ckpt-000002.partial'
    partial.mkdir()
    (partial / 'rubbish').touch()
    write(files, 2)
    assert contents(tmp_path) == {'ckpt-000002', 'replay'}
    assert not (tmp_path / 'checkpoints' / 'ckpt-000002' / 'rubbish').exists()


def test_the_manifest_has_every_file_and_shared_file(tmp_path):
    files = make_files(tmp_path)
    write(files, 1, shared=['b', 'a'])
    manifest = json.loads((tmp_path / 'checkpoints/ckpt-000001/manifest.json').read_text())
    assert list(manifest['files']) == ['arrays.npz', 'state.json']
    assert list(manifest['shared']) == ['a.npz', 'b.npz']
    for name, array in {'a.npz': [1], 'b.npz': [1]}.items():
        assert files.shared.load(name)['x'].tolist() == array
    assert np.load(tmp_path / 'checkpoints' / 'replay' / 'a.npz').files == ['x']
