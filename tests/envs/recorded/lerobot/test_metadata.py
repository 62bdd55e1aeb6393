"""`info.json`, its templates, and JSON of unknown authors."""
import json
import re

import pytest

from envs.recorded.lerobot import reader
from envs.recorded.lerobot.info import read_info
from envs.recorded.lerobot.json_files import read_json, read_json_lines
from envs.recorded.lerobot.read import read_set
from envs.recorded.lerobot.templates import path_in
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError
from utils.foreign.files import ContentError

VALUES = {'chunk_index': 0, 'file_index': 12}


@pytest.mark.parametrize('template, expected', [
    (sets.V30['data_path'], 'data/chunk-000/file-012.parquet'), ('{file_index}', '12'), ('a{{b', 'a{b')])
def test_a_template_is_filled_as_python_would(tmp_path, template, expected):
    assert path_in(tmp_path, template, VALUES, 'x') == tmp_path / expected
    assert template.format(**VALUES) == expected


@pytest.mark.parametrize('template', [
    '../{file_index}', 'data/../../x', '/etc/passwd', '{file_index.__class__}', '{0.__class__}', '{0}', '{}',
    '{file_index!r}', '{file_index:>999999999d}', '{file_index:099d}', '{file_index:{chunk_index}}',
    '{unknown}',
    '{file_index', 'data\\x', 'C:/x', 'http://x/y', 'a\0b', '', None, 3, 'x' * 2000])
def test_a_template_that_leaves_the_folder_or_reaches_into_objects_is_refused(tmp_path, template):
    with pytest.raises(ContentError, match='^x: expected'):
        path_in(tmp_path, template, VALUES, 'x')


@pytest.mark.parametrize('name', ['data_path', 'video_path'])
@pytest.mark.parametrize('write', [sets.write_v21, sets.write_v30])
def test_a_data_set_with_such_a_template_is_refused_in_one_line(tmp_path, write, name):
    folder = write(tmp_path, 'video')
    sets.edit_info(folder, lambda info: info.update({name: '../{episode_index}{chunk_index}.parquet'}))
    with pytest.raises(UserError, match=f'info.json: {name}: expected'):
        read_set(folder, sets.COLUMNS)


def test_the_name_of_a_camera_cannot_leave_the_folder(tmp_path):
    folder = sets.write_v21(tmp_path, 'video')
    evil = '../../../../x'
    sets.edit_info(folder, lambda info: info['features'].update({evil: info['features'][sets.CAMERA]}))
    with pytest.raises(UserError, match='video_path: expected a path inside the data set'):
        read_set(folder, [evil])


@pytest.mark.parametrize('version, message', [
    ('v2.0', 'v2.1 or v3.0, got v2.0: .*convert_dataset_v20_to_v21.*convert_dataset_v21_to_v30'),
    ('v1.6', 'got v1.6: .*convert_dataset_v1_to_v2.*convert_dataset_v20_to_v21'),
    ('v4.0', 'got v4.0$'), (3, 'got 3$')])
def test_other_versions_are_refused_with_the_converter(tmp_path, version, message):
    sets.write_info(tmp_path, version, 'image')
    with pytest.raises(UserError, match=message):
        read_set(tmp_path, [])


def without(*names):
    return lambda info: [info['features'].pop(name) for name in names]


def feature(name, **changes):
    return lambda info: info['features'].setdefault(name, {}).update(changes)


@pytest.mark.parametrize('edit, message', [
    (without('action'), 'expected one feature named action or actions, got 0'),
    (without('observation.state'), 'feature observation.state is missing; found observation.images.image'),
    (feature('actions', dtype='float32', shape=[3]), 'named action or actions, got 2'),
    (feature('action', dtype='int64'), "expected action of a float type and shape .A., got 'int64'"),
    (feature('action', shape=[4]), 'column action to be a list of 4 floats'),
    (feature('action', shape=[10 ** 9]), 'shape of action: expected a whole number from 1 to 65536'),
    (feature('observation.state', shape='x'), "expected a shape of observation.state, got 'x'"),
    (feature('next.reward', shape=[2]), 'expected next.reward of type float64 and shape'),
    (feature(sets.CAMERA, shape=[16, 16, 4]), 'expected observation.images.image of shape'),
    (feature(sets.CAMERA, shape=[60000, 60000, 3]), 'expected observation.images.image of shape'),
    (lambda info: info.update(fps=0), 'expected fps'), (lambda info: info.update(fps='10'), 'expected fps'),
    (lambda info: info.update(features=[]), 'expected features'),
    (lambda info: info.update(chunks_size=0), 'chunks_size: expected a whole number'),
    (lambda info: info.pop('data_path'), 'data_path: expected a template of a path, got None')])
def test_an_invalid_info_is_refused_in_one_line(tmp_path, edit, message):
    folder = sets.write_v21(tmp_path)
    sets.edit_info(folder, edit)
    with pytest.raises(UserError, match=message):
        read_set(folder, sets.COLUMNS)


@pytest.mark.parametrize('text, message', [
    ('[' * 200000, 'expected JSON'), ('{', 'expected JSON'), ('', 'is empty'), ('\xff', 'expected'),
    ('1' * 5000, 'expected JSON'), (' ' * (2 ** 24 + 1), 'expected at most 16777216$')])
def test_invalid_json_is_reported_without_a_traceback(tmp_path, text, message):
    (tmp_path / 'x.json').write_bytes(text.encode('latin-1'))
    with pytest.raises(ContentError, match=f'x.json.*{message}'):
        read_json(tmp_path / 'x.json')


@pytest.mark.parametrize('line, message', [
    ('[1]', 'line 2: expected an object, got list'), ('{"a":', 'line 2: expected JSON'),
    ('"' + 'x' * 2 ** 20, 'line 2: expected at most 1048576 bytes')])
def test_an_invalid_line_is_named(tmp_path, line, message):
    (tmp_path / 'x.jsonl').write_text('{"a": 1}\n' + line + '\n')
    with pytest.raises(ContentError, match=re.escape(message)):
        list(read_json_lines(tmp_path / 'x.jsonl'))


def test_a_folder_with_a_version_is_recognized(tmp_path):
    assert reader.recognizes(sets.write_v21(tmp_path / 'a'))
    assert reader.recognizes(sets.write_v30(tmp_path / 'b'))


@pytest.mark.parametrize('text', [None, '{}', '[]', '{', '"codebase_version"'])
def test_other_folders_are_not_recognized(tmp_path, text):
    if text is not None:
        sets.write_text(tmp_path / 'meta/info.json', text)
    assert not reader.recognizes(tmp_path)


def test_neither_no_path_nor_a_file_is_recognized(tmp_path):
    sets.write_text(tmp_path / 'info.json', json.dumps({'codebase_version': 'v3.0'}))
    assert not reader.recognizes(None) and not reader.recognizes(tmp_path / 'info.json')
    assert not reader.recognizes(tmp_path / 'missing')


def test_info_lists_what_can_be_asked_for(tmp_path):
    info = read_info(sets.write_v30(tmp_path))
    assert set(info.columns) == set(sets.COLUMNS) and (info.action, info.num_actions) == ('action', 3)
