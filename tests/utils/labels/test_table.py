"""The table of rewards, read by pyarrow."""
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from utils.errors import UserError
from utils.labels import table
from utils.labels.episode import HELD_OUT, TRAIN, EpisodeLabels

LABELS = [EpisodeLabels(Path('a.hdf5'), 'demo_0', 'open', np.float32([0, .5, .25]),
                        np.array([False, True, True]), TRAIN, 1.0),
          EpisodeLabels(Path('b.hdf5'), 'demo_0', 'close', np.float32([-.5, 0]), np.array([True, False]),
                        HELD_OUT)]


@pytest.fixture(params=[2, 1000], ids=['a row group for each', 'one row group'])
def written(tmp_path, monkeypatch, request):
    monkeypatch.setattr(table, '_BATCH', request.param)
    table.write_table(tmp_path / 'rewards.parquet', LABELS, {'run': 'mine'}, chunk=1)
    return pq.read_table(tmp_path / 'rewards.parquet')


def test_every_stored_step_has_a_row(written):
    columns = written.to_pydict()
    weights = columns.pop('weight')
    assert columns == {
        'task': ['open'] * 3 + ['close'] * 2, 'file': ['a.hdf5'] * 3 + ['b.hdf5'] * 2,
        'episode': ['demo_0'] * 5, 'step': [0, 1, 2, 0, 1], 'reward': [0, .5, .25, -.5, 0],
        'cumulative_reward': [0, .5, .75, -.5, -.5], 'valid': [False, True, True, True, False],
        'split': ['train'] * 3 + ['held_out'] * 2, 'recorded_return': [1.0] * 3 + [None] * 2}
    assert weights[1] == 1 and weights[3] == 0      # the best and the worst chunk


def test_provenance_and_the_statistics_of_chunks_are_in_the_schema(written):
    notes = json.loads(written.schema.metadata[table.PROVENANCE])
    sums = [0, .5, 0, -.5, 0]
    assert notes['run'] == 'mine' and notes['chunk'] == 1
    assert notes['kappa'] == pytest.approx(np.mean(sums) + np.std(sums))


def test_a_full_disk_leaves_no_file(tmp_path, monkeypatch):
    def full(*parts):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('pyarrow.parquet.ParquetWriter.write_table', full)
    with pytest.raises(UserError, match=r'^cannot write .*/rewards\.parquet: No space left on device$'):
        table.write_table(tmp_path / 'rewards.parquet', LABELS, {})
    assert list(tmp_path.iterdir()) == []
