"""Labelled copies of HDF5 files."""
import json

import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from labels.copies import hdf5_file
from labels.copies.hdf5 import write_copy
from labels.copies.labelled import is_labelled, provenance_of
from labels.copies.options import CopyOptions
from tests.envs.recorded.libero.files import write_suite_file
from tests.labels.copies.made import DEMOS, OPTIONS, PROVENANCE, array, files_of, killed, labelled, labels_of
from tests.own_data.files import write_robomimic
from utils.errors import UserError

NEW = {'rewards', 'rewards_valid', 'recorded_rewards'}


def contents(path):
    """{name of an object: its bytes or None, and all that describes it} of a file."""
    found = {}

    def add(name, each):
        facts = {key: (np.asarray(value).dtype, np.asarray(value).tobytes())
                 for key, value in each.attrs.items() if not isinstance(value, str)}
        facts |= {key: value for key, value in each.attrs.items()
                  if isinstance(value, str) and key != 'reward_split'}
        if isinstance(each, h5py.Dataset):
            found[name] = (each[()].tobytes(), each.dtype, each.shape, each.chunks, each.compression,
                           each.compression_opts, facts)
        else:
            found[name] = facts

    with h5py.File(path) as file:
        file.visititems(add)
    return found


def test_rewards_are_at_the_index_of_their_action_as_float32(suite, tmp_path):
    labels = labelled(suite)
    write_copy(suite, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    for (path, name), own in labels.items():
        copy = tmp_path / 'new' / path.name
        rewards = array(copy, f'data/{name}/rewards')
        assert rewards.dtype == np.float32 and rewards.tolist() == own.rewards.tolist()
        assert array(copy, f'data/{name}/rewards_valid').tolist() == own.valid.tolist()


def test_everything_else_is_bit_for_bit_that_of_the_source(suite, tmp_path):
    before = files_of(suite)
    write_copy(suite, tmp_path / 'new', labelled(suite), PROVENANCE, OPTIONS)
    for path in suite.glob('*.hdf5'):
        old, new = contents(path), contents(tmp_path / 'new' / path.name)
        for name in DEMOS:
            for added in NEW:
                found = new.pop(f'data/{name}/{added}')
            old_rewards = old.pop(f'data/{name}/rewards')
            assert found is not None and old_rewards[1] == np.uint8
        assert old == new
    assert files_of(suite) == before
    assert (tmp_path / 'new/progress_a.npz').read_bytes() == before['progress_a.npz']


def test_recorded_rewards_keep_their_values_and_type(suite, tmp_path):
    write_copy(suite, tmp_path / 'new', labelled(suite), PROVENANCE, OPTIONS)
    recorded = array(tmp_path / 'new/a_demo.hdf5', 'data/demo_0/recorded_rewards')
    assert recorded.dtype == np.uint8 and recorded.tolist() == [0, 0, 0, 0, 0, 1]


def test_the_project_reads_the_sum_of_the_labels_as_the_return(suite, tmp_path):
    labels = labelled(suite)
    write_copy(suite, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    for (path, name), own in labels.items():
        demos = {demo.name: demo for demo in read_file(tmp_path / 'new' / path.name, ('agentview',)).demos}
        assert demos[name].total_reward == pytest.approx(own.predicted_return, rel=1e-6)


def test_provenance_is_in_each_file_and_beside_them(suite, tmp_path):
    write_copy(suite, tmp_path / 'new', labelled(suite), PROVENANCE, OPTIONS)
    for name in ('a', 'b'):
        with h5py.File(tmp_path / f'new/{name}_demo.hdf5') as file:
            assert json.loads(file.attrs['reward_provenance']) == PROVENANCE
    assert json.loads((tmp_path / 'new/reward_provenance.json').read_text()) == PROVENANCE


def test_an_episode_without_labels_keeps_its_place_without_rewards(suite, tmp_path):
    labels = {key: own for key, own in labelled(suite).items() if key[1] != 'demo_1'}
    write_copy(suite, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert array(tmp_path / 'new/a_demo.hdf5', 'data/demo_1/rewards').tolist() == [0, 0, 0]
    assert not array(tmp_path / 'new/a_demo.hdf5', 'data/demo_1/rewards_valid').any()
    assert array(tmp_path / 'new/a_demo.hdf5', 'data/demo_1/recorded_rewards').tolist() == [0, 0, 1]


def test_a_file_becomes_a_file_in_a_folder_if_the_target_has_no_ending(suite, tmp_path):
    path = suite / 'a_demo.hdf5'
    write_copy(path, tmp_path / 'new', labels_of(path, DEMOS), PROVENANCE, OPTIONS)
    assert sorted(each.name for each in (tmp_path / 'new').iterdir()) == ['a_demo.hdf5',
                                                                         'reward_provenance.json']


def test_folders_of_other_suites_are_left_out(suite, tmp_path):
    root = suite.parent / 'root'
    root.mkdir()
    suite.rename(root / 'libero_spatial')
    (root / 'libero_goal').mkdir()
    write_suite_file(root / 'libero_goal/c_demo.hdf5')
    (root / 'notes').mkdir()
    (root / 'notes/x.txt').write_text('x')
    write_copy(root, tmp_path / 'new', labelled(root / 'libero_spatial'), PROVENANCE, OPTIONS)
    assert sorted(path.name for path in (tmp_path / 'new').iterdir()) == ['libero_spatial', 'notes',
                                                                         'reward_provenance.json']


def test_a_killed_copy_is_resumed_and_equals_an_uninterrupted_one(suite, tmp_path, monkeypatch):
    labels, reports = labelled(suite), []
    write_copy(suite, tmp_path / 'whole', labels, PROVENANCE, OPTIONS)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        original = hdf5_file._extend
        patch.setattr(hdf5_file, '_extend', lambda file, path, *rest: (
            killed() if path.name.startswith('b') else original(file, path, *rest)))
        write_copy(suite, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert not (tmp_path / 'new').exists()
    assert sorted(path.name for path in (tmp_path / 'new.partial').glob('*.hdf5*')) == ['a_demo.hdf5']
    options = CopyOptions(report=lambda: reports.append(1))
    write_copy(suite, tmp_path / 'new', labels, {'another': 'date'}, options)
    assert len(reports) == 4 and files_of(tmp_path / 'new').keys() == files_of(tmp_path / 'whole').keys()
    for path in (tmp_path / 'whole').glob('*.hdf5'):
        assert contents(path) == contents(tmp_path / 'new' / path.name)
        with h5py.File(tmp_path / 'new' / path.name) as file:
            assert json.loads(file.attrs['reward_provenance']) == PROVENANCE


def test_labels_of_another_number_of_steps_are_refused_and_nothing_is_written(suite, tmp_path):
    path = suite / 'a_demo.hdf5'
    with pytest.raises(UserError) as caught:
        write_copy(suite, tmp_path / 'new', labels_of(path, {'demo_0': 5}), PROVENANCE, OPTIONS)
    assert str(caught.value) == f'{path}: demo_0: expected labels of 6 steps, as stored, got 5'
    assert [each.name for each in tmp_path.iterdir()] == ['libero_spatial']


def test_a_labelled_copy_is_recognized_and_keeps_the_recorded_rewards_when_relabelled(suite, tmp_path):
    write_copy(suite, tmp_path / 'once', labelled(suite), PROVENANCE, CopyOptions(mask='good', above=0.0))
    labels = labelled(tmp_path / 'once', scale=5.0)
    assert is_labelled(tmp_path / 'once/a_demo.hdf5') and not is_labelled(suite / 'a_demo.hdf5')
    assert provenance_of(tmp_path / 'once') == provenance_of(tmp_path / 'once/a_demo.hdf5') == PROVENANCE
    write_copy(tmp_path / 'once', tmp_path / 'twice', labels, {}, CopyOptions(mask='good', above=1e9))
    copy = tmp_path / 'twice/b_demo.hdf5'
    expected = labels[tmp_path / 'once/b_demo.hdf5', 'demo_1'].rewards.tolist()
    assert array(copy, 'data/demo_1/rewards').tolist() == expected
    assert array(copy, 'data/demo_1/recorded_rewards').tolist() == [0, 0, 1]
    assert array(copy, 'mask/good').tolist() == []


def test_new_labels_are_not_taken_for_recorded_rewards_where_there_were_none(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_robomimic(path, [{'actions': np.zeros((3, 2)), 'obs': {'object': np.zeros((3, 1))}}])
    write_copy(path, tmp_path / 'once.hdf5', labels_of(path, {'demo_0': 3}), {}, OPTIONS)
    labels = labels_of(tmp_path / 'once.hdf5', {'demo_0': 3}, 2.0)
    write_copy(tmp_path / 'once.hdf5', tmp_path / 'twice.hdf5', labels, {}, OPTIONS)
    with h5py.File(tmp_path / 'twice.hdf5') as file:
        assert set(file['data/demo_0']) == {'actions', 'obs', 'rewards', 'rewards_valid'}


@pytest.mark.parametrize('change, message', [
    (lambda suite: labels_of(suite / 'c_demo.hdf5', DEMOS), 'has labels, but it is no file of episodes'),
    (lambda suite: labels_of(suite / 'a_demo.hdf5', {'demo_7': 6}), 'expected demo_7, which has labels'),
    (lambda suite: {}, 'expected labels of at least one episode, got none')])
def test_labels_of_what_is_not_in_the_source_are_refused(suite, tmp_path, change, message):
    with pytest.raises(UserError, match=message):
        write_copy(suite, tmp_path / 'new', change(suite), PROVENANCE, OPTIONS)


def test_an_episode_that_is_a_link_into_another_file_is_not_followed(suite, tmp_path):
    path = suite / 'a_demo.hdf5'
    with h5py.File(path, 'a') as file:
        del file['data/demo_1']
        file['data/demo_1'] = h5py.ExternalLink(str(suite / 'b_demo.hdf5'), 'data/demo_1')
    before = (suite / 'b_demo.hdf5').read_bytes()
    write_copy(path, tmp_path / 'new.hdf5', labels_of(path, {'demo_0': 6}), PROVENANCE, OPTIONS)
    assert (suite / 'b_demo.hdf5').read_bytes() == before
