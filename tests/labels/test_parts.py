"""Parts of predictions: kept through a kill, removed at the end, checked when they are read."""
import errno
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from labels.parts import (
    Item,
    has_predictions,
    kept_predictions,
    missing_parts,
    parts_of,
    path_of,
    read_part,
    save_part,
)
from tests.recordings import recording
from utils import whole_files
from utils.errors import UserError
from utils.unfinished import PLAN as LOCK

PLAN = {'checkpoint': 'abc'}


def items(*lengths):
    file = SimpleNamespace(path=Path('file'))
    return [Item(recording(length), file, place) for place, length in enumerate(lengths)]


def test_a_part_has_whole_episodes_until_it_has_enough_steps():
    parts = parts_of(items(3, 4, 5, 1, 2), 6)
    assert [[item.place for item in part] for part in parts] == [[0, 1], [2, 3], [4]]


def test_predictions_are_read_as_they_were_saved(tmp_path):
    part = items(2, 3)
    assert missing_parts(tmp_path, [part, part]) == [0, 1]
    save_part(tmp_path, 1, [np.float32([1, 2]), np.float32([3, 4, 5])])
    assert missing_parts(tmp_path, [part, part]) == [0]
    assert [each.tolist() for each in read_part(tmp_path, 1, part)] == [[1, 2], [3, 4, 5]]


def test_a_folder_that_was_left_is_resumed_with_the_provenance_of_its_beginning(tmp_path):
    with pytest.raises(KeyboardInterrupt), kept_predictions(tmp_path / 't', PLAN, {'date': 1}) as (folder, _):
        save_part(folder, 0, [np.float32([1])])
        raise KeyboardInterrupt
    with kept_predictions(tmp_path / 't', PLAN, {'date': 2}) as (folder, notes):
        assert notes == {'date': 1} and path_of(folder, 0).exists()
    assert list(tmp_path.iterdir()) == []


def test_predictions_of_another_plan_are_refused(tmp_path):
    with pytest.raises(KeyboardInterrupt), kept_predictions(tmp_path / 't', PLAN, {}) as (folder, _):
        save_part(folder, 0, [np.float32([1])])
        raise KeyboardInterrupt
    with pytest.raises(UserError, match=r't\.predictions\.partial is unfinished, with other values of '
                                        'checkpoint; remove it to start again'), \
            kept_predictions(tmp_path / 't', {'checkpoint': 'other'}, {}):
        pass


def test_a_failure_before_the_first_part_leaves_no_folder(tmp_path):
    with pytest.raises(UserError), kept_predictions(tmp_path / 't', PLAN, {}) as (folder, _):
        assert has_predictions(tmp_path / 't')
        raise UserError('no cluster')
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_of_a_program_that_was_killed_at_its_very_end_is_no_obstacle(tmp_path):
    (tmp_path / 't.predictions').mkdir()
    (tmp_path / 't.predictions' / LOCK).touch()
    with kept_predictions(tmp_path / 't', PLAN, {}):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('content', [b'', b'nothing'])
def test_damaged_predictions_are_an_error_with_the_remedy(tmp_path, content):
    path_of(tmp_path, 0).write_bytes(content)
    with pytest.raises(UserError, match=r'part-000000\.npz: expected predictions of this program; remove it'):
        read_part(tmp_path, 0, items(2))


def test_predictions_of_other_episodes_are_refused(tmp_path):
    save_part(tmp_path, 0, [np.float32([1, 2])])
    with pytest.raises(UserError, match=r'expected 3 rewards as float32, got float32 \[2\]; remove it'):
        read_part(tmp_path, 0, items(3))


def test_a_full_disk_leaves_no_part(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(whole_files.os, 'fsync', full)
    with pytest.raises(UserError, match=r'^cannot write .*part-000000\.npz: No space left on device$'):
        save_part(tmp_path, 0, [np.float32([1])])
    assert list(tmp_path.iterdir()) == []
