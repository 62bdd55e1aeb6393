"""The program export.py: what it writes, and the one line about what it refuses."""
import contextlib
import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

import export
import exports.saved_model
import loading
from tests.exports.models import KINDS, need_onnx
from utils.checkpoints.manifests import write_manifest
from utils.errors import UserError


@pytest.fixture(scope='module')
def model():
    return KINDS['vectors']()


@pytest.fixture
def learned(model, tmp_path, monkeypatch):
    """The reward model of a run without a directory; `load_learned` returns it."""
    path = tmp_path / 'my_run' / 'checkpoints' / 'ckpt-000001'
    path.mkdir(parents=True)
    write_manifest(path, {})
    found = loading.Learned(model.reward, model.agent, {}, SimpleNamespace(env='Hopper-v2'),
                            SimpleNamespace(path=path, state={}))
    monkeypatch.setattr(export, 'load_learned', lambda directory: found)
    monkeypatch.setattr(export, 'native_messages', lambda file: contextlib.nullcontext())
    return found


def test_an_onnx_file_is_a_reward_of_the_run(learned, tmp_path, caplog):
    need_onnx()
    export.main([str(tmp_path / 'my_run'), f'--out={tmp_path}/reward.onnx'])
    reward = loading.load_reward(f'{tmp_path}/reward.onnx')
    state = {'state': np.ones((2, 3)), 'goal': np.ones((2, 2))}
    np.testing.assert_allclose(reward(state, np.ones((2, 2)), state),
                               learned.reward(state, np.ones((2, 2)), state), atol=1e-6)
    assert 'inputs: state, state_next, goal, goal_next, action' in caplog.text
    assert f'{tmp_path}/reward.onnx: reward of {learned.found.path}; largest difference from' in caplog.text


def test_the_description_names_the_run_and_its_checkpoint(learned):
    described = export.described(learned)
    assert (described['run'], described['checkpoint'], described['env']) == (
        'my_run', 'ckpt-000001', 'Hopper-v2')
    assert len(described['checkpoint_manifest_sha256']) == 64 and described['date'].endswith('+00:00')
    assert described['commit'] is None or len(described['commit']) == 40


@pytest.mark.parametrize('flags', [['--out={}/reward.onnx'], ['--out={}/reward', '--format=savedmodel']])
def test_nothing_is_written_where_the_numbers_differ(flags, learned, tmp_path, monkeypatch):
    if len(flags) == 1:
        need_onnx()
    state = learned.reward

    class Other:
        spec, tasks = state.spec, state.tasks

        def __call__(self, *parts):
            return state(*parts) + np.float32(1e-3)

    monkeypatch.setattr(export, 'load_learned', lambda directory: learned._replace(reward=Other()))
    with pytest.raises(UserError, match='reward.*: its rewards differ from those of the run by 1.0e-03 '):
        export.main([str(tmp_path / 'my_run'), *(flag.format(tmp_path) for flag in flags)])
    assert [path.name for path in tmp_path.iterdir()] == ['my_run']


def test_a_disk_that_is_full_leaves_nothing(learned, tmp_path, monkeypatch):
    def fail(*parts):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(exports.saved_model, 'write_saved_model', fail)
    with pytest.raises(UserError, match=f'^--out={tmp_path}/reward cannot be written: No space left on dev'):
        export.main(['RUN', f'--out={tmp_path}/reward', '--format=savedmodel'])
    assert [path.name for path in tmp_path.iterdir()] == ['my_run']


REFUSED = [
    ([], 'expected the directory of one run, got 0 paths: python export.py RUN_DIR --out='),
    (['a', 'b', '--out=c.onnx'], 'expected the directory of one run, got 2 paths: '),
    (['a'], '--out: expected a path to write: python export.py '),
    (['a', '--out=reward'], '--out=reward --format=auto: expected a file that ends in .onnx, or a folder '
     'with another ending and --format=savedmodel$'),
    (['a', '--out=reward', '--format=onnx'], '--out=reward --format=onnx: expected a file '),
    (['a', '--out=b.onnx', '--format=savedmodel'], '--out=b.onnx --format=savedmodel: expected a file '),
    (['a', '--out=b.onnx', '--format=torch'], '--format=torch: expected auto, onnx or savedmodel'),
    (['a', '--out=no/reward.onnx'], '--out=no/reward.onnx: expected a folder that exists and is writable, '
     'got no$'),
    (['a', f'--out={"n" * 300}/reward.onnx'], '--out=n*/reward.onnx: expected a folder that exists'),
    (['a', '--out=there.onnx'], '--out=there.onnx exists and is not overwritten$'),
    (['a', '--out=there', '--format=savedmodel'], '--out=there exists and is not overwritten$'),
]


@pytest.mark.parametrize('words, message', REFUSED, ids=[' '.join(words) for words, _ in REFUSED])
def test_a_command_line_that_cannot_work_is_refused(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'there.onnx').touch()
    (tmp_path / 'there').mkdir()
    with pytest.raises(UserError, match=f'^{message}'):
        export.parse_words(words)


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, 'find_spec',
                        lambda name: None if name in ('onnx', 'tf2onnx') else find_spec(name))
    with pytest.raises(UserError, match='^--format=onnx needs tf2onnx, onnx.*; run pip install -r '
                                        'requirements-formats.txt$'):
        export.parse_words(['a', f'--out={tmp_path}/b.onnx'])
    export.parse_words(['a', f'--out={tmp_path}/b', '--format=savedmodel'])


@pytest.mark.parametrize('name', ['nothing', 'empty'])
def test_a_directory_without_a_run_is_refused(name, tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(UserError, match=f'^{tmp_path}/{name} is no run'):
        export.main([f'{tmp_path}/{name}', f'--out={tmp_path}/reward', '--format=savedmodel'])
    assert [path.name for path in tmp_path.iterdir()] == ['empty']
