"""What is stored about the episodes that labels are of."""
from pathlib import Path

import numpy as np

from utils.labels.episode import HELD_OUT, TRAIN, UNKNOWN, EpisodeLabels
from utils.labels.provenance import in_sample


def _labels(*splits):
    return [EpisodeLabels(Path('a'), f'demo_{k}', 'open', np.zeros(1, np.float32), np.ones(1, bool), split)
            for k, split in enumerate(splits)]


def test_training_episodes_are_counted():
    assert in_sample(_labels(TRAIN, HELD_OUT, TRAIN)) == {'episodes': 3, 'training_episodes': 2}


def test_the_number_of_training_episodes_is_null_where_the_run_did_not_record_them():
    assert in_sample(_labels(UNKNOWN, UNKNOWN)) == {'episodes': 2, 'training_episodes': None}
