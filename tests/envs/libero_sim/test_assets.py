"""Meshes and textures: found, linked, unpacked whole or not at all."""
import io
import sys
import tarfile
import types

import pytest

from envs.libero_sim import assets
from utils.errors import UserError
from utils.foreign.files import DamagedError


class FakeZstdError(Exception):
    pass


class Plain:
    """In place of a decompressor: the archive is not compressed."""

    def stream_reader(self, file):
        return file


@pytest.fixture(autouse=True)
def zstandard(monkeypatch):
    module = types.SimpleNamespace(ZstdDecompressor=Plain, ZstdError=FakeZstdError)
    monkeypatch.setitem(sys.modules, 'zstandard', module)


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / 'package'
    folder.mkdir()
    return folder


def folder_of_assets(path, *without):
    for name in assets._EXPECTED:
        if name not in without:
            (path / name).mkdir(parents=True)
    return path


def archive_of(path, names):
    with tarfile.open(path, 'w') as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 3
            archive.addfile(member, io.BytesIO(b'abc'))
    return path


ALL = [f'assets/{name}/mesh.stl' for name in assets._EXPECTED]


def test_without_assets_the_line_says_how_to_get_them(package):
    assert assets.install(package, '', []).startswith('warning: no assets of LIBERO were found; set LIBERO_')
    with pytest.raises(UserError, match='lacks scenes: the meshes and textures of LIBERO are .*; set'):
        assets.check_assets(package)


@pytest.mark.parametrize('inner', ['', 'assets'])
def test_a_folder_is_linked_whether_it_is_theirs_or_the_one_around(package, tmp_path, inner):
    folder_of_assets(tmp_path / 'clone' / inner)
    assert assets.install(package, str(tmp_path / 'clone'), []).endswith(f'is a link to {tmp_path / "clone"}')
    assets.check_assets(package)


def test_what_is_installed_is_not_touched(package):
    folder_of_assets(package / 'assets')
    assert assets.install(package, '/nowhere', []).endswith('(installed before)')


def test_an_archive_beside_the_project_is_unpacked(package, tmp_path):
    path = archive_of(tmp_path / 'a.tar.zst', [*ALL, 'other/file'])
    assert assets.install(package, '', [tmp_path / 'none', path]).endswith(f'unpacked from {path}')
    assert (package / 'assets' / 'scenes' / 'mesh.stl').read_bytes() == b'abc'
    assert [each.name for each in package.iterdir()] == ['assets']


def test_an_incomplete_archive_changes_nothing(package, tmp_path):
    path = archive_of(tmp_path / 'a.tar.zst', ALL[:-1])
    with pytest.raises(UserError, match='it has no assets/turbosquid_objects'):
        assets.install(package, str(path), [])
    assert list(package.iterdir()) == []


def test_an_archive_that_leaves_its_folder_is_refused(package, tmp_path):
    path = archive_of(tmp_path / 'a.tar.zst', [*ALL, 'assets/../../escaped'])
    with pytest.raises(DamagedError, match='a.tar.zst: '):
        assets.install(package, str(path), [])
    assert not (tmp_path / 'escaped').exists() and list(package.iterdir()) == []


@pytest.mark.parametrize('content', [b'', b'no archive' * 100])
def test_a_file_that_is_no_archive_is_one_line(package, tmp_path, content):
    (tmp_path / 'a.tar.zst').write_bytes(content)
    with pytest.raises(UserError, match='a.tar.zst'):
        assets.install(package, str(tmp_path / 'a.tar.zst'), [])


def test_a_place_that_does_not_exist_is_refused(package):
    with pytest.raises(UserError, match='LIBERO_ASSETS=/nowhere: expected a folder or a .tar.zst'):
        assets.install(package, '/nowhere', [])
