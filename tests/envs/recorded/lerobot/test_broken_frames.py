"""Pictures and videos that break while they are decoded: one episode is lost, and named."""
import re

import numpy as np
import pytest

from envs.recorded.lerobot.read import read_set
from envs.recorded.source import Damaged
from tests.envs.recorded.lerobot import sets


def test_a_video_with_damage_in_its_middle_is_reported_when_it_is_decoded(tmp_path):
    folder = sets.write_v21(tmp_path, 'video')
    noise = np.random.default_rng(0).integers(0, 255, (2, 16, 16, 3), np.uint8)
    sets.write_video(folder / sets.VIDEO, noise)
    data = bytearray((folder / sets.VIDEO).read_bytes())
    start = data.index(b'mdat') + 4
    size = int.from_bytes(data[start - 8:start - 4], 'big') - 8
    data[start:start + size] = b'\xff' * size
    (folder / sets.VIDEO).write_bytes(data)
    first, damaged, last = read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2])
    assert (len(first), damaged.episode, damaged.count, len(last)) == (3, 'episode 1', 2, 4)
    assert damaged.reason.startswith(f'{sets.VIDEO} cannot be decoded: ')


def break_middle(path, frame):
    """Writes noise over the stored bytes of one frame of a video."""
    with sets.av.open(str(path)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][frame]
        place, size = packet.pos, packet.size
    data = bytearray(path.read_bytes())
    data[place:place + size] = b'\xff' * size
    path.write_bytes(data)


@pytest.mark.parametrize('broken, lost', [(3, [1]), (4, [1]), (5, [2])])
def test_damage_within_a_video_of_many_episodes_costs_one_episode(tmp_path, broken, lost):
    lengths = (3, 2, 4, 3)
    folder = sets.write_v30(tmp_path, 'video', lengths)
    path = folder / f'videos/{sets.CAMERA}/chunk-000/file-000.mp4'
    noise = np.random.default_rng(0).integers(0, 255, (12, 16, 16, 3), np.uint8)
    sets.write_video(path, noise)
    whole = np.concatenate(list(read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2, 3])))
    break_middle(path, broken)
    rows, damaged = [], []
    for piece in read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2, 3]):
        if isinstance(piece, Damaged):
            damaged.append(int(piece.episode.split()[1]))
            rows += [None] * piece.count
        else:
            rows += list(piece)
    assert damaged == lost and len(rows) == sum(lengths)
    starts = np.cumsum([0, *lengths])
    for k in set(range(4)) - set(lost):
        np.testing.assert_array_equal(rows[starts[k]:starts[k + 1]], whole[starts[k]:starts[k + 1]])


@pytest.mark.parametrize('picture, message', [
    (sets.png(sets.frame(1, 0))[:-20], 'expected a whole png file'),
    (b'GIF89a' * 9, 'expected a PNG or JPEG file'),
    (sets.png(sets.frame(1, 0))[:8] + b'IEND\xaeB`\x82', 'expected a whole png file'),
    (None, 'expected the bytes of a picture, got none'),
    (sets.png(np.zeros((32, 16, 3), np.uint8)), 'expected 16 x 16 pixels, as .* says, got 32 x 16'),
    (sets.png(sets.frame(1, 0), '.jpg'), 'expected png, as in the first row, got jpeg'),
    (sets.png(sets.frame(1, 0)).replace(b'IDAT', b'IDXT'), 'cannot be decoded as png')])
def test_a_damaged_picture_is_named_when_it_is_decoded(tmp_path, picture, message):
    folder = sets.write_v21(tmp_path)
    good = {'bytes': sets.png(sets.frame(1, 1)), 'path': ''}
    sets.replaced(**{sets.CAMERA: [{'bytes': picture, 'path': ''}, good]})(folder)
    first, damaged, last = read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2])
    assert (len(first), damaged.episode, damaged.count, len(last)) == (3, 'episode 1', 2, 4)
    assert re.match(f'{sets.DATA}: episode 1, row 0: .*{message}', damaged.reason)


def test_frames_before_a_damaged_picture_are_read(tmp_path):
    folder = sets.write_v30(tmp_path)
    broken = sets.rows(2, 4, 5, pictures=True)
    broken[sets.CAMERA][2]['bytes'] = b''
    tables = [sets.table(sets.rows(k, sets.LENGTHS[k], 3 * k, pictures=True)) for k in range(2)]
    sets.write_parquet(folder / sets.V30_DATA, *tables, sets.table(broken))
    before, damaged = read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2])
    expected = np.concatenate([sets.frames(k, sets.LENGTHS[k]) for k in range(3)])
    np.testing.assert_array_equal(before, expected[:3 + 2 + 2])
    assert (damaged.episode, damaged.count) == ('episode 2', 2)


def test_a_video_at_another_rate_is_reported_when_it_is_decoded(tmp_path):
    folder = sets.write_v30(tmp_path, 'video')
    pictures = np.concatenate([sets.frames(k, length) for k, length in enumerate(sets.LENGTHS)])
    sets.write_video(folder / f'videos/{sets.CAMERA}/chunk-000/file-000.mp4', pictures, fps=20)
    frames, damaged = read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0])
    assert (len(frames), damaged.episode, damaged.count) == (2, 'episode 0', 1)
    assert 'file-000.mp4: episode 0: expected frame 2 at 0.200 s, got one at' in damaged.reason
