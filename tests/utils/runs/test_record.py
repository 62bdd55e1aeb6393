"""args.json: written, read, updated."""
import importlib.metadata
import json
import os
import platform
from pathlib import Path

import pytest

from utils.errors import UserError
from utils.flags.flag import Args
from utils.runs import record as run_record


def arguments(**values):
    return Args({'alg': 'rrd', 'env': 'Ant-v2', 'seed': 0, 'epochs': 3, 'inter_op_threads': 3,
                 'intra_op_threads': 5, **values})


def test_args_json_contains_flags_environment_versions_and_host(tmp_path):
    run_record.write_args(tmp_path, arguments(seed=5), {'id': 'Ant-v4'})
    record = json.loads((tmp_path / 'args.json').read_text())
    assert record['flags'] == dict(arguments(seed=5))
    assert record['environment'] == {'id': 'Ant-v4'}
    assert record['versions']['python'] == platform.python_version()
    assert record['versions']['numpy'] == importlib.metadata.version('numpy')
    assert list(record['versions']) == ['python', 'numpy', 'tensorflow', 'gymnasium', 'mujoco', 'ale-py',
                                        'h5py', 'opencv-python-headless']
    assert list(record['host']) == ['cores', 'platform', 'machine', 'memory_gib', 'inter_op_threads',
                                    'intra_op_threads']
    assert (record['host']['inter_op_threads'], record['host']['intra_op_threads']) == (3, 5)
    assert record['host']['cores'] >= 1 and record['host']['memory_gib'] > 0


def test_a_missing_package_has_no_version(tmp_path, monkeypatch):
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


def test_an_unwritable_args_json_is_reported(tmp_path):
    with pytest.raises(UserError, match='cannot write .*args.json: No such file'):
        run_record.write_args(tmp_path / 'missing', arguments(), {})


def test_what_json_lacks_is_kept_as_text(tmp_path):
    run_record.write_args(tmp_path, arguments(), {'kwargs': {'size': {3}}})
    assert json.loads((tmp_path / 'args.json').read_text())['environment'] == {'kwargs': {'size': '{3}'}}


def test_a_record_is_read_back(tmp_path):
    run_record.write_args(tmp_path, arguments(q_lr=0.1, tag='Ünit'), {'id': 'Ant-v4', 'kwargs': {}})
    record = run_record.read_args(tmp_path)
    assert record == json.loads((tmp_path / 'args.json').read_text())
    assert record['flags'] == dict(arguments(q_lr=0.1, tag='Ünit'))


@pytest.mark.parametrize('make', [lambda path: None, Path.mkdir, Path.touch], ids=['none', 'empty', 'file'])
def test_a_directory_without_a_record_is_no_run(tmp_path, make):
    make(tmp_path / 'run')
    with pytest.raises(UserError, match=r'/run is no run \(it has no args.json\)$'):
        run_record.read_args(tmp_path / 'run')


@pytest.mark.parametrize('content', [
    b'', b'{', b'\xff', b'[]', b'3', b'"flags"', b'null', b'{}', b'{"flags": {}}',
    b'{"flags": [], "environment": {}, "versions": {}, "host": {}}',
    b'{"flags": {}, "environment": {}, "versions": null, "host": {}}'])
def test_a_file_with_other_contents_is_no_record(tmp_path, content):
    (tmp_path / 'args.json').write_bytes(content)
    with pytest.raises(UserError, match='/args.json is not the record of a run$'):
        run_record.read_args(tmp_path)


def test_an_unreadable_record_is_reported_with_the_reason(tmp_path):
    (tmp_path / 'args.json').mkdir()
    with pytest.raises(UserError, match='^cannot read .*/args.json: Is a directory$'):
        run_record.read_args(tmp_path)


def test_only_the_named_flags_are_updated(tmp_path):
    run_record.write_args(tmp_path, arguments(), {'id': 'Ant-v4'})
    before = run_record.read_args(tmp_path)
    now = arguments(epochs=9, seed=8, inter_op_threads=7)
    run_record.update_args(tmp_path, now, ('epochs', 'inter_op_threads', 'unknown'))
    assert run_record.read_args(tmp_path) == before | {
        'flags': dict(arguments(epochs=9, inter_op_threads=7))}     # versions and host are unchanged


def test_an_unchanged_record_is_not_written(tmp_path, monkeypatch):
    run_record.write_args(tmp_path, arguments(), {})
    monkeypatch.setattr(run_record, 'write_whole', lambda *arguments: pytest.fail('nothing has changed'))
    run_record.update_args(tmp_path, arguments(seed=8), ('epochs',))


def test_a_record_is_unchanged_if_its_update_fails(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, 'No space left on device')
    run_record.write_args(tmp_path, arguments(), {})
    before = run_record.read_args(tmp_path)
    monkeypatch.setattr('os.fsync', full)
    with pytest.raises(UserError, match='cannot write .*args.json: No space left on device'):
        run_record.update_args(tmp_path, arguments(epochs=9), ('epochs',))
    assert run_record.read_args(tmp_path) == before


def test_the_same_machine_and_versions_are_no_change(tmp_path):
    run_record.write_args(tmp_path, arguments(), {})
    assert run_record.changes(tmp_path, arguments(seed=9)) == []


def test_changed_versions_and_threads_are_reported_with_their_old_values(tmp_path):
    run_record.write_args(tmp_path, arguments(), {})
    record = run_record.read_args(tmp_path)
    record['versions'] |= {'numpy': '0.1', 'mujoco': None}
    record['host'] |= {'cores': 10**6, 'platform': 'elsewhere'}     # no digit depends on these
    (tmp_path / 'args.json').write_text(json.dumps(record))
    now = run_record.versions()
    assert run_record.changes(tmp_path, arguments(intra_op_threads=8)) == [
        f'numpy {now["numpy"]} (was 0.1)', f'mujoco {now["mujoco"]} (was None)', 'intra_op_threads 8 (was 5)']


@pytest.mark.parametrize('text', ['[' * 10 ** 5, '{"flags":' * 500 + '1' + '}' * 500])
def test_a_record_that_is_nested_too_deeply_is_refused(tmp_path, text):
    (tmp_path / 'args.json').write_text(text)
    with pytest.raises(UserError, match='/args.json is not the record of a run$'):
        run_record.read_args(tmp_path)


def test_a_record_that_is_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / 'args.json')
    with pytest.raises(UserError, match='^cannot read .*/args.json: it is a pipe, not a regular file$'):
        run_record.read_args(tmp_path)
