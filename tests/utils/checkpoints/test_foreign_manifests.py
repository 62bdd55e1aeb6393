"""Checkpoints whose files were made up: the sound one before them is still found."""
import json
import os

import pytest

from tests.utils.checkpoints.made import make_files
from utils.checkpoints.manifests import shared_names
from utils.errors import UserError
from utils.whole_files import fingerprint


def newest(run):
    """Two checkpoints; the path of the newer one's directory."""
    make_files(run, 1, 2, keep=2)
    return run / 'checkpoints' / 'ckpt-000002'


def reason_of(run):
    """Why the newer checkpoint is damaged; the older one must be found."""
    found = make_files(run).find()
    assert found.state['value'] == 1
    (path, reason), = found.damaged.items()
    assert path.name == 'ckpt-000002'
    return reason


def change(path, **parts):
    manifest = json.loads((path / 'manifest.json').read_text())
    (path / 'manifest.json').write_text(json.dumps(manifest | parts))


@pytest.mark.parametrize('text', ['[' * 10 ** 5, '{"format":' * 500 + '1' + '}' * 500, '9' * 5000])
def test_a_manifest_that_python_cannot_parse_is_damage(tmp_path, text):
    path = newest(tmp_path) / 'manifest.json'
    path.write_text(text)
    assert reason_of(tmp_path).startswith(f'{path}: ')


def test_a_manifest_that_is_a_pipe_is_damage(tmp_path):
    path = newest(tmp_path) / 'manifest.json'
    path.unlink()
    os.mkfifo(path)
    assert reason_of(tmp_path) == f'{path}: it is a pipe, not a regular file'


@pytest.mark.parametrize('part', ['files', 'shared'])
@pytest.mark.parametrize('name', ['/dev/zero', '../../secret', '..', ''])
def test_a_manifest_that_names_a_path_is_damage(tmp_path, part, name):
    path = newest(tmp_path)
    change(path, **{part: {name: {'bytes': 0, 'sha256': ''}}})
    assert reason_of(tmp_path) == f'{path}/manifest.json: it names {name!r}; expected the name of a file'


def test_a_pipe_in_place_of_a_file_of_no_bytes_is_damage(tmp_path):
    path = newest(tmp_path)
    os.mkfifo(path / 'pipe')
    change(path, files={'pipe': {'bytes': 0, 'sha256': ''}})
    assert reason_of(tmp_path) == f'{path}/pipe: it is a pipe, not a regular file'


def test_a_link_to_an_endless_device_is_damage(tmp_path):
    path = newest(tmp_path)
    (path / 'zero').symlink_to('/dev/zero')
    change(path, files={'zero': {'bytes': 0, 'sha256': ''}})
    assert reason_of(tmp_path) == f'{path}/zero: it is a device, not a regular file'


@pytest.mark.parametrize('text', ['[' * 10 ** 5, '{', '{"x": {"array in arrays.npz": "missing"}}',
                                  '{"x": {"array in arrays.npz": ["x"]}}'])
def test_a_state_that_its_manifest_confirms_but_nobody_can_read_is_damage(tmp_path, text):
    path = newest(tmp_path)
    (path / 'state.json').write_text(text)
    change(path, files={'state.json': fingerprint(path / 'state.json')})
    assert reason_of(tmp_path).startswith(f'cannot read {path}/state.json: ')


def test_a_manifest_that_is_damaged_refers_to_no_shared_file(tmp_path):
    path = newest(tmp_path)
    (path / 'manifest.json').write_text('[' * 10 ** 5)
    assert shared_names(path) == {}


def test_a_state_cannot_make_a_run_read_a_file_elsewhere(tmp_path):
    files = make_files(tmp_path, 1)
    with pytest.raises(UserError, match="expected the name of a file, got '../../x.npz'"):
        files.shared.load('../../x.npz')
