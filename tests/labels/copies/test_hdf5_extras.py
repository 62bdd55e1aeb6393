"""What a labelled HDF5 file contains beside the rewards, and the room that it takes."""
import h5py
import numpy as np
import pytest

from labels.copies import hdf5_file
from labels.copies.hdf5 import write_copy
from labels.copies.options import CopyOptions
from labels.copies.returns import mask_warnings
from labels.copies.writer import check_copy
from tests.labels.copies.made import DEMOS, OPTIONS, PROVENANCE, array, labelled, labels_of
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError


def test_a_mask_lists_the_episodes_above_a_predicted_return(suite, tmp_path):
    labels = labels_of(suite / 'a_demo.hdf5', DEMOS) | labels_of(suite / 'b_demo.hdf5', DEMOS, -1)
    write_copy(suite, tmp_path / 'new', labels, PROVENANCE, CopyOptions(mask='good', above=20.0))
    assert labels[suite / 'a_demo.hdf5', 'demo_0'].predicted_return < 20
    assert array(tmp_path / 'new/a_demo.hdf5', 'mask/good').tolist() == [b'demo_1']
    assert array(tmp_path / 'new/b_demo.hdf5', 'mask/good').tolist() == []


@pytest.mark.parametrize('chunks', [None, (1, 4, 4, 3), (2, 4, 4, 3)])
def test_next_obs_is_the_observation_of_the_next_step_stored_in_the_same_way(tmp_path, chunks):
    path, frames = tmp_path / 'x.hdf5', np.random.default_rng(0).integers(256, size=(70, 4, 4, 3), dtype='u1')
    write_robomimic(path, [{'actions': np.zeros((70, 2)), 'rewards': np.ones(70), 'obs': {
        'object': np.arange(70.0)[:, None]}}])
    with h5py.File(path, 'a') as file:
        file['data/demo_0/obs'].create_dataset('image', data=frames, chunks=chunks,
                                               compression='gzip' if chunks else None)
    write_copy(path, tmp_path / 'new.hdf5', labels_of(path, {'demo_0': 70}), {}, CopyOptions(next_obs=True))
    with h5py.File(tmp_path / 'new.hdf5') as file:
        demo = file['data/demo_0']
        assert np.array_equal(demo['next_obs/image'][:], frames[[*range(1, 70), 69]])
        assert demo['next_obs/object'][:, 0].tolist() == [*range(1, 70), 69]
        assert demo['next_obs/image'].chunks == chunks
        assert demo['next_obs/image'].compression == demo['obs/image'].compression


def test_recorded_next_obs_stay(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_robomimic(path, [moving(np.random.default_rng(0), 5)])
    write_copy(path, tmp_path / 'new.hdf5', labels_of(path, {'demo_0': 5}), {}, CopyOptions(next_obs=True))
    old, new = array(path, 'data/demo_0/next_obs/object'), array(tmp_path / 'new.hdf5',
                                                                 'data/demo_0/next_obs/object')
    assert np.array_equal(old, new) and array(tmp_path / 'new.hdf5', 'mask/train').tolist() == [b'demo_0']


def test_a_full_disk_is_found_before_hdf5_writes_into_the_copy(suite, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, 'No space left on device')
    monkeypatch.setattr(hdf5_file, 'reserve', full)
    monkeypatch.setattr(hdf5_file, '_extend', lambda *_: pytest.fail('HDF5 writes'))
    with pytest.raises(UserError, match=r'^cannot write .*a_demo.hdf5: No space left on device$'):
        write_copy(suite, tmp_path / 'new', labelled(suite), PROVENANCE, OPTIONS)
    assert not (tmp_path / 'new').exists()


@pytest.mark.parametrize('chunks', [None, (1, 4, 4, 3), (2, 4, 4, 3)])
@pytest.mark.parametrize('next_obs', [False, True])
def test_the_room_suffices_and_what_is_left_of_it_is_cut_off(tmp_path, chunks, next_obs, monkeypatch):
    path, rooms = tmp_path / 'x.hdf5', []
    frames = np.random.default_rng(0).integers(256, size=(70, 4, 4, 3), dtype='u1')
    write_robomimic(path, [{'actions': np.zeros((70, 2)), 'rewards': np.ones(70), 'obs': {
        'object': np.arange(70.0)[:, None]}}] * 9)
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            demo['obs'].create_dataset('image', data=frames, chunks=chunks, compression='gzip' if chunks
                                       else None)
    original = hdf5_file.reserve
    monkeypatch.setattr(hdf5_file, 'reserve', lambda file, room: (rooms.append(room), original(file, room)))
    write_copy(path, tmp_path / 'new.hdf5', labels_of(path, {f'demo_{k}': 70 for k in range(9)}),
               {'run': 'x' * 100_000}, CopyOptions(next_obs=next_obs, mask='good', above=0.0))
    grown = (tmp_path / 'new.hdf5').stat().st_size - path.stat().st_size
    assert 0 < grown <= rooms[0] and grown != rooms[0]


@pytest.mark.parametrize('break_file, options, message', [
    (lambda file: file.create_dataset('mask/good', data=[b'demo_0']), CopyOptions(mask='good', above=0.0),
     'a_demo.hdf5 has mask/good; choose another name'),
    (lambda file: file['data/demo_0/obs'].create_dataset('short', data=[1.0]), CopyOptions(next_obs=True),
     'data/demo_0/obs/short: expected 6 steps, as actions have, got 1')])
def test_what_rewards_do_not_change_is_checked_before_they_are_predicted(suite, break_file, options, message):
    with h5py.File(suite / 'a_demo.hdf5', 'r+') as file:
        break_file(file)
    with pytest.raises(UserError, match=message):
        check_copy(suite, labelled(suite), options)


@pytest.mark.parametrize('above, expected', [
    (-1.0, []),
    (1e3, ['warning: mask/good is empty in 2 of 2 files, such as {}/a_demo.hdf5: no predicted return there '
           'is above --above=1000; they are from 15.5 to 46.4'])])
def test_an_empty_list_of_episodes_is_a_warning_with_the_returns(suite, above, expected):
    labels = list(labelled(suite).values())
    assert mask_warnings(labels, CopyOptions(mask='good', above=above)) == [text.format(suite)
                                                                            for text in expected]
    assert mask_warnings(labels, CopyOptions()) == []
