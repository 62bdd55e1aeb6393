"""Which demonstrations are rolled out, and how often; files are written here, nothing is played."""
from pathlib import Path

import numpy as np
import pytest

from envs.libero_sim import rollouts
from utils.errors import UserError
from utils.foreign.hdf5 import hdf5_file
from utils.new_hdf5 import new_file


@pytest.mark.parametrize('demonstrations, episodes, expected', [
    (10, 20, (10, 1)), (50, 20, (10, 1)), (3, 20, (3, 6)), (1, 20, (1, 19)), (5, 2, (1, 1))])
def test_at_least_as_many_episodes_are_played_as_are_wanted(demonstrations, episodes, expected):
    used, per_demo = rollouts.share(demonstrations, episodes)
    assert (used, per_demo) == expected and episodes <= used * (1 + per_demo)


def test_demonstrations_are_taken_from_each_file_in_turn():
    chosen = {'b': ['demo_3', 'demo_1'], 'a': ['demo_0', 'demo_7', 'demo_8']}
    assert rollouts.spread(chosen, 3) == [('b', 'demo_3'), ('b', 'demo_1'), ('a', 'demo_0')]
    assert len(rollouts.spread(chosen, 9)) == 5


def recording(path, **arrays):
    path.parent.mkdir(exist_ok=True)
    with new_file(path) as file:
        file.create_group('data').attrs['tag'] = 'libero-v1'
        for name in ('demo_0', 'demo_1'):
            for key, value in arrays.items():
                file[f'data/{name}/{key}'] = value
    return path


def test_only_chosen_demonstrations_are_copied_with_what_the_file_says(tmp_path):
    path = recording(tmp_path / 'libero_goal' / 'x_demo.hdf5', states=np.ones((2, 3)))
    target = tmp_path / 'new'
    target.mkdir()
    rollouts.write_selection(target, [(path, 'demo_1')])
    with hdf5_file(target / 'libero_goal' / 'x_demo.hdf5') as file:
        assert list(file['data']) == ['demo_1'] and file['data'].attrs['tag'] == 'libero-v1'
        assert file['data/demo_1/states'][()].tolist() == np.ones((2, 3)).tolist()


def test_a_demonstration_without_states_cannot_be_replayed(tmp_path):
    path = recording(tmp_path / 'libero_goal' / 'x_demo.hdf5', actions=np.zeros((2, 7)))
    with pytest.raises(UserError, match='x_demo.hdf5: data/demo_0 has no simulator states to start from'):
        rollouts.write_selection(tmp_path, [(path, 'demo_0')])


def test_other_formats_cannot_be_replayed(tmp_path):
    with pytest.raises(UserError, match="expected LIBERO's own HDF5 files, which hold simulator states"):
        rollouts.write_selection(tmp_path, [(Path('x/train.tfrecord-00000'), '3')])


@pytest.mark.parametrize('stored, expected', [
    ({}, {}), ({'agentview_rgb': np.zeros((56, 56, 3))}, {'cameras': 'agentview', 'size': 56}),
    ({'eye_in_hand_rgb': np.zeros((128, 128, 3)), 'agentview_rgb': np.zeros((128, 128, 3))},
     {'cameras': 'agentview,eye_in_hand', 'size': 128})])
def test_pictures_are_as_those_of_the_demonstrations(stored, expected):
    assert rollouts._pictures(stored) == expected
