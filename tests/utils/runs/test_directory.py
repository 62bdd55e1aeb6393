"""Names of runs, and available and unavailable directories."""
import os
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.flags.flag import Args
from utils.runs import directory as run_dir


def arguments(**values):
    return Args({'tag': '', 'alg': 'rrd', 'basis_alg': 'sac', 'rrd_bias_correction': False, 'env': 'Ant-v2',
                 'env_type': 'ep_rews', 'seed': 0, 'run_dir': '', **values})


def plain(**values):
    return Args({'tag': '', 'alg': 'sac', 'env': 'Ant-v2', 'env_type': 'ep_rews', 'seed': 0, **values})


@pytest.mark.parametrize('args, name', [
    (arguments(), 'rrd-sac-Ant-v2-seed0'),
    (arguments(rrd_bias_correction=True, basis_alg='td3', seed=7), 'rrd-l-td3-Ant-v2-seed7'),
    (arguments(alg='ircr', basis_alg='ddpg'), 'ircr-ddpg-Ant-v2-seed0'),
    (arguments(alg='ircr', ircr_credit='mean'), 'ircr-sac-mean-Ant-v2-seed0'),
    (arguments(alg='uniform'), 'uniform-sac-Ant-v2-seed0'),
    (arguments(alg='lrr'), 'lrr-sac-Ant-v2-seed0'),
    (arguments(alg='diaster', basis_alg='td3'), 'diaster-td3-Ant-v2-seed0'),
    (arguments(env_type='normal'), 'rrd-sac-normal-Ant-v2-seed0'),
    (plain(), 'sac-Ant-v2-seed0'),
    (plain(env_type='normal'), 'sac-normal-Ant-v2-seed0'),
    (arguments(tag='RRD-L(RD) Ant-v2'), 'RRD-L_RD__Ant-v2-Ant-v2-seed0'),
    (arguments(tag='../up', env='a space/Ünit-v0'), '.._up-a_space__nit-v0-seed0'),
    (arguments(tag='two\nlines'), 'two_lines-Ant-v2-seed0'),
])
def test_a_run_is_named_by_what_distinguishes_it(args, name):
    assert run_dir.run_name(args) == name


def test_a_run_directory_is_in_log_by_default():
    assert run_dir.run_directory(arguments()) == Path('log/rrd-sac-Ant-v2-seed0')
    assert run_dir.run_directory(arguments(run_dir='some where')) == Path('some where')


def test_a_free_path_is_accepted_and_nothing_is_written(tmp_path):
    run_dir.check_free(tmp_path / 'a' / 'b' / 'run')
    assert list(tmp_path.iterdir()) == []


def test_a_relative_path_without_parent_is_accepted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_dir.check_free(Path('run'))


@pytest.mark.parametrize('make', [Path.mkdir, Path.touch, lambda path: path.symlink_to('nowhere')],
                         ids=['empty directory', 'file', 'dangling link'])
def test_whatever_exists_is_not_overwritten(tmp_path, make):
    make(tmp_path / 'run')
    with pytest.raises(UserError, match='run exists and is not overwritten; choose another --run_dir'):
        run_dir.check_free(tmp_path / 'run')
    with pytest.raises(UserError, match='File exists; choose another --run_dir'):
        run_dir.make_directory(tmp_path / 'run')


@pytest.mark.parametrize('below', ['file/run', 'file/a/run', 'link/run', 'a/' + 256 * 'x', 256 * 'x'])
def test_a_path_that_cannot_be_created_is_refused_before_anything_is_created(tmp_path, below):
    (tmp_path / 'file').touch()
    (tmp_path / 'link').symlink_to('nowhere')
    with pytest.raises(UserError, match='cannot make the directory .*; choose another --run_dir'):
        run_dir.check_free(tmp_path / below)
    assert {path.name for path in tmp_path.iterdir()} == {'file', 'link'}


def test_a_directory_that_the_system_cannot_create_is_refused_with_its_reason(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(UserError, match='file/run: Not a directory; choose another --run_dir$'):
        run_dir.make_directory(tmp_path / 'file' / 'run')


@pytest.mark.skipif(os.geteuid() == 0, reason='root may write anywhere')
def test_a_directory_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match='is not a writable directory'):
        run_dir.check_free(tmp_path / 'run')


def test_a_directory_that_the_system_forbids_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, 'access', lambda path, mode: False)
    with pytest.raises(UserError, match=f'{tmp_path} is not a writable directory; choose another --run_dir'):
        run_dir.check_free(tmp_path / 'a' / 'run')


def test_a_run_gets_its_directory_and_the_parents(tmp_path):
    run_dir.make_directory(tmp_path / 'a' / 'b')
    assert (tmp_path / 'a' / 'b').is_dir()


def test_a_tilde_is_expanded_to_the_home_directory(monkeypatch, tmp_path):
    monkeypatch.setenv('HOME', str(tmp_path))
    assert run_dir.run_directory(arguments(run_dir='~/run')) == tmp_path / 'run'


def test_a_path_with_bytes_that_are_not_utf_8_is_refused():
    with pytest.raises(UserError, match=r'a\\udcff: expected a name in UTF-8, got other bytes'):
        run_dir.expanded('run_dir', 'a\udcff')
