"""Foreign HDF5 files."""
import os

import h5py
import numpy as np
import pytest

from utils.foreign.files import ContentError, UnreadableError
from utils.foreign.hdf5 import advised, excess, hdf5_file


def cause(path, read=lambda file: None):
    with pytest.raises(UnreadableError) as caught, hdf5_file(path) as file:
        read(file)
    return caught.value.cause


def declared(path, shape, kind='u1', **options):
    """`excess` of an array of this shape, without any number in it."""
    with h5py.File(path, 'w') as file:
        return excess(file.create_dataset('x', shape, kind, **options))


def test_arrays_are_read(tmp_path):
    with h5py.File(tmp_path / 'a.hdf5', 'w') as file:
        file['x'] = np.arange(3)
    with hdf5_file(tmp_path / 'a.hdf5') as file:
        assert file['x'][()].tolist() == [0, 1, 2]
        assert excess(file['x']) == ''


@pytest.mark.parametrize('content', [b'', b'text', b'\x89HDF\r\n\x1a\n' + bytes(100)])
def test_other_content_is_refused(tmp_path, content):
    (tmp_path / 'a.hdf5').write_bytes(content)
    assert 'Unable to' in cause(tmp_path / 'a.hdf5')


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / 'a.hdf5')
    assert cause(tmp_path / 'a.hdf5') == 'it is a pipe, not a regular file'


def test_an_attribute_that_is_not_utf8_is_refused(tmp_path):
    with h5py.File(tmp_path / 'a.hdf5', 'w') as file:
        file.attrs['suite'] = 'marker'
    content = (tmp_path / 'a.hdf5').read_bytes()
    (tmp_path / 'a.hdf5').write_bytes(content.replace(b'suite', b's\xf5ite'))
    assert cause(tmp_path / 'a.hdf5', lambda file: [name.upper() for name in file.attrs.keys() if name + 'x'])


def test_a_check_of_the_reader_passes_unchanged(tmp_path):
    h5py.File(tmp_path / 'a.hdf5', 'w').close()
    with pytest.raises(ContentError, match='^mine$'), hdf5_file(tmp_path / 'a.hdf5'):
        raise ContentError('mine')


def test_frames_of_71_gib_that_are_not_in_the_file_are_refused(tmp_path):
    text = declared(tmp_path / 'a.hdf5', (64, 20000, 20000, 3), chunks=(1, 100, 100, 3))
    assert text.startswith('Unable to allocate 76800000000 bytes for the declared uint8 [64, 20000, ')


def test_one_frame_above_the_limit_is_refused(tmp_path):
    text = declared(tmp_path / 'a.hdf5', (1, 8000, 8000, 3), chunks=(1, 100, 100, 3))
    assert text.startswith('Unable to allocate rows of 192000000 bytes')


def test_fifty_million_rows_that_are_not_in_the_file_are_refused(tmp_path):
    assert declared(tmp_path / 'a.hdf5', (5 * 10 ** 7, 7), 'f8', chunks=(10, 7)) != ''


def test_black_frames_that_compress_well_are_not_refused(tmp_path):
    with h5py.File(tmp_path / 'a.hdf5', 'w') as file:
        frames = file.create_dataset('x', data=np.zeros((200, 128, 128, 3), 'u1'), compression='gzip')
        assert excess(frames) == ''


@pytest.mark.parametrize('text, expected', [
    ('x (file signature not found)', 'copy or download it again'),
    ('truncated file: eof = 3', 'download it again'),
    ('x (unable to lock file, errno = 11)', 'HDF5_USE_FILE_LOCKING=FALSE if there is none'),
    ("x (can't open directory (/usr/plugin))", 'HDF5_PLUGIN_PATH to its PLUGIN_PATH'),
    ("required filter 'zstd' is not registered", 'HDF5_PLUGIN_PATH to its PLUGIN_PATH')])
def test_what_to_do_follows_a_text_of_h5py(text, expected):
    assert advised(text).startswith(f'{text}; ') and advised(text).endswith(expected)


def test_nothing_follows_another_text():
    assert advised('inflate() failed') == 'inflate() failed'
