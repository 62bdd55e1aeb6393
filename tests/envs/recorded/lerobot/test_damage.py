"""Damaged data sets: one line that names the file and the episode; a single one can be left out."""
import re
import shutil

import numpy as np
import pytest

from envs.recorded.lerobot.faults import BadDataError
from envs.recorded.lerobot.read import read_set
from envs.recorded.lerobot.tables import vectors
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError

DATA = 'data/chunk-000/episode_000001.parquet'
V30_DATA = 'data/chunk-000/file-000.parquet'
VIDEO = f'videos/chunk-000/{sets.CAMERA}/episode_000001.mp4'
START = f'videos/{sets.CAMERA}/from_timestamp'
POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1048576\n'


def replaced(**columns):
    """A damage: other columns in the data of episode 1."""
    def damage(folder):
        changed = sets.rows(1, 2, 3, pictures=True) | columns
        sets.write_parquet(folder / DATA, sets.table({name: values for name, values in changed.items()
                                                      if values is not None}))
    return damage


def cut(name, share=0.6):
    """A damage: the file ends early."""
    def damage(folder):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:int(len(data) * share)])
    return damage


PICTURES = [
    (replaced(frame_index=[0, 2]), 'row 1: expected frame_index 1, got 2'),
    (replaced(action=[[1, 2, 3], [1, float('nan'), 3]]), 'action, row 1: expected finite numbers'),
    (replaced(action=[[1, 2, 3], None]), 'cannot be read as parquet: Expected all lists to be of size=3'),
    (replaced(**{'next.reward': [float('inf'), 0]}), 'next.reward, row 0: expected finite'),
    (replaced(action=None), 'column action is missing; found'),
    (replaced(**{'observation.state': None}), 'column observation.state is missing'),
    (replaced(**{'next.success': [0, 1]}), 'column next.success to be bool'),
    (replaced(frame_index=[0.0, 1.0]), 'column frame_index to be int'),
    (replaced(task_index=[7, 7]), 'task_index 7 is missing'),
    (replaced(task_index=[0, 1]), 'expected one task_index'),
    (replaced(episode_index=[1, None]), 'episode_index: expected numbers, got 1 missing'),
    (replaced(**sets.rows(1, 3, 3, pictures=True)), 'expected 2 rows, as meta says, got 3'),
    (replaced(**{sets.CAMERA: None}), f'column {sets.CAMERA} is missing'),
    (cut(DATA), 'cannot be read as parquet and may be half-written'),
    (lambda folder: (folder / DATA).unlink(), 'is missing'),
    (lambda folder: (folder / DATA).write_text(POINTER), 'pointer of Git LFS.*git lfs pull.*huggingface-cli'),
    (lambda folder: (folder / DATA).write_text(''), 'is empty')]


@pytest.mark.parametrize('damage, message', PICTURES)
def test_a_damaged_episode_is_named_and_can_be_left_out(tmp_path, damage, message):
    folder = sets.write_v21(tmp_path / 'set')
    damage(folder)
    with pytest.raises(UserError) as error:
        read_set(folder, sets.COLUMNS)
    assert re.search(message, str(error.value)) and str(folder / DATA) in str(error.value)
    assert '\n' not in str(error.value)
    file = read_set(folder, sets.COLUMNS, skip_bad=True)
    assert [episode.name for episode in file.episodes] == ['episode 0', 'episode 2']
    assert list(file.skipped) == ['episode 1'] and re.search(message, file.skipped['episode 1'])
    assert (np.concatenate(list(file.read(sets.CAMERA, [1]))) == sets.frames(2, 4)).all()


VIDEOS = [
    (lambda folder: (folder / VIDEO).unlink(), 'is missing'),
    (lambda folder: (folder / VIDEO).write_text(POINTER), 'pointer of Git LFS'),
    (lambda folder: (folder / VIDEO).write_bytes(b'no video' * 100), 'cannot be read as a video'),
    (cut(VIDEO, 0.5), 'has no video stream and may be half-written'),
    (lambda folder: sets.write_video(folder / VIDEO, sets.frames(1, 3)), 'a video of 2 frames, got 3'),
    (lambda folder: sets.write_video(folder / VIDEO, np.zeros((2, 32, 32, 3), np.uint8), side=32),
     'expected 16 x 16 pixels, as meta/info.json says, got 32 x 32')]


@pytest.mark.parametrize('damage, message', VIDEOS)
def test_a_damaged_video_is_named_and_its_episode_can_be_left_out(tmp_path, damage, message):
    folder = sets.write_v21(tmp_path / 'set', 'video')
    damage(folder)
    with pytest.raises(UserError) as error:
        read_set(folder, sets.COLUMNS)
    assert re.search(message, str(error.value)) and str(folder / VIDEO) in str(error.value)
    assert list(read_set(folder, sets.COLUMNS, skip_bad=True).skipped) == ['episode 1']


def test_a_video_with_damage_in_its_middle_is_reported_when_it_is_decoded(tmp_path):
    folder = sets.write_v21(tmp_path, 'video')
    noise = np.random.default_rng(0).integers(0, 255, (2, 16, 16, 3), np.uint8)
    sets.write_video(folder / VIDEO, noise)
    data = bytearray((folder / VIDEO).read_bytes())
    start = data.index(b'mdat') + 4
    size = int.from_bytes(data[start - 8:start - 4], 'big') - 8
    data[start:start + size] = b'\xff' * size
    (folder / VIDEO).write_bytes(data)
    with pytest.raises(UserError, match='episode_000001.mp4 cannot be decoded'):
        list(read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0, 1, 2]))


def test_a_playlist_that_names_another_file_is_not_followed(tmp_path):
    folder = sets.write_v21(tmp_path, 'video')
    shutil.move(folder / VIDEO, tmp_path / 'other.mp4')
    (folder / VIDEO).write_text(f'ffconcat version 1.0\nfile {tmp_path}/other.mp4\n')
    with pytest.raises(UserError, match='cannot be read as a video'):
        read_set(folder, sets.COLUMNS)


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
    replaced(**{sets.CAMERA: [{'bytes': picture, 'path': ''}, good]})(folder)
    file = read_set(folder, sets.COLUMNS)
    with pytest.raises(UserError, match=f'episode_000001.parquet: episode 1, row 0: .*{message}'):
        list(file.read(sets.CAMERA, [0, 1]))


def test_one_half_written_file_is_the_loss_of_all_its_episodes(tmp_path):
    folder = sets.write_v30(tmp_path)
    cut(V30_DATA)(folder)
    with pytest.raises(UserError, match=f'{V30_DATA} cannot be read as parquet'):
        read_set(folder, sets.COLUMNS)
    file = read_set(folder, sets.COLUMNS, skip_bad=True)
    assert file.episodes == [] and len(file.skipped) == 3


def test_rows_of_an_unlisted_episode_are_reported(tmp_path):
    folder = sets.write_v30(tmp_path)
    data = sets.pq.read_table(folder / V30_DATA)
    sets.write_parquet(folder / V30_DATA, data, sets.table(sets.rows(9, 2, pictures=True)).select(
        data.schema.names).cast(data.schema))
    with pytest.raises(UserError, match='episode 9, row 9 is in a file where meta does not list it'):
        read_set(folder, sets.COLUMNS)
    assert list(read_set(folder, sets.COLUMNS, skip_bad=True).skipped) == ['episode 9']


def test_rows_of_an_episode_that_are_apart_are_reported(tmp_path):
    folder = sets.write_v30(tmp_path)
    data = sets.pq.read_table(folder / V30_DATA)
    sets.write_parquet(folder / V30_DATA, data.slice(0, 1), data.slice(3), data.slice(1, 2))
    with pytest.raises(UserError, match='episode 0, row 7 is not beside the other rows'):
        read_set(folder, sets.COLUMNS)


@pytest.mark.parametrize('changes, message', [
    ({'length': [3, 2, 40], 'dataset_to_index': [3, 5, 45]}, 'expected 40 rows, as meta says, got 4'),
    ({'dataset_to_index': [3, 5, 10]}, 'row 2: expected dataset_to_index .* to be the length 4, got 5'),
    ({'length': [3, -2, 4]}, 'row 1: length: expected a whole number'),
    ({'length': [3, None, 4]}, 'row 1: length: expected a whole number'),
    ({'episode_index': [0, 1, 1]}, 'episode 1 is listed twice'),
    ({'data/file_index': [7, 7, 7]}, 'file-007.parquet is missing'),
    ({START: [0.0, 0.3, 0.7]}, 'expected 4 frames from 0.700 s on, got a video of 9 frames'),
    ({START: [0.0, 0.3, float('nan')]}, 'from_timestamp of 0 s or more'),
    ({START: [0, 0, 0]}, 'from_timestamp of 0 s or more')])
def test_wrong_metadata_of_v30_are_reported(tmp_path, changes, message):
    with pytest.raises(UserError, match=message):
        read_set(sets.write_v30(tmp_path, 'video', **changes), sets.COLUMNS)


@pytest.mark.parametrize('rows', [[[1, 2], [3]], [[1, 2], None], [[1, 2], [3, None]], [[1, 2], [3, 4, 5]]])
def test_lists_of_other_lengths_and_missing_numbers_are_reported(rows):
    column = sets.pa.array(rows, sets.pa.list_(sets.pa.float32()))
    with pytest.raises(BadDataError, match='^x.*expected'):
        vectors(column, 2, 'x')
    assert vectors(column[:1], 2, 'x').tolist() == [[1, 2]]


def test_a_video_at_another_rate_is_reported_when_it_is_decoded(tmp_path):
    folder = sets.write_v30(tmp_path, 'video')
    pictures = np.concatenate([sets.frames(k, length) for k, length in enumerate(sets.LENGTHS)])
    sets.write_video(folder / f'videos/{sets.CAMERA}/chunk-000/file-000.mp4', pictures, fps=20)
    with pytest.raises(UserError, match='file-000.mp4: episode 0: expected frame 2 at 0.200 s, got one at'):
        list(read_set(folder, sets.COLUMNS).read(sets.CAMERA, [0]))
