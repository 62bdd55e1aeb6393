"""Contents of tiny data sets of each layout."""
import json
import sys

import numpy as np
import pytest

from envs.recorded.lerobot.read import read_set
from envs.recorded.raw import Column
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError

LAYOUTS = [(sets.write_v21, 'image'), (sets.write_v21, 'video'), (sets.write_v30, 'image'),
           (sets.write_v30, 'video')]
layouts = pytest.mark.parametrize('write, camera', LAYOUTS)


@layouts
def test_numbers_are_those_of_the_file(tmp_path, write, camera):
    file = read_set(write(tmp_path, camera), sets.COLUMNS)
    assert [episode.name for episode in file.episodes] == ['episode 0', 'episode 1', 'episode 2']
    for k, (episode, length) in enumerate(zip(file.episodes, sets.LENGTHS, strict=True)):
        assert (episode.actions == sets.numbers(k, length, 3)).all()
        assert (episode.vectors['observation.state'] == sets.numbers(k, length, 2)).all()
        assert episode.rewards.tolist() == [0] * (length - 1) + [1]
        assert episode.success is (k != 1)
        assert episode.task == sets.TASKS[k % 2]
        assert episode.final_vectors is None


@layouts
@pytest.mark.parametrize('positions', [[0, 1, 2], [2], [2, 0], [1, 2], [0, 2, 2]])
def test_frames_come_in_the_order_of_the_positions(tmp_path, write, camera, positions):
    file = read_set(write(tmp_path, camera), sets.COLUMNS)
    got = np.concatenate(list(file.read(sets.CAMERA, positions)))
    expected = np.concatenate([sets.frames(k, sets.LENGTHS[k]) for k in positions])
    assert got.dtype == np.uint8 and got.shape == expected.shape
    assert np.abs(got.astype(int) - expected).max() <= (0 if camera == 'image' else 3)


@layouts
def test_no_batch_of_frames_is_larger_than_64(tmp_path, write, camera):
    file = read_set(write(tmp_path, camera, lengths=(70, 70)), [sets.CAMERA])
    assert [len(frames) for frames in file.read(sets.CAMERA, [0, 1])] == [64, 64, 12]


def test_the_encoding_is_that_of_the_files(tmp_path):
    pictures, video = sets.write_v30(tmp_path / 'a'), sets.write_v30(tmp_path / 'b', 'video')
    shape = (sets.SIDE, sets.SIDE, 3)
    assert read_set(pictures, sets.COLUMNS).columns == {
        sets.CAMERA: Column('camera', shape, 'png'), 'observation.state': Column('vector', (2,))}
    assert read_set(video, sets.COLUMNS).columns[sets.CAMERA] == Column('camera', shape, 'h264')


def test_pictures_may_be_jpeg(tmp_path):
    folder = sets.write_v21(tmp_path, lengths=(3,))
    columns = sets.rows(0, 3)
    columns[sets.CAMERA] = [{'bytes': sets.png(frame, '.jpg'), 'path': ''} for frame in sets.frames(0, 3)]
    sets.write_parquet(folder / 'data/chunk-000/episode_000000.parquet', sets.table(columns))
    file = read_set(folder, sets.COLUMNS)
    assert file.columns[sets.CAMERA].encoding == 'jpeg'
    got = np.concatenate(list(file.read(sets.CAMERA, [0])))
    assert np.abs(got.astype(int) - sets.frames(0, 3)).max() <= 3


def test_only_wanted_columns_are_read(tmp_path):
    folder = sets.write_v30(tmp_path, 'video')
    (folder / f'videos/{sets.CAMERA}/chunk-000/file-000.mp4').unlink()
    file = read_set(folder, [])
    assert file.episodes[0].vectors == {} and file.action == 'action' and file.format == 'LeRobot v3.0'
    with pytest.raises(ValueError, match='was not requested'):
        next(file.read(sets.CAMERA, [0]))


def test_without_a_reward_column_nothing_is_made_up(tmp_path):
    folder = sets.write_v21(tmp_path)
    for name in ('next.reward', 'next.success'):
        sets.edit_info(folder, lambda info, name=name: info['features'].pop(name))
    for episode in read_set(folder, []).episodes:
        assert episode.rewards is None and episode.success is None


def test_the_plural_of_openpi_is_a_column_of_actions(tmp_path):
    folder = sets.write_v21(tmp_path, lengths=(3,))
    sets.edit_info(folder, lambda info: info['features'].update(actions=info['features'].pop('action')))
    columns = sets.rows(0, 3)
    columns['actions'] = columns.pop('action')
    data = sets.table(columns)
    place = data.schema.get_field_index('actions')
    data = data.set_column(place, 'actions', data['actions'].cast(sets.pa.list_(sets.pa.float32())))
    sets.write_parquet(folder / 'data/chunk-000/episode_000000.parquet', data)
    file = read_set(folder, [])
    assert file.action == 'actions' and (file.episodes[0].actions == sets.numbers(0, 3, 3)).all()


def test_rows_of_an_episode_in_several_row_groups_are_joined(tmp_path):
    folder = sets.write_v21(tmp_path, lengths=(5,))
    data = sets.table(sets.rows(0, 5, pictures=True))
    sets.write_parquet(folder / 'data/chunk-000/episode_000000.parquet', data.slice(0, 2), data.slice(2))
    file = read_set(folder, sets.COLUMNS)
    assert (file.episodes[0].actions == sets.numbers(0, 5, 3)).all()
    assert (np.concatenate(list(file.read(sets.CAMERA, [0]))) == sets.frames(0, 5)).all()


def test_an_episode_in_the_middle_of_a_row_group_is_found(tmp_path):
    folder = sets.write_v30(tmp_path)
    path = folder / 'data/chunk-000/file-000.parquet'
    sets.pq.write_table(sets.pq.read_table(path), path)
    assert sets.pq.ParquetFile(path).num_row_groups == 1
    got = np.concatenate(list(read_set(folder, sets.COLUMNS).read(sets.CAMERA, [1])))
    assert (got == sets.frames(1, 2)).all()


def test_facts_change_with_a_file_of_frames(tmp_path):
    folder = sets.write_v30(tmp_path)
    before = read_set(folder, sets.COLUMNS).facts
    assert json.loads(json.dumps(before)) == read_set(folder, sets.COLUMNS).facts
    sets.write_v30(tmp_path, lengths=(3, 2, 5))
    assert read_set(folder, sets.COLUMNS).facts != before


def test_the_unnamed_index_of_early_v30_is_a_task(tmp_path):
    folder = sets.write_v30(tmp_path)
    sets.write_parquet(folder / 'meta/tasks.parquet', sets.pa.table(
        {'task_index': [1, 0], '__index_level_0__': ['b', 'a']}))
    assert [episode.task for episode in read_set(folder, []).episodes] == ['a', 'b', 'a']


@pytest.mark.parametrize('module, camera, file', [
    ('pyarrow', 'image', 'requirements.txt'), ('av', 'video', 'requirements-formats.txt')])
def test_a_missing_library_is_named_with_the_remedy(tmp_path, monkeypatch, module, camera, file):
    folder = sets.write_v30(tmp_path, camera)
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, f'{module}.parquet', None)
    with pytest.raises(UserError, match=f'{module}.*pip install -r {file}$'):
        read_set(folder, sets.COLUMNS)
