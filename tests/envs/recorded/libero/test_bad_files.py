"""Files that are damaged, implausible or not LIBERO's: each is an error of one line."""
import json
import re
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from envs.recorded.libero.hdf5 import read_file
from tests.envs.recorded.libero.damage import KEYS, LINK, put, refusal, spoil
from tests.envs.recorded.libero.files import write_suite_file
from utils.errors import UserError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, demos=3)
    return path


@pytest.mark.parametrize('name', ['demo_x', 'demo', 'demo_-1', 'demo_1_copy', f'demo_{"9" * 5000}'])
def test_other_groups_among_the_episodes_are_refused_or_left_out(path, name):
    with h5py.File(path, 'a') as file:
        file['data'].create_group(name)
    assert refusal(path) == f'data: expected episodes named demo_<number>, got {name}'
    assert list(read_file(path, KEYS, skip_bad=True).skipped) == [name]


@pytest.mark.parametrize('link', [h5py.ExternalLink('other.hdf5', '/data/demo_0'),
                                  h5py.SoftLink('/data/demo_0')])
def test_an_episode_that_is_a_link_is_refused_or_left_out(path, link):
    with h5py.File(path, 'a') as file:
        file['data/demo_3'] = link
    assert refusal(path) == f'data/demo_3{LINK}'
    assert read_file(path, KEYS, skip_bad=True).skipped == {'demo_3': f'data/demo_3{LINK}'}


def test_a_file_that_is_a_link_altogether_is_refused(path, tmp_path):
    with h5py.File(tmp_path / 'link.hdf5', 'w') as file:
        file['data'] = h5py.ExternalLink(str(path), '/data')
    assert refusal(tmp_path / 'link.hdf5', skip_bad=True) == f'/data{LINK}'


@pytest.mark.parametrize('skip_bad', [True, False])
def test_a_file_without_episodes_is_refused(tmp_path, skip_bad):
    with h5py.File(tmp_path / 'x.hdf5', 'w') as file:
        file['other'] = 1
    assert refusal(tmp_path / 'x.hdf5', skip_bad=skip_bad) == '/data is missing; found other'
    with h5py.File(tmp_path / 'x.hdf5', 'a') as file:
        file.create_group('data')
    assert refusal(tmp_path / 'x.hdf5', skip_bad=skip_bad) == (
        'data: expected episodes named demo_<number>, got nothing')


def test_a_file_of_bad_episodes_alone_is_refused_or_empty(path):
    with h5py.File(path, 'a') as file:
        for demo in file['data'].values():
            del demo['rewards']
    assert refusal(path).startswith('data/demo_0/rewards is missing')
    file = read_file(path, KEYS, skip_bad=True)
    assert file.demos == [] and list(file.skipped) == ['demo_0', 'demo_1', 'demo_2']


def test_an_unknown_orientation_is_refused(path):
    with h5py.File(path, 'a') as file:
        file['data'].attrs['macros_image_convention'] = 'upside down'
    assert refusal(path) == ("data: macros_image_convention is 'upside down'; expected opengl or opencv, or "
                             '--libero_orientation')


@pytest.mark.parametrize('content', [b'', b'text', b'\x89HDF\r\n\x1a\n' + bytes(100)])
def test_a_file_that_is_no_hdf5_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(UserError, match=f'^{re.escape(str(path))} cannot be read as HDF5: '):
        read_file(path, KEYS, skip_bad=True)


POINTER = b'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n'


@pytest.mark.parametrize('content, expected', [
    (POINTER, 'it is a Git LFS pointer, not the data: run git lfs pull, or huggingface-cli download'),
    (b'', 'it is not HDF5, or not complete: copy or download it again'),
    (b'text', 'it is not HDF5, or not complete: copy or download it again')])
def test_an_error_says_what_to_do_about_a_file_that_is_no_hdf5(path, content, expected):
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_file(path, KEYS)
    assert str(error.value).startswith(f'{path} cannot be read as HDF5: ')
    assert str(error.value).endswith(expected)


def test_an_error_says_what_to_do_about_a_filter_that_is_not_installed(path):
    put(path, 'actions', None)
    with h5py.File(path, 'a') as file:
        options = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        options.set_chunk((6, 7))
        options.set_filter(32099, h5py.h5z.FLAG_OPTIONAL, (0,))
        array = h5py.h5d.create(file['data/demo_1'].id, b'actions', h5py.h5t.NATIVE_DOUBLE,
                                h5py.h5s.create_simple((6, 7)), options)
        array.write_direct_chunk((0, 0), bytes(6 * 7 * 8), 0)
    message = refusal(path)
    assert message.startswith('data/demo_1/actions cannot be read: ')
    assert 'pip install hdf5plugin, and set HDF5_PLUGIN_PATH' in message


def test_an_error_says_what_to_do_about_a_file_that_another_process_writes(path):
    program = ('from envs.recorded.libero.hdf5 import read_file; from utils.errors import run; '
               f'run(lambda: read_file({str(path)!r}, ()))')
    with h5py.File(path, 'a'):
        done = subprocess.run([sys.executable, '-c', program], cwd=Path(__file__).parents[4], check=False,
                              capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.endswith(
        'wait for the process that writes it, or set HDF5_USE_FILE_LOCKING=FALSE if there is none\n')


def test_no_control_character_of_a_file_is_in_an_error_or_an_instruction(path):
    with h5py.File(path, 'a') as file:
        file['data'].attrs['problem_info'] = json.dumps({'language_instruction': 'lift \x1b[31mit\x07'})
        file['data'].create_group('\x1b[2Jdemo')
    assert refusal(path) == 'data: expected episodes named demo_<number>, got [2Jdemo'
    file = read_file(path, KEYS, skip_bad=True)
    assert file.instruction == 'lift [31mit'
    assert file.skipped == {'\x1b[2Jdemo': 'data: expected episodes named demo_<number>, got [2Jdemo'}


def test_a_truncated_file_is_refused(path):
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(UserError, match='cannot be read as HDF5: .*truncated file'):
        read_file(path, KEYS, skip_bad=True)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match=r'no.hdf5 cannot be read as HDF5: .*No such file'):
        read_file(tmp_path / 'no.hdf5', KEYS)


def test_damaged_numbers_are_refused_or_left_out(path):
    put(path, 'actions', np.ones((6, 7)), compression='gzip')
    spoil(path, 'actions')
    assert refusal(path).startswith('data/demo_1/actions cannot be read: ')
    assert list(read_file(path, KEYS, skip_bad=True).skipped) == ['demo_1']
