"""Names of runs, directories that may or may not be made, and args.json."""
import importlib.metadata
import json
import os
import platform
from pathlib import Path

import pytest

from utils import run_dir
from utils.errors import UserError
from utils.flags import Args


def arguments(**values):
    return Args({'tag': '', 'alg': 'rrd', 'basis_alg': 'sac', 'rrd_bias_correction': False, 'env': 'Ant-v2',
                 'env_type': 'ep_rews', 'seed': 0, 'run_dir': '', 'resume': False, 'inter_op_threads': 3,
                 'intra_op_threads': 5, **values})


def plain(**values):
    return Args({'tag': '', 'alg': 'sac', 'env': 'Ant-v2', 'env_type': 'ep_rews', 'seed': 0, **values})


@pytest.mark.parametrize('args, name', [
    (arguments(), 'rrd-sac-Ant-v2-seed0'),
    (arguments(rrd_bias_correction=True, basis_alg='td3', seed=7), 'rrd-l-td3-Ant-v2-seed7'),
    (arguments(alg='ircr', basis_alg='ddpg'), 'ircr-ddpg-Ant-v2-seed0'),
    (arguments(env_type='normal'), 'rrd-sac-normal-Ant-v2-seed0'),
    (plain(), 'sac-Ant-v2-seed0'),
    (plain(env_type='normal'), 'sac-normal-Ant-v2-seed0'),
    (arguments(tag='RRD-L(RD) Ant-v2'), 'RRD-L_RD__Ant-v2-Ant-v2-seed0'),
    (arguments(tag='../up', env='a space/Ünit-v0'), '.._up-a_space__nit-v0-seed0'),
    (arguments(tag='two\nlines'), 'two_lines-Ant-v2-seed0'),
])
def test_a_run_is_named_by_what_tells_it_apart(args, name):
    assert run_dir.run_name(args) == name


def test_a_run_lives_in_log_unless_told_otherwise():
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
        run_dir.create(tmp_path / 'run')


@pytest.mark.parametrize('below', ['file/run', 'file/a/run', 'link/run', 'a/' + 256 * 'x', 256 * 'x'])
@pytest.mark.parametrize('function', [run_dir.check_free, run_dir.create])
def test_a_path_that_cannot_be_made_is_refused_and_leaves_nothing(tmp_path, below, function):
    (tmp_path / 'file').touch()
    (tmp_path / 'link').symlink_to('nowhere')
    with pytest.raises(UserError, match='cannot make the directory .*; choose another --run_dir'):
        function(tmp_path / below)
    assert {path.name for path in tmp_path.iterdir()} == {'file', 'link'}


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
    run_dir.create(tmp_path / 'a' / 'b')
    assert (tmp_path / 'a' / 'b').is_dir()


def test_a_failed_run_keeps_parents_that_it_did_not_make(tmp_path):
    (tmp_path / 'a').mkdir()
    with pytest.raises(UserError):
        run_dir.create(tmp_path / 'a' / 'b' / (256 * 'x'))
    assert list((tmp_path / 'a').iterdir()) == []


def test_only_a_run_can_be_resumed(tmp_path):
    args = arguments(resume=True, run_dir=str(tmp_path))
    with pytest.raises(UserError, match='--resume=True: .* is no run'):
        run_dir.check_directory(args)
    (tmp_path / 'args.json').touch()
    with pytest.raises(UserError, match='--resume=True: .* not implemented yet'):
        run_dir.check_directory(args)


def test_a_new_run_gets_only_a_free_directory(tmp_path):
    assert run_dir.check_directory(arguments(run_dir=str(tmp_path / 'new'))) == tmp_path / 'new'
    with pytest.raises(UserError, match='exists'):
        run_dir.check_directory(arguments(run_dir=str(tmp_path)))


def test_args_json_tells_flags_environment_versions_and_host(tmp_path):
    run_dir.write_args(tmp_path, arguments(seed=5), {'id': 'Ant-v4'})
    record = json.loads((tmp_path / 'args.json').read_text())
    assert record['flags'] == dict(arguments(seed=5))
    assert record['environment'] == {'id': 'Ant-v4'}
    assert record['versions']['python'] == platform.python_version()
    assert record['versions']['numpy'] == importlib.metadata.version('numpy')
    assert list(record['versions']) == ['python', 'numpy', 'tensorflow', 'gymnasium', 'mujoco']
    assert list(record['host']) == ['cores', 'platform', 'machine', 'memory_gib', 'inter_op_threads',
                                    'intra_op_threads']
    assert (record['host']['inter_op_threads'], record['host']['intra_op_threads']) == (3, 5)
    assert record['host']['cores'] >= 1 and record['host']['memory_gib'] > 0


def test_a_package_that_is_not_there_has_no_version(tmp_path, monkeypatch):
    def version(package):
        if package == 'mujoco':
            raise importlib.metadata.PackageNotFoundError(package)
        return '1.0'
    monkeypatch.setattr(importlib.metadata, 'version', version)
    run_dir.write_args(tmp_path, arguments(), {})
    versions = json.loads((tmp_path / 'args.json').read_text())['versions']
    assert (versions['numpy'], versions['mujoco']) == ('1.0', None)


def test_the_record_is_the_same_for_two_runs_with_the_same_flags(tmp_path):
    for name in 'ab':
        (tmp_path / name).mkdir()
        run_dir.write_args(tmp_path / name, arguments(), {'id': 'Ant-v4'})
    assert (tmp_path / 'a/args.json').read_text() == (tmp_path / 'b/args.json').read_text()


def test_args_json_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UserError, match='cannot write .*args.json: No such file'):
        run_dir.write_args(tmp_path / 'missing', arguments(), {})


def test_discarding_a_run_takes_back_its_files_and_the_parents_made_for_it(tmp_path):
    (tmp_path / 'mine').touch()
    made = run_dir.create(tmp_path / 'a' / 'run')
    (tmp_path / 'a' / 'run' / 'log.txt').touch()
    run_dir.discard(made)
    assert [path.name for path in tmp_path.iterdir()] == ['mine']


def test_discarding_a_run_leaves_a_parent_that_another_run_uses_by_now(tmp_path):
    made = run_dir.create(tmp_path / 'a' / 'run')
    (tmp_path / 'a' / 'other').mkdir()
    run_dir.discard(made)
    assert [path.name for path in (tmp_path / 'a').iterdir()] == ['other']


def test_home_is_where_the_user_means_it(monkeypatch, tmp_path):
    monkeypatch.setenv('HOME', str(tmp_path))
    assert run_dir.run_directory(arguments(run_dir='~/run')) == tmp_path / 'run'


def test_what_json_lacks_is_kept_as_text(tmp_path):
    run_dir.write_args(tmp_path, arguments(), {'kwargs': {'size': {3}}})
    assert json.loads((tmp_path / 'args.json').read_text())['environment'] == {'kwargs': {'size': '{3}'}}
