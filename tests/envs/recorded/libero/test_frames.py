"""Frames of a file of episodes: upright, in order, in pieces, and refused where they are damaged."""
from pathlib import Path

import h5py
import numpy as np
import pytest

from envs.recorded.hdf5_frames import CHUNK
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.pictures import read_frames
from envs.recorded.source import Damaged
from tests.envs.recorded.libero.damage import put, spoil
from tests.envs.recorded.libero.files import write_suite_file

KEYS = ('agentview', 'wrist', 'proprio')
LIBERO = Path(__file__).parents[4].parent / 'shared' / 'libero'
TABLE_CENTER = 'libero_spatial/pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate_demo.hdf5'
needs_libero = pytest.mark.skipif(not LIBERO.is_dir(), reason='no simulated LIBERO files in ../shared')


def stored(path, name):
    with h5py.File(path) as file:
        return file[f'data/{name}'][()]


def frames_of(file, camera):
    return np.concatenate(list(read_frames(file, camera)))


@pytest.mark.parametrize('convention, orientation, upright', [
    ('opengl', 'auto', lambda image: image[::-1]), (None, 'auto', lambda image: image[::-1]),
    (b'opengl', 'auto', lambda image: image[::-1]), ('opencv', 'auto', lambda image: image),
    ('opengl', 'upright', lambda image: image), ('opencv', 'opengl', lambda image: image[::-1]),
    ('strange', 'rotated', lambda image: image[::-1, ::-1])])
def test_frames_are_turned_upright(tmp_path, convention, orientation, upright):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, lengths=[3, 2], convention=convention)
    for camera, name in (('agentview', 'agentview_rgb'), ('wrist', 'eye_in_hand_rgb')):
        images = [image for demo in (0, 1) for image in stored(path, f'demo_{demo}/obs/{name}')]
        frames = frames_of(read_file(path, KEYS, orientation=orientation), camera)
        np.testing.assert_array_equal(frames, [upright(image) for image in images])


def test_frames_come_in_pieces(tmp_path):
    write_suite_file(tmp_path / 'x.hdf5', lengths=[2 * CHUNK + 3, 4], size=2)
    frames = list(read_frames(read_file(tmp_path / 'x.hdf5', ()), 'agentview'))
    assert [len(piece) for piece in frames] == [CHUNK, CHUNK, 3, 4]


def test_damaged_frames_are_refused_when_they_are_read(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path)
    spoil(path, 'obs/agentview_rgb')
    pieces = read_frames(read_file(path, KEYS), 'agentview')
    assert len(next(pieces)) == 6
    rest = list(pieces)
    assert [(piece.episode, piece.count) for piece in rest] == [('demo_1', 6)]
    assert rest[0].reason.startswith('data/demo_1/obs/agentview_rgb cannot be read: ')


def test_the_frames_of_a_damaged_episode_count_as_many_as_are_stored(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path, demos=3, length=CHUNK + 3, size=8)
    with h5py.File(path, 'a') as file:
        frames = file['data/demo_1/obs/agentview_rgb'][:]
    put(path, 'obs/agentview_rgb', frames, compression='gzip', chunks=(CHUNK, 8, 8, 3))
    with h5py.File(path) as file:
        chunk = file['data/demo_1/obs/agentview_rgb'].id.get_chunk_info(1)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset:chunk.byte_offset + chunk.size] = bytes([7]) * chunk.size
    path.write_bytes(content)
    pieces = list(read_frames(read_file(path, KEYS), 'agentview'))
    assert [piece.count if isinstance(piece, Damaged) else len(piece) for piece in pieces] == [
        CHUNK, 3, CHUNK, 3, CHUNK, 3]
    assert isinstance(pieces[3], Damaged)


def test_a_black_last_frame_damages_an_episode(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path)
    with h5py.File(path, 'a') as file:
        file['data/demo_1/obs/agentview_rgb'][4:] = 0
    *_, last = read_frames(read_file(path, KEYS), 'agentview')
    assert last == ('demo_1', 0, 'data/demo_1/obs/agentview_rgb: the last frame is black, as if the array '
                                 'had been filled only in part')


@pytest.mark.parametrize('values, expected', [
    (np.zeros((5, 8, 8, 3), np.uint8), 'expected 6 steps'), (None, ' is missing'),
    (h5py.ExternalLink('other.hdf5', '/x'), ' is a link')])
def test_frames_that_have_changed_since_are_refused(tmp_path, values, expected):
    write_suite_file(tmp_path / 'x.hdf5')
    file = read_file(tmp_path / 'x.hdf5', KEYS)
    with h5py.File(file.path, 'a') as opened:
        del opened['data/demo_1/obs/agentview_rgb']
        if values is not None:
            opened['data/demo_1/obs/agentview_rgb'] = values
    last = list(read_frames(file, 'agentview'))[-1]
    assert (last.episode, last.count) == ('demo_1', 6) and expected in last.reason


@pytest.mark.data
@needs_libero
def test_contiguous_frames_are_those_of_the_compressed_file():
    plain = read_file(LIBERO / 'contiguous' / TABLE_CENTER, KEYS)
    packed = read_file(LIBERO / 'datasets' / TABLE_CENTER, KEYS)
    first, same = plain.demos[0], packed.demos[0]
    assert plain.alignment == packed.alignment == 'after' and first.rows.tolist() == same.rows.tolist()
    np.testing.assert_array_equal(first.actions, same.actions)
    np.testing.assert_array_equal(first.vectors['proprio'], same.vectors['proprio'])
    for camera in ('agentview', 'wrist'):
        pieces = zip(read_frames(plain, camera), read_frames(packed, camera), strict=False)
        assert [np.array_equal(one, other) for one, other in pieces] == [True] * 2


@pytest.mark.data
@needs_libero
def test_in_an_upright_frame_the_wall_is_above_and_the_cabinet_to_the_left():
    """The wall is grey and the table is of wood; the cabinet is nearly black."""
    frame = next(read_frames(read_file(LIBERO / 'contiguous' / TABLE_CENTER, ()), 'agentview'))[0].astype(int)
    warmth = (frame[..., 0] - frame[..., 2]).mean(axis=1)       # red against blue, of each row
    assert warmth[:32].max() < 10 < 30 < warmth[-16:].min()
    assert frame[56:96, :32].mean() < 60 < 120 < frame[56:96, -32:].mean()
