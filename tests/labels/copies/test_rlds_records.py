"""Records of RLDS that differ from the usual ones, and their labelled copies."""
import json

import numpy as np

from envs.recorded.rlds.example import encoded, floats, of_integers, parse
from envs.recorded.rlds.read import read_set
from labels.copies.rlds import write_copy
from tests.envs.recorded.rlds import sets
from tests.envs.recorded.rlds.sets import SHARD, WANTED, records_of, write_boxes
from tests.labels.copies.made import OPTIONS, labels_of


def described(folder):
    return sets.step_of(json.loads((folder / 'features.json').read_text()))


def test_a_source_without_rewards_gets_no_recorded_ones(tmp_path):
    boxes = write_boxes(tmp_path / 'boxes' / '1.0.0', (5,))
    sets.change_json(boxes / 'features.json', lambda values: sets.step_of(values).pop('reward'))
    sets.change_record(boxes, 'steps/reward', None, 0)
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 0': 5}), {}, OPTIONS)
    record = parse(records_of(tmp_path / 'new' / SHARD)[0])
    assert len(floats(record['steps/reward'])) == 5 and 'steps/recorded_reward' not in record
    assert 'recorded_reward' not in described(tmp_path / 'new')


def test_recorded_rewards_of_whole_numbers_keep_their_type(tmp_path):
    boxes = write_boxes(tmp_path / 'boxes' / '1.0.0', (5,))
    sets.change_json(boxes / 'features.json',
                     lambda values: sets.step_of(values)['reward']['tensor'].update(dtype='int64'))
    sets.change_record(boxes, 'steps/reward', of_integers(np.array([0, 0, 0, 0, 7])), 0)
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 0': 5}), {}, OPTIONS)
    kinds = [described(tmp_path / 'new')[name]['tensor']['dtype'] for name in ('reward', 'recorded_reward')]
    assert kinds == ['float32', 'int64']
    assert read_set(tmp_path / 'new', WANTED).episodes[0].rewards.dtype == np.float32


def test_a_record_that_is_encoded_in_another_way_is_copied(tmp_path):
    boxes = write_boxes(tmp_path / 'boxes' / '1.0.0', (5,))
    path = boxes / SHARD
    features = parse(records_of(path)[0])
    halves = [dict(list(features.items())[:4]), dict(list(features.items())[4:])]
    sets.write_records(path, [b''.join(map(encoded, halves))])       # a message may be in several pieces
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 0': 5}), {}, OPTIONS)
    new = parse(records_of(tmp_path / 'new' / path.name)[0])
    assert all(bytes(new[key].data) == bytes(features[key].data) for key in features if key != 'steps/reward')
