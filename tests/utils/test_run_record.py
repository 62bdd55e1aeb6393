"""args.json: written, read, brought up to date."""
import importlib.metadata
import json
import platform

import pytest

from utils import run_record
from utils.errors import UserError
from utils.flags import Args


def arguments(**values):
    return Args({'alg': 'rrd', 'env': 'Ant-v2', 'seed': 0, 'epochs': 3, 'inter_op_threads': 3,
                 'intra_op_threads': 5, **values})


def test_args_json_tells_flags_environment_versions_and_host(tmp_path):
    run_record.write_args(tmp_path, arguments(seed=5), {'id': 'Ant-v4'})
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
    run_record.write_args(tmp_path, arguments(), {})
    versions = json.loads((tmp_path / 'args.json').read_text())['versions']
    assert (versions['numpy'], versions['mujoco']) == ('1.0', None)


def test_the_record_is_the_same_for_two_runs_with_the_same_flags(tmp_path):
    for name in 'ab':
        (tmp_path / name).mkdir()
        run_record.write_args(tmp_path / name, arguments(), {'id': 'Ant-v4'})
    assert (tmp_path / 'a/args.json').read_text() == (tmp_path / 'b/args.json').read_text()


def test_args_json_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UserError, match='cannot write .*args.json: No such file'):
        run_record.write_args(tmp_path / 'missing', arguments(), {})


def test_what_json_lacks_is_kept_as_text(tmp_path):
    run_record.write_args(tmp_path, arguments(), {'kwargs': {'size': {3}}})
    assert json.loads((tmp_path / 'args.json').read_text())['environment'] == {'kwargs': {'size': '{3}'}}
