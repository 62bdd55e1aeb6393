"""Weights of a run on recorded episodes, released: same numbers, same provenance, no resume, no paths."""
import numpy as np
import pytest

import common
from export import described
from loading import load_learned
from tests.recorded_runs import train_run, user
from utils.checkpoints.files import CheckpointFiles
from utils.checkpoints.variable_files import is_weight
from utils.errors import UserError
from utils.labels.provenance import provenance
from utils.runs import release
from utils.runs.learned import find_learned
from utils.runs.record import read_args
from utils.runs.run import Run


@pytest.fixture(scope='module')
def pair(tmp_path_factory):
    """(directory of a run, directory of its released weights), of one name."""
    with user(tmp_path_factory.mktemp('user')) as folder:
        run, out = train_run(folder, 'run', '--cycles=1', '--passes=0.1'), folder / 'released' / 'run'
        out.parent.mkdir()
        release.main([str(run), f'--out={out}'])
        yield run, out


def test_a_released_reward_equals_that_of_the_run_bit_for_bit(pair):
    one, other = (load_learned(directory) for directory in pair)
    rng, size = np.random.default_rng(0), 4
    steps = [{key: (rng.random((size, *field.shape)) * 255).astype(field.dtype)
              for key, field in one.reward.spec.observation.items()} for _ in range(2)]
    action = rng.random((size, *one.reward.spec.action.shape), np.float32)
    before, after = steps
    np.testing.assert_array_equal(*(each.reward(before, action, after, each.reward.tasks[0])
                                    for each in (one, other)))


def test_labels_and_exports_name_the_checkpoint_of_the_run(pair):
    notes = [provenance([(directory, find_learned(directory))], [], []) for directory in pair]
    exports = [described(load_learned(directory)) for directory in pair]
    for name in ('run', 'checkpoint', 'checkpoint_manifest_sha256'):
        assert notes[0][name] == notes[1][name]
        assert str(notes[0][name]) in str(exports[1])


def test_released_weights_are_not_resumed(pair):
    with pytest.raises(UserError, match='^released weights cannot be resumed: .*ckpt-000001 has no state'):
        Run.open(common.get_args(['--resume=True', f'--run_dir={pair[1]}', '--epochs=2']))


def test_no_path_of_the_machine_and_no_slot_is_left(pair):
    run, out = pair
    text = (out / 'args.json').read_text()
    assert str(run.parent) not in text
    assert read_args(out)['released']['names_of_paths']['libero_path'] == ['libero_spatial']
    sizes = [next((directory / 'checkpoints').glob('ckpt-*/*.data-*')).stat().st_size for directory in pair]
    assert sizes[1] < sizes[0] * 0.6
    assert not any((out / 'checkpoints').glob('replay'))


def test_a_released_run_can_be_released_again_with_the_provenance_of_the_first(pair, tmp_path):
    release.main([str(pair[1]), f'--out={tmp_path / "again"}'])
    one, other = (find_learned(each).state['released'] for each in (pair[1], tmp_path / 'again'))
    assert one == other


def test_a_release_that_fails_leaves_nothing(pair, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(CheckpointFiles, 'write', full)
    with pytest.raises(UserError, match='cannot be written: No space left on device$'):
        release.main([str(pair[0]), f'--out={tmp_path / "new"}'])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('words, text', [
    ([], 'expected the directory of one run, got 0 paths'), (['run'], '^--out: expected a folder'),
    (['run', '--out=.'], '^--out=. exists and is not overwritten$'),
    (['run', '--out=none/new'], '^--out=none/new: expected a folder in one that is writable, got none$')])
def test_a_wrong_command_is_refused(words, text):
    with pytest.raises(UserError, match=text):
        release.parse_words(words)


def test_a_reward_that_needs_a_file_of_task_vectors_is_not_released():
    with pytest.raises(UserError, match='^a run with --task_embedding=tasks.npz cannot be released'):
        release.released_record({'flags': {'task_embedding': 'tasks.npz'}})


@pytest.mark.parametrize('name, expected', [
    ('main/policy/net/pi/bias', True), ('target/q_value_1/net/q/kernel', True),
    ('reward_average_moves', True),
    ('main/policy/net/pi/bias/Adam', False), ('main/policy/net/pi/bias/Adam_1', False),
    ('beta1_power', False), ('beta2_power_3', False), ('main/q/kernel/RMSProp_1', False),
    ('main/q/kernel/Momentum', False), ('main/Adam/kernel', True)])
def test_slots_of_optimisers_are_recognised_by_name(name, expected):
    assert is_weight(name) == expected
