"""Damaged checkpoints, and how they are handled."""
import os
import re
import shutil

import pytest

from tests.utils.checkpoints.made import contents, make_files, saved_values, shared_names, write
from utils.checkpoints.files import CheckpointFiles
from utils.errors import UserError


def shorten(path):
    path.write_bytes(path.read_bytes()[:-1])


def alter(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def damage(path, way):
    {'missing': lambda file: file.unlink(), 'shorter': shorten, 'altered': alter,
     'empty': lambda file: file.write_bytes(b'')}[way](path)


def damage_newest(run):
    alter(run / 'checkpoints' / make_files(run).names()[-1] / 'state.json')


def adopted(run, keep=1):
    """The files of the run, resumed from the newest undamaged checkpoint."""
    files = make_files(run, keep=keep)
    files.adopt(files.find())
    return files


@pytest.mark.parametrize('name', ['state.json', 'arrays.npz', 'replay/cycle-2.npz'])
@pytest.mark.parametrize('way, text', [
    ('missing', 'No such file'), ('shorter', r'bytes, expected \d+$'), ('altered', 'another checksum'),
    ('empty', r'has 0 bytes, expected \d+$')])
def test_with_a_damaged_file_the_previous_checkpoint_is_used_and_it_is_reported(tmp_path, name, way, text):
    make_files(tmp_path, 1, 2, keep=2)
    path = tmp_path / 'checkpoints' / (name if 'replay' in name else f'ckpt-000002/{name}')
    damage(path, way)
    found = make_files(tmp_path).find()
    assert found.state['value'] == 1
    (damaged, wrong), = found.damaged.items()
    assert damaged == tmp_path / 'checkpoints' / 'ckpt-000002'
    assert re.search(f'^{path}.*{text}', wrong)


@pytest.mark.parametrize('text', [
    None, '', '{', '[]', '"x"', '{}', '{"files": {}}', '{"files": 1, "shared": 2}',
    '{"files": {"a": 1}, "shared": {}}', '{"files": {"a": {"bytes": 1}}, "shared": {}}', '\xff'])
def test_with_a_damaged_manifest_the_previous_checkpoint_is_used(tmp_path, text):
    make_files(tmp_path, 1, 2, keep=2)
    manifest = tmp_path / 'checkpoints' / 'ckpt-000002' / 'manifest.json'
    manifest.unlink() if text is None else manifest.write_text(text, encoding='latin-1')
    found = make_files(tmp_path).find()
    assert found.state['value'] == 1
    assert [wrong.startswith(f'{manifest}: ') for wrong in found.damaged.values()] == [True]


def test_several_damaged_ones_are_skipped(tmp_path):
    make_files(tmp_path, 1, 2, 3, keep=3)
    for name in ('ckpt-000002', 'ckpt-000003'):
        shorten(tmp_path / 'checkpoints' / name / 'arrays.npz')
    found = make_files(tmp_path).find()
    assert found.state['value'] == 1
    assert {path.name for path in found.damaged} == {'ckpt-000002', 'ckpt-000003'}


def test_a_damaged_older_one_does_not_matter(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    shutil.rmtree(tmp_path / 'checkpoints' / 'ckpt-000001')
    found = make_files(tmp_path).find()
    assert (found.state['value'], found.damaged) == (2, {})


def test_when_all_are_damaged_each_is_reported(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    shorten(tmp_path / 'checkpoints/ckpt-000001/state.json')
    (tmp_path / 'checkpoints/ckpt-000002/manifest.json').unlink()
    text = (r'^no checkpoint in .*checkpoints is sound: .*ckpt-000002/manifest.json: .*No such file.*; '
            r'.*ckpt-000001/state.json has \d+ bytes, expected \d+$')
    with pytest.raises(UserError, match=text):
        make_files(tmp_path).find()


def test_a_damaged_one_is_refused_by_name_even_if_others_are_undamaged(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    damage_newest(tmp_path)
    with pytest.raises(UserError, match='sound: .*ckpt-000002/state.json has another checksum than when it'):
        make_files(tmp_path).find('ckpt-000002')


def test_a_damaged_one_is_set_aside_when_the_run_resumes(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    damage_newest(tmp_path)
    adopted(tmp_path, keep=2)
    assert contents(tmp_path) == {'ckpt-000001', 'damaged-ckpt-000002', 'replay'}
    assert shared_names(tmp_path) == {'cycle-1'}
    assert saved_values(tmp_path) == {'ckpt-000001': 1}


def test_the_place_of_a_damaged_one_is_written_again_and_set_aside_again(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    for _ in range(2):
        damage_newest(tmp_path)
        write(adopted(tmp_path, keep=2), 2, shared=['cycle-2'])
        assert saved_values(tmp_path) == {'ckpt-000001': 1, 'ckpt-000002': 2}
    assert contents(tmp_path) == {'ckpt-000001', 'ckpt-000002', 'damaged-ckpt-000002', 'replay'}


def test_a_damaged_shared_file_is_written_anew_by_the_next_checkpoint(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    shorten(tmp_path / 'checkpoints/replay/cycle-2.npz')
    write(adopted(tmp_path, keep=2), 2, shared=['cycle-2'])
    assert saved_values(tmp_path) == {'ckpt-000001': 1, 'ckpt-000002': 2}


def test_leftovers_of_a_killed_run_are_cleared_when_it_resumes(tmp_path):
    make_files(tmp_path, 1)
    (tmp_path / 'checkpoints' / 'ckpt-000002.partial').mkdir()
    (tmp_path / 'checkpoints' / 'ckpt-000002.partial' / 'state.json').touch()
    for name in ('steps-5.npz', 'steps-6.npz.partial'):
        (tmp_path / 'checkpoints' / 'replay' / name).touch()
    adopted(tmp_path)
    assert contents(tmp_path) == {'ckpt-000001', 'replay'}
    assert shared_names(tmp_path) == {'cycle-1'}


def test_leftovers_of_a_kill_before_the_first_checkpoint_are_cleared(tmp_path):
    (tmp_path / 'checkpoints' / 'ckpt-000000.partial').mkdir(parents=True)
    (tmp_path / 'checkpoints' / 'replay').mkdir()
    (tmp_path / 'checkpoints' / 'replay' / 'steps-5.npz').touch()
    (tmp_path / 'checkpoints' / 'lock').touch()
    adopted(tmp_path)
    assert contents(tmp_path) == {'replay', 'lock'}
    assert shared_names(tmp_path) == set()


def test_a_run_without_any_directory_starts_from_the_beginning(tmp_path):
    files = CheckpointFiles(tmp_path / 'checkpoints')
    files.adopt(None)
    assert list(tmp_path.iterdir()) == []
    write(files, 1)
    assert saved_values(tmp_path) == {'ckpt-000001': 1}


def test_a_run_that_keeps_fewer_checkpoints_drops_the_oldest_when_it_resumes(tmp_path):
    make_files(tmp_path, 1, 2, 3, keep=3)
    adopted(tmp_path, keep=2)
    assert saved_values(tmp_path) == {'ckpt-000002': 2, 'ckpt-000003': 3}
    assert shared_names(tmp_path) == {'cycle-2', 'cycle-3'}


def test_a_directory_that_cannot_be_cleared_is_reported(tmp_path, monkeypatch):
    def fail(*paths, **options):
        raise OSError(30, 'Read-only file system')
    make_files(tmp_path, 1, 2, keep=2)
    damage_newest(tmp_path)
    monkeypatch.setattr(os, 'rename', fail)
    with pytest.raises(UserError, match='^cannot write into .*/checkpoints: Read-only file system$'):
        adopted(tmp_path, keep=2)


def test_a_checkpoint_of_another_version_of_the_program_is_reported_as_such(tmp_path):
    files = make_files(tmp_path, 1)
    path = next(tmp_path.rglob('manifest.json'))
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(UserError, match='written by another version: format 2, expected 1'):
        files.find()
