"""Damaged data sets: one line that names the file and the episode; a single one can be left out."""
import re
import shutil

import numpy as np
import pytest

from envs.recorded.lerobot.read import read_set
from envs.recorded.lerobot.tables import vectors
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError
from utils.foreign.files import ContentError

START = f'videos/{sets.CAMERA}/from_timestamp'
POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1048576\n'


def cut(name, share=0.6):
    """A damage: the file ends early."""
    def damage(folder):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:int(len(data) * share)])
    return damage


PICTURES = [
    (sets.replaced(frame_index=[0, 2]), 'row 1: expected frame_index 1, got 2'),
    (sets.replaced(action=[[1, 2, 3], [1, float('nan'), 3]]), 'action, row 1: expected finite numbers'),
    (sets.replaced(action=[[1, 2, 3], None]), 'as parquet: Expected all lists to be of size=3'),
    (sets.replaced(**{'next.reward': [float('inf'), 0]}), 'next.reward, row 0: expected finite'),
    (sets.replaced(action=None), 'column action is missing; found'),
    (sets.replaced(**{'observation.state': None}), 'column observation.state is missing'),
    (sets.replaced(**{'next.success': [0, 1]}), 'column next.success to be bool'),
    (sets.replaced(frame_index=[0.0, 1.0]), 'column frame_index to be int'),
    (sets.replaced(task_index=[7, 7]), 'task_index 7 is missing'),
    (sets.replaced(task_index=[0, 1]), 'expected one task_index'),
    (sets.replaced(episode_index=[1, None]), 'episode_index: expected numbers, got 1 missing'),
    (sets.replaced(**sets.rows(1, 3, 3, pictures=True)), 'expected 2 rows, as meta says, got 3'),
    (sets.replaced(**{sets.CAMERA: None}), f'column {sets.CAMERA} is missing'),
    (cut(sets.DATA), 'cannot be read as parquet and may be half-written'),
    (lambda folder: (folder / sets.DATA).unlink(), 'is missing'),
    (lambda folder: (folder / sets.DATA).write_text(POINTER), 'is a Git LFS pointer.*pull.*huggingface-cli'),
    (lambda folder: (folder / sets.DATA).write_text(''), 'is empty')]


@pytest.mark.parametrize('damage, message', PICTURES)
def test_a_damaged_episode_is_named_and_can_be_left_out(tmp_path, damage, message):
    folder = sets.write_v21(tmp_path / 'set')
    damage(folder)
    with pytest.raises(UserError) as error:
        read_set(folder, sets.COLUMNS)
    assert re.search(message, str(error.value)) and str(folder / sets.DATA) in str(error.value)
    assert '\n' not in str(error.value)
    file = read_set(folder, sets.COLUMNS, skip_bad=True)
    assert [episode.name for episode in file.episodes] == ['episode 0', 'episode 2']
    assert list(file.skipped) == ['episode 1'] and re.search(message, file.skipped['episode 1'])
    assert (np.concatenate(list(file.read(sets.CAMERA, [1]))) == sets.frames(2, 4)).all()


VIDEOS = [
    (lambda folder: (folder / sets.VIDEO).unlink(), 'is missing'),
    (lambda folder: (folder / sets.VIDEO).write_text(POINTER), 'is a Git LFS pointer'),
    (lambda folder: (folder / sets.VIDEO).write_bytes(b'no video' * 100), 'cannot be read as a video'),
    (cut(sets.VIDEO, 0.5), 'has no video stream and may be half-written'),
    (lambda folder: sets.write_video(folder / sets.VIDEO, sets.frames(1, 3)), 'a video of 2 frames, got 3'),
    (lambda folder: sets.write_video(folder / sets.VIDEO, np.zeros((2, 32, 32, 3), np.uint8), side=32),
     'expected 16 x 16 pixels, as meta/info.json says, got 32 x 32')]


@pytest.mark.parametrize('damage, message', VIDEOS)
def test_a_damaged_video_is_named_and_its_episode_can_be_left_out(tmp_path, damage, message):
    folder = sets.write_v21(tmp_path / 'set', 'video')
    damage(folder)
    with pytest.raises(UserError) as error:
        read_set(folder, sets.COLUMNS)
    assert re.search(message, str(error.value)) and str(folder / sets.VIDEO) in str(error.value)
    assert list(read_set(folder, sets.COLUMNS, skip_bad=True).skipped) == ['episode 1']


def test_a_playlist_that_names_another_file_is_not_followed(tmp_path):
    folder = sets.write_v21(tmp_path, 'video')
    shutil.move(folder / sets.VIDEO, tmp_path / 'other.mp4')
    (folder / sets.VIDEO).write_text(f'ffconcat version 1.0\nfile {tmp_path}/other.mp4\n')
    with pytest.raises(UserError, match='cannot be read as a video'):
        read_set(folder, sets.COLUMNS)


def test_one_half_written_file_is_the_loss_of_all_its_episodes(tmp_path):
    folder = sets.write_v30(tmp_path)
    cut(sets.V30_DATA)(folder)
    with pytest.raises(UserError, match=f'{sets.V30_DATA} cannot be read as parquet'):
        read_set(folder, sets.COLUMNS)
    file = read_set(folder, sets.COLUMNS, skip_bad=True)
    assert file.episodes == [] and len(file.skipped) == 3


def test_rows_of_an_unlisted_episode_are_reported(tmp_path):
    folder = sets.write_v30(tmp_path)
    data = sets.pq.read_table(folder / sets.V30_DATA)
    sets.write_parquet(folder / sets.V30_DATA, data, sets.table(sets.rows(9, 2, pictures=True)).select(
        data.schema.names).cast(data.schema))
    with pytest.raises(UserError, match='episode 9, row 9 is in a file where meta does not list it'):
        read_set(folder, sets.COLUMNS)
    assert list(read_set(folder, sets.COLUMNS, skip_bad=True).skipped) == ['episode 9']


def test_rows_of_an_episode_that_are_apart_are_reported(tmp_path):
    folder = sets.write_v30(tmp_path)
    data = sets.pq.read_table(folder / sets.V30_DATA)
    sets.write_parquet(folder / sets.V30_DATA, data.slice(0, 1), data.slice(3), data.slice(1, 2))
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
    with pytest.raises(ContentError, match='^x.*expected'):
        vectors(column, 2, 'x')
    assert vectors(column[:1], 2, 'x').tolist() == [[1, 2]]
