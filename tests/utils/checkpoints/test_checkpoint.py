"""A run of tiny parts, saved and restored."""
import logging
import os

import numpy as np
import pytest

from tests.utils.saved_runs import IDENTITY, FakeReplay, Run, broken
from utils.checkpoints.checkpoint import VARIABLES, Checkpoint, check_identity
from utils.checkpoints.files import CheckpointFiles
from utils.errors import UserError


@pytest.fixture
def messages(caplog):
    caplog.set_level(logging.INFO, 'rrd')
    return caplog


def test_every_part_gets_its_own_state_back(tmp_path):
    Run(tmp_path, 7).checkpoint.save()
    other = Run(tmp_path)
    other.restore()
    assert other.values() == ('text 7', 8, 9, 7)


def test_the_newest_state_comes_back(tmp_path):
    run = Run(tmp_path, 7)
    run.checkpoint.save()
    run.agent.text, run.parts['env'].number, run.replay.number, run.place = 'later', 70, 71, [7, 3, 0]
    assert run.checkpoint.save() == 'ckpt-000007-000003'
    other = Run(tmp_path)
    other.restore()
    assert other.values() == ('later', 70, 9, 71)


def test_the_same_place_is_not_written_again(tmp_path):
    run = Run(tmp_path, 7)
    assert run.checkpoint.save() == 'ckpt-000007'
    run.agent.text = 'not saved'
    assert run.checkpoint.save() == 'ckpt-000007'
    assert (tmp_path / 'ckpt-000007' / f'{VARIABLES}.data').read_text() == 'text 7'


def test_size_and_seconds_are_logged_once(tmp_path, messages):
    run = Run(tmp_path, 7)
    for _ in range(2):
        run.checkpoint.save()
    message, = messages.messages
    assert message.startswith('checkpoint ckpt-000007: 0.0 MB written, 0.0 MB in all, 0.')
    assert message.endswith(' s')


def test_files_written_before_count_only_in_the_total(tmp_path, messages):
    class Large(FakeReplay):
        def save(self, files):
            files.add('large.npz', {'x': np.zeros(300_000, np.uint8)})

    run = Run(tmp_path, 7)
    run.checkpoint = Checkpoint(run.files, IDENTITY, run.agent, {}, Large(), lambda: run.place)
    run.checkpoint.save()
    run.place = [8]
    run.checkpoint.save()
    first, second = messages.messages
    assert '0.3 MB written, 0.3 MB in all' in first and '0.0 MB written, 0.3 MB in all' in second


def test_a_run_may_be_saved_without_its_replay_store(tmp_path):
    Run(tmp_path, 7, replay=False).checkpoint.save()
    found = CheckpointFiles(tmp_path).find()
    assert found.state['replay'] is None and found.shared == {}
    assert not (tmp_path / 'replay').exists()
    other = Run(tmp_path, 1)
    other.restore()
    assert other.values() == ('text 7', 8, 9, 1)        # its own store is unchanged


def test_a_saved_store_is_ignored_by_a_run_that_saves_none(tmp_path):
    Run(tmp_path, 7).checkpoint.save()
    other = Run(tmp_path, replay=False)
    other.restore()
    assert other.values() == ('text 7', 8, 9, None)


def test_a_failed_save_is_reported_with_its_reason_and_keeps_the_others(tmp_path):
    run = broken(tmp_path)
    with pytest.raises(UserError, match='^the checkpoint ckpt-000008 cannot be written: No space left'):
        run.checkpoint.save()
    other = Run(tmp_path)
    other.restore()
    assert other.values() == ('text 7', 8, 9, 7)


def test_a_failed_try_save_only_warns_and_names_the_newest(tmp_path, messages):
    assert broken(tmp_path).checkpoint.try_save() is None
    record = messages.records[-1]
    assert (record.name, record.levelname) == ('rrd', 'WARNING')
    assert record.getMessage() == ('warning: the checkpoint ckpt-000008 cannot be written: '
                                   'No space left on device; the newest is ckpt-000007')


def test_a_failed_first_try_save_reports_that_there_is_none(tmp_path, messages, monkeypatch):
    def fail(*paths):
        raise OSError('disk full')
    monkeypatch.setattr(os, 'rename', fail)
    assert Run(tmp_path, 7).checkpoint.try_save() is None
    assert messages.messages == ['warning: the checkpoint ckpt-000007 cannot be written: disk full; '
                                 'the newest is none']


def test_a_successful_try_save_is_like_any_other_save(tmp_path):
    assert Run(tmp_path, 7).checkpoint.try_save() == 'ckpt-000007'


def test_a_bug_is_not_mistaken_for_a_full_disk(tmp_path):
    run = Run(tmp_path, 7)
    run.parts['env'].number = object()
    with pytest.raises(TypeError, match='Python objects'):
        run.checkpoint.try_save()


def test_a_checkpoint_of_another_kind_of_run_is_refused_with_both_sides(tmp_path):
    Run(tmp_path, 7).checkpoint.save()
    other = Run(tmp_path, identity=IDENTITY | {'basis_alg': 'td3', 'action': [[3], 'float32', 1]})
    text = (r"ckpt-000007 is of another kind of run: it has basis_alg sac instead of td3, "
            r"action \[\[2\], 'float32', 1\] instead of \[\[3\], 'float32', 1\]$")
    with pytest.raises(UserError, match=text):
        other.restore()
    assert other.values() == ('text 0', 1, 2, 0)


def test_only_expected_values_must_match(tmp_path):
    Run(tmp_path, 7).checkpoint.save()
    found = CheckpointFiles(tmp_path).find()
    check_identity(found, {'alg': 'rrd'})
    with pytest.raises(UserError, match='it has new None instead of 3$'):
        check_identity(found, {'alg': 'rrd', 'new': 3})
