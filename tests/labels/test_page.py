"""The PyTorch data set on the page, with a stand-in for PyTorch."""
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.pages import ROOT, read
from utils.labels.episode import HELD_OUT, TRAIN, EpisodeLabels
from utils.labels.table import write_table

CODE = next(block for block in re.findall('```python\n(.*?)```', read(ROOT / 'docs/labels.md'), re.DOTALL)
            if 'torch' in block)


@pytest.fixture
def rewards(monkeypatch):
    """The class on the page."""
    monkeypatch.setitem(sys.modules, 'torch', SimpleNamespace(utils=SimpleNamespace(
        data=SimpleNamespace(Dataset=object))))
    names = {}
    exec(CODE, names)
    return names['Rewards']


def test_it_has_fifteen_lines():
    assert len(list(filter(None, CODE.splitlines()))) <= 15


def test_it_reads_the_steps_of_a_split(rewards, tmp_path):
    labels = [EpisodeLabels(Path('a'), f'demo_{k}', 'open', np.float32([k, .5]), np.ones(2, bool), split)
              for k, split in enumerate((TRAIN, HELD_OUT))]
    write_table(tmp_path / 'rewards.parquet', labels, {})
    assert len(rewards(tmp_path / 'rewards.parquet')) == 4
    held_out = rewards(tmp_path / 'rewards.parquet', 'held_out')
    assert len(held_out) == 2
    first = held_out[0]
    assert {name: first[name] for name in ('file', 'episode', 'step', 'reward')} == {
        'file': 'a', 'episode': 'demo_1', 'step': 0, 'reward': 1.0}
