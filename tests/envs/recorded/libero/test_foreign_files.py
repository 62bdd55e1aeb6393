"""Files of episodes that were made up, or had one bit flipped: each is an error of one line."""
import os

import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.paths import find_sources
from envs.recorded.side_files import Progress, contexts
from tests.envs.recorded.libero.damage import KEYS, put, refusal
from tests.envs.recorded.libero.files import write_suite_file
from utils.errors import UserError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, demos=3)
    return path


def replace(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def test_an_episode_whose_name_is_not_utf8_is_refused_or_left_out(path):
    with h5py.File(path, 'a') as file:
        file['data'].create_group(b'demo_\xff')
    assert refusal(path) == r"data: expected episodes named demo_<number>, got b'demo_\xff'"
    assert list(read_file(path, KEYS, skip_bad=True).skipped) == [r"b'demo_\xff'"]


def test_an_array_whose_name_is_not_utf8_does_not_matter_if_it_is_not_requested(path):
    with h5py.File(path, 'a') as file:
        file['data/demo_1/obs'].create_group(b'\xff_rgb')
    assert read_file(path, KEYS).skipped == {}


def test_missing_data_beside_a_name_that_is_not_utf8_is_refused(path):
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        file['data/demo_1'].create_group(b'\xff')
    assert refusal(path).startswith('data/demo_1/actions is missing; found ')


def test_frames_of_71_gib_that_are_not_in_the_file_are_refused(path):
    put(path, 'obs/agentview_rgb', None)
    with h5py.File(path, 'a') as file:
        file['data/demo_1'].create_dataset('obs/agentview_rgb', (6, 20000, 20000, 3), 'u1',
                                           chunks=(1, 9, 9, 3))
    assert 'agentview_rgb cannot be read: Unable to allocate 7200000000 bytes' in refusal(path)


def test_a_pointer_of_git_lfs_is_named_as_such(path):
    path.write_text('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n')
    with pytest.raises(UserError, match='x.hdf5 cannot be read as HDF5: it is a Git LFS pointer, not the'):
        read_file(path, KEYS)


def test_a_side_file_that_is_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / 'a.npz')
    for read in (Progress, lambda path: contexts(['a'], ['a'], str(path))):
        with pytest.raises(UserError, match='of plain arrays, got it is a pipe, not a regular file'):
            read(tmp_path / 'a.npz')


def test_an_embedding_much_larger_than_its_file_is_refused(tmp_path):
    np.savez_compressed(tmp_path / 'a.npz', a=np.zeros(2 ** 24, 'f4'), b=np.zeros(2 ** 20, 'f4'))
    with pytest.raises(UserError, match='got it declares arrays of 7130'):
        contexts(['a'], ['a'], str(tmp_path / 'a.npz'))


def test_a_loop_of_links_among_the_episodes_is_refused(tmp_path):
    name = 'pick_up_the_black_bowl_between_the_plate_and_the_ramekin_and_place_it_on_the_plate_demo.hdf5'
    (tmp_path / name).symlink_to(name)
    path, = find_sources('libero_spatial', str(tmp_path)).successes
    with pytest.raises(UserError, match='cannot be read as HDF5: Too many levels of symbolic links'):
        read_file(path, KEYS)


@pytest.mark.parametrize('text', ['[' * 500, 'datasets: !!int ""', '!!timestamp x'])
def test_settings_that_yaml_fails_on_are_reported(tmp_path, monkeypatch, text):
    (tmp_path / 'config.yaml').write_text(text)
    monkeypatch.setenv('LIBERO_CONFIG_PATH', str(tmp_path))
    notices = find_sources('libero_spatial').notices
    assert 'config.yaml is not valid YAML (' in notices[0]


def test_settings_that_refer_to_each_other_many_times_are_reported_at_once(tmp_path, monkeypatch):
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    lines += [f'a{i}: &a{i} [{", ".join([f"*a{i - 1}"] * 9)}]' for i in range(1, 30)]
    (tmp_path / 'config.yaml').write_text('\n'.join([*lines, 'datasets: *a29']))
    monkeypatch.setenv('LIBERO_CONFIG_PATH', str(tmp_path))
    assert 'config.yaml: expected a folder as datasets, got [[[' in find_sources('libero_spatial').notices[0]


def test_a_folder_in_the_settings_that_the_system_refuses_is_reported(tmp_path, monkeypatch):
    (tmp_path / 'config.yaml').write_text(f'datasets: /{"x" * 300}')
    monkeypatch.setenv('LIBERO_CONFIG_PATH', str(tmp_path))
    with pytest.raises(UserError, match='the folder datasets of .*, cannot be read: File name too long$'):
        find_sources('libero_spatial')
