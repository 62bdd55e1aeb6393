"""The benchmark of labels on a tiny file; no time is checked."""
from types import SimpleNamespace

from benchmarks.label import label_candidates
from labels import predicting
from tests.envs.recorded.libero.folders import TASKS, write

FLAGS = SimpleNamespace(image_size=24, threads=1)


def test_labelling_saves_every_part_and_the_network_alone_none(tmp_path, monkeypatch):
    write(tmp_path / 'set', TASKS[0], lengths=(5, 7), size=32)
    saved, save = [], predicting.save_part
    monkeypatch.setattr(predicting, 'save_part', lambda *part: saved.append(part[2]) or save(*part))
    label, alone = label_candidates('HDF5', tmp_path / 'set', FLAGS, tmp_path / 'parts')
    assert (label.units, alone.units) == (10, 10)
    alone.call()
    assert saved == []
    label.call()
    assert [[len(rewards) for rewards in part] for part in saved] == [[4, 6]]
    assert not (tmp_path / 'parts').exists()
