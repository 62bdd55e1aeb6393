"""Writing a data set: whole or not at all, resumed, refused where it does not fit."""
import functools
import json
import re

import numpy as np
import pytest

from envs.recorded.rlds.new_episode import encoded_episode
from envs.recorded.rlds.read import read_set
from envs.recorded.rlds.schema import OPENVLA, features_json
from envs.recorded.rlds.write import write_set
from tests.envs.recorded.rlds.sets import SCHEMA, SHARD, WANTED, new_episode, records_of, write_boxes
from utils.errors import UserError


def interrupted(folder, after, **options):
    """Writes five episodes, one a shard, until the one with the number `after`, which fails."""
    made = []

    def make(number):
        made.append(number)
        if number == after:
            raise KeyboardInterrupt
        return new_episode(number, 2)
    episodes = [functools.partial(make, number) for number in range(5)]
    arguments = {'schema': SCHEMA, 'per_shard': 1, 'facts': {'source': 'x'}, **options}
    try:
        write_set(folder, 'boxes', '1.0.0', episodes, **arguments)
    except KeyboardInterrupt:
        pass
    return made


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_set_has_two_descriptions_and_its_shards(boxes):
    assert sorted(contents(boxes)) == [SHARD, 'dataset_info.json', 'features.json']
    info = json.loads((boxes / 'dataset_info.json').read_text())
    assert (info['name'], info['version'], info['fileFormat']) == ('boxes', '1.0.0', 'tfrecord')
    assert info['splits'] == [{
        'name': 'train', 'shardLengths': ['3'], 'numBytes': str(sum(map(len, records_of(boxes / SHARD)))),
        'filepathTemplate': '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}'}]


def test_episodes_are_spread_evenly_over_the_shards(tmp_path):
    folder = write_boxes(tmp_path / '1.0.0', lengths=[1] * 8, per_shard=3)
    assert [len(records_of(path)) for path in sorted(folder.glob('*tfrecord*'))] == [3, 3, 2]


def test_an_interrupted_call_leaves_no_set_and_is_resumed(tmp_path):
    folder, whole = tmp_path / 'set' / '1.0.0', tmp_path / 'whole'
    assert interrupted(folder, after=3) == [0, 1, 2, 3]
    assert not folder.exists()
    assert interrupted(folder, after=None) == [3, 4]
    interrupted(whole, after=None)
    assert contents(folder) == contents(whole)
    assert [path.name for path in folder.parent.iterdir()] == ['1.0.0']


@pytest.mark.parametrize('options, expected', [({'facts': 3}, 'facts'), ({'per_shard': 2}, 'lengths'),
                                               ({'schema': SCHEMA._replace(encoding='jpeg')}, 'schema')])
def test_an_unfinished_set_of_other_arguments_is_not_resumed(tmp_path, options, expected):
    folder = tmp_path / '1.0.0'
    interrupted(folder, after=3)
    expected = f'^{folder}.partial is unfinished, with other values of {expected}; remove it'
    with pytest.raises(UserError, match=expected):
        interrupted(folder, after=None, **options)


def test_a_damaged_shard_of_an_unfinished_set_is_refused(tmp_path):
    folder = tmp_path / '1.0.0'
    interrupted(folder, after=3)
    shard = tmp_path / '1.0.0.partial' / 'boxes-train.tfrecord-00001-of-00005'
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(UserError, match=f'^{re.escape(str(shard))}: record 0: expected .*; remove it$'):
        interrupted(folder, after=None)


@pytest.mark.parametrize('options, expected', [
    ({'name': 'a/b'}, "as the name of a data set, got 'a/b'"), ({'version': '1'}, "such as 1.0.0, got '1'"),
    ({'lengths': ()}, 'expected episodes to write, got none')])
def test_unusable_arguments_are_refused(tmp_path, options, expected):
    with pytest.raises(UserError, match=expected):
        write_boxes(tmp_path / '1.0.0', **options)
    assert list(tmp_path.iterdir()) == []


GOOD = new_episode(0, 3)


@pytest.mark.parametrize('change, expected', [
    ({'actions': np.zeros((3, 6))}, 'action: expected finite numbers of shape [3, 7], got [3, 6]'),
    ({'actions': np.zeros((0, 7))}, 'expected a step or more, got none'),
    ({'rewards': np.float32([0, 0, np.nan])}, 'reward: expected finite numbers of shape [3], got [3] with '),
    ({'vectors': {'state': np.zeros((3, 8))}}, 'expected joint_state in it'),
    ({'frames': {**GOOD.frames, 'image': [np.zeros((3, 8, 8, 3), np.uint8)]}},
     'image: expected uint8 frames of [8, 10, 3], got uint8 [8, 8, 3]'),
    ({'frames': {**GOOD.frames, 'image': [np.zeros((3, 8, 10, 3))]}}, 'image: expected uint8 frames of'),
    ({'frames': {**GOOD.frames, 'image': [np.zeros((2, 8, 10, 3), np.uint8)]}},
     'image: expected 3 frames, got 2')])
def test_an_episode_that_does_not_fit_the_schema_is_refused(tmp_path, change, expected):
    with pytest.raises(UserError, match=re.escape(f'cannot write {SHARD}: episode 0: {expected}')):
        write_set(tmp_path / '1.0.0', 'boxes', '1.0.0', [lambda: GOOD._replace(**change)], SCHEMA)
    assert not (tmp_path / '1.0.0').exists()


def test_frames_may_come_in_pieces():
    episode = new_episode(0, 3)
    pieces = {name: iter([frames[0][:1], frames[0][1:]]) for name, frames in episode.frames.items()}
    assert encoded_episode(episode._replace(frames=pieces), SCHEMA) == encoded_episode(episode, SCHEMA)


def test_a_jpeg_is_close_to_the_frame_it_was_made_of(tmp_path):
    frames = np.full((2, 8, 10, 3), (200, 100, 30), np.uint8)
    episode = new_episode(0, 2)
    episode = episode._replace(frames={**episode.frames, 'image': [frames]})
    write_set(tmp_path / '1.0.0', 'boxes', '1.0.0', [lambda: episode], SCHEMA._replace(encoding='jpeg'))
    found = next(read_set(tmp_path / '1.0.0', WANTED).read('observation/image', [0]))
    assert np.abs(found.astype(int) - frames).max() <= 3


def test_openvlas_schema_has_its_keys():
    values = features_json(OPENVLA)['featuresDict']['features']
    step = values['steps']['sequence']['feature']['featuresDict']['features']
    assert sorted(step) == ['action', 'discount', 'is_first', 'is_last', 'is_terminal',
                            'language_instruction', 'observation', 'reward']
    observation = step['observation']['featuresDict']['features']
    assert sorted(observation) == ['image', 'joint_state', 'state', 'wrist_image']
    assert list(values['episode_metadata']['featuresDict']['features']) == ['file_path']
