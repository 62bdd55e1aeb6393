"""Episodes that are damaged: refused in one line, or left out with the reason."""
import re

import numpy as np
import pytest

from envs.recorded.images import encode
from envs.recorded.rlds.example import Feature, encoded, of_floats, of_integers, of_strings, parse, strings
from envs.recorded.rlds.read import read_set
from tests.envs.recorded.rlds.sets import (
    SHARD,
    WANTED,
    change_json,
    change_record,
    new_episode,
    records_of,
    refusal,
    write_boxes,
    write_records,
)
from utils.errors import UserError

LABEL = f'{SHARD}: record 1 (train episode 1): '
IMAGE, STATE = 'steps/observation/image', 'steps/observation/state'
PNG = encode(np.zeros((8, 10, 3), np.uint8), 'png')


def check_refused_or_left_out(folder, expected):
    assert refusal(folder).startswith(LABEL + expected)
    file = read_set(folder, WANTED, skip_bad=True)
    assert [episode.name for episode in file.episodes] == ['train episode 0', 'train episode 2']
    assert list(file.skipped) == ['train episode 1']
    assert file.skipped['train episode 1'].startswith(LABEL + expected)
    frames = np.concatenate(list(file.read('observation/image', [1])))
    np.testing.assert_array_equal(frames, new_episode(2, 4).frames['image'][0])


@pytest.mark.parametrize('key, feature, expected', [
    ('steps/action', None, 'steps/action: is missing; found episode_metadata/file_path, steps/discount'),
    ('steps/action', of_integers(range(21)), 'steps/action: expected a list of float32, got int64'),
    ('steps/action', of_floats(range(20)), 'steps/action: expected 7 numbers a step, got 20 in all'),
    ('steps/action', of_floats([]), 'steps/action: expected at least one step, got none'),
    ('steps/action', Feature('', b''), 'steps/action: expected a list of float32, got nothing'),
    ('steps/action', of_floats([*range(20), np.nan]), 'steps/action: step 2: expected finite numbers, got '),
    ('steps/reward', of_floats([0, np.inf, 0]), 'steps/reward: step 1: expected finite numbers, got [inf]'),
    ('steps/reward', of_floats([0, 0]), 'steps/reward: expected 3 steps, as actions have, got 2'),
    (STATE, of_floats(range(32)), f'{STATE}: expected 3 steps, as actions have, got 4'),
    (STATE, None, f'{STATE}: is missing; found '),
    ('steps/language_instruction', of_strings(['x']), 'steps/language_instruction: expected 3 steps, as '),
    ('steps/language_instruction', of_strings([b'\xff'] * 3), 'steps/language_instruction: expected UTF-8, '),
    ('episode_metadata/file_path', of_strings([]), 'episode_metadata/file_path: expected 1 text, got 0'),
    (IMAGE, None, f'{IMAGE}: is missing; found '),
    (IMAGE, of_strings([PNG] * 2), f'{IMAGE}: expected 3 steps, as actions have, got 2'),
    (IMAGE, of_floats([1]), f'{IMAGE}: expected a list of strings, got float32'),
    (IMAGE, of_strings([PNG, PNG, b'']), f"{IMAGE}: step 2: expected a JPEG or PNG, got b''"),
    (IMAGE, of_strings([PNG, PNG[:-1], PNG]), f'{IMAGE}: step 1: expected a whole PNG, got one without an'),
    (IMAGE, of_strings([encode(np.zeros((8, 10, 3), np.uint8), 'jpeg')] * 3),
     f'{IMAGE}: step 0: expected the encoding png, as in other frames, got jpeg'),
    (IMAGE, of_strings([encode(np.zeros((8, 8, 3), np.uint8), 'png')] * 3),
     f'{IMAGE}: step 0: expected an image of [8, 10, 3] bytes, got [8, 8, 3]')])
def test_an_invalid_part_is_refused_or_left_out(boxes, key, feature, expected):
    change_record(boxes, key, feature)
    check_refused_or_left_out(boxes, expected)


def test_a_record_with_a_wrong_checksum_is_refused_or_left_out(boxes):
    content, first = bytearray((boxes / SHARD).read_bytes()), len(records_of(boxes / SHARD)[0]) + 16
    content[first + 500] ^= 1
    (boxes / SHARD).write_bytes(content)
    check_refused_or_left_out(boxes, 'the checksum of its data does not match; the record is damaged')


def test_a_record_that_is_no_example_is_refused_or_left_out(boxes):
    records = records_of(boxes / SHARD)
    write_records(boxes / SHARD, [records[0], b'text', records[2]])
    check_refused_or_left_out(boxes, 'expected a tf.train.Example, got ')


def test_an_episode_is_valid_without_the_parts_that_are_not_wanted(boxes):
    change_record(boxes, IMAGE, None)
    assert len(read_set(boxes, ['observation/wrist_image', 'observation/state']).episodes) == 3


def test_a_set_of_bad_episodes_alone_is_empty(boxes):
    for number in range(3):
        change_record(boxes, STATE, None, number)
    file = read_set(boxes, WANTED, skip_bad=True)
    assert file.episodes == [] and len(file.skipped) == 3


def test_a_frame_that_cannot_be_decoded_costs_its_episode(boxes):
    frames = [bytes(frame) for frame in strings(parse(records_of(boxes / SHARD)[0])[IMAGE])]
    frames[4] = frames[4][:40] + bytes(len(frames[4]) - 60) + frames[4][-20:]
    change_record(boxes, IMAGE, of_strings(frames), number=0)
    damaged, last = read_set(boxes, WANTED).read('observation/image', [0, 2])
    assert len(last) == 4
    assert (damaged.episode, damaged.count) == ('train episode 0', 5)
    assert damaged.reason.startswith(f'{SHARD}: record 0: {IMAGE}: step 4: cannot be decoded')


def test_a_shard_that_has_gone_since_is_refused(boxes):
    file = read_set(boxes, WANTED)
    (boxes / SHARD).unlink()
    expected = f'{boxes}: {SHARD}: record 1 cannot be read: No such file or directory'
    with pytest.raises(UserError, match=f'^{re.escape(expected)}$'):
        list(file.read('observation/image', [1]))


@pytest.mark.parametrize('content, expected', [
    (lambda content: content[:2000], 'record 1: expected '),
    (lambda content: bytes(100_000), 'record 1: expected a tf.train.Example')])
def test_a_shard_that_has_changed_since_costs_the_episodes_it_lacks(boxes, content, expected):
    file = read_set(boxes, WANTED)
    (boxes / SHARD).write_bytes(content((boxes / SHARD).read_bytes()))
    damaged, = file.read('observation/image', [1])
    assert (damaged.episode, damaged.count) == ('train episode 1', 3)
    assert damaged.reason.startswith(f'{SHARD}: {expected}')


def test_frames_that_another_reader_left_out_cost_their_episode(boxes):
    records = records_of(boxes / SHARD)
    features = {key: value for key, value in parse(records[0]).items() if key != IMAGE}
    write_records(boxes / SHARD, [encoded(features), *records[1:]])
    damaged, = read_set(boxes).read('observation/image', [0])
    assert damaged.count == 5 and f'record 0: {IMAGE}: is missing' in damaged.reason


@pytest.mark.parametrize('left, lost', [(-1, [2]), (-30, [2]), (4000, [1, 2])])
def test_a_truncated_shard_costs_the_records_that_it_lacks(boxes, left, lost):
    (boxes / SHARD).write_bytes((boxes / SHARD).read_bytes()[:left])
    assert re.match(f'{SHARD}: record {lost[0]}: expected [0-9]+ bytes of data', refusal(boxes))
    file = read_set(boxes, WANTED, skip_bad=True)
    assert [episode.name for episode in file.episodes] == [f'train episode {k}' for k in range(lost[0])]
    assert list(file.skipped) == [f'train episode {k}' for k in lost]
    assert file.skipped['train episode 2'].startswith(f'{SHARD}: record 2 (train episode 2): cannot be found')


def test_the_numbers_of_episodes_do_not_shift_after_a_truncated_shard(tmp_path):
    folder = write_boxes(tmp_path / '1.0.0', lengths=[2, 3, 4], per_shard=2)
    shard = folder / 'boxes-train.tfrecord-00000-of-00002'
    shard.write_bytes(shard.read_bytes()[:-1])
    file = read_set(folder, WANTED, skip_bad=True)
    assert [(episode.name, len(episode.actions)) for episode in file.episodes] == [
        ('train episode 0', 2), ('train episode 2', 4)]


def test_a_truncated_shard_with_a_made_up_length_is_refused(boxes):
    (boxes / SHARD).write_bytes((boxes / SHARD).read_bytes()[:-1])
    change_json(boxes / 'dataset_info.json',
                lambda values: values['splits'][0].update(shardLengths=['999999999999']))
    assert refusal(boxes, skip_bad=True).startswith(f'{SHARD}: record 2: expected ')
