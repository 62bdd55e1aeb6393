"""Data sets whose own description is damaged: each is an error of one line."""
import pytest

from tests.envs.recorded.rlds.sets import (
    SHARD,
    change_json,
    observation_of,
    records_of,
    refusal,
    step_of,
    write_records,
)


def put(*keys):
    """A change that sets the value at a path of keys; the last of `keys` is the value."""
    def change(values):
        for key in keys[:-2]:
            values = values[key]
        values[keys[-2]] = keys[-1]
    return change


@pytest.mark.parametrize('name', ['features.json', 'dataset_info.json'])
@pytest.mark.parametrize('content, expected', [
    (b'', 'cannot be read as JSON: '), (b'{"a": ', 'cannot be read as JSON: '), (b'\xff', 'cannot be read'),
    (b'[1]', 'expected a JSON dictionary, got [1]'), (b'[' * 100_000, 'cannot be read as JSON: it is nested'),
    (b' ' * (2 ** 24 + 1), 'cannot be read: it has 16777217 bytes; expected at most'),
    (None, 'cannot be read: No such file or directory')])
def test_a_file_that_is_no_json_is_refused(boxes, name, content, expected):
    (boxes / name).unlink()
    if content is not None:
        (boxes / name).write_bytes(content)
    assert refusal(boxes, skip_bad=True).startswith(f'{name}: {expected}')


@pytest.mark.parametrize('change, expected', [
    (put('fileFormat', 'riegeli'), "expected the fileFormat tfrecord, got 'riegeli'"),
    (put('name', '../boxes'), "expected a name of letters, digits and underscores, got '../boxes'"),
    (put('name', None), 'expected a name of letters, digits and underscores, got None'),
    (put('splits', []), 'expected a list of splits, got []'),
    (put('splits', [3]), 'expected a list of splits, got [3]'),
    (put('splits', [{'name': 'a', 'shardLengths': []}]), 'expected at least one shard, got none'),
    (put('splits', [{'name': 'a'}] * 2), "expected splits of different names, got ['a', 'a']"),
    (put('splits', 0, 'shardLengths', ['x']), "split train: expected whole numbers as shardLengths, got ["),
    (put('splits', 0, 'shardLengths', [-1]), 'split train: expected whole numbers as shardLengths, got [-1]'),
    (put('splits', 0, 'shardLengths', 3), 'split train: expected whole numbers as shardLengths, got 3'),
    (put('splits', 0, 'filepathTemplate', '{WHAT}'), 'expected a filepathTemplate such as {DATASET}-'),
    (put('splits', 0, 'filepathTemplate', '../{SPLIT}'), 'expected a filepathTemplate of names in the'),
    (put('splits', 0, 'filepathTemplate', '/etc/passwd'), 'expected a filepathTemplate of names in the'),
    (put('splits', 0, 'filepathTemplate', '..'), 'expected a filepathTemplate of names in the')])
def test_an_invalid_description_is_refused(boxes, change, expected):
    change_json(boxes / 'dataset_info.json', change)
    assert refusal(boxes, skip_bad=True).startswith(f'dataset_info.json: {expected}')


def test_a_missing_shard_is_refused(boxes):
    (boxes / SHARD).unlink()
    assert refusal(boxes, skip_bad=True) == (
        f'expected the 1 shards that dataset_info.json names; 1 missing, such as {SHARD}')


@pytest.mark.parametrize('length', ['2', '4', '999999999999'])
def test_another_number_of_records_than_declared_is_refused(boxes, length):
    change_json(boxes / 'dataset_info.json', put('splits', 0, 'shardLengths', [length]))
    assert refusal(boxes, skip_bad=True) == (
        f'{SHARD}: expected {length} records, as shardLengths in dataset_info.json has it, got 3')


def test_a_truncated_shard_is_refused(boxes):
    (boxes / SHARD).write_bytes((boxes / SHARD).read_bytes()[:-1])
    assert refusal(boxes).startswith(f'{SHARD}: record 2: expected ')


def test_another_template_of_names_is_followed(boxes):
    change_json(boxes / 'dataset_info.json', put('splits', 0, 'filepathTemplate', '{SPLIT}-{SHARD_INDEX}.x'))
    assert refusal(boxes).endswith('such as train-00000.x')


@pytest.mark.parametrize('change, expected', [
    (lambda values: values.pop('featuresDict'), "expected featuresDict; got an unknown version, with ["),
    (put('featuresDict', 3), 'the whole file: expected a dictionary, got 3'),
    (put('featuresDict', 'features', {}), 'expected the features of RLDS, steps/..., found nothing'),
    (put('featuresDict', 'features', 'steps', 3), "steps: expected a feature, got 3"),
    (put('featuresDict', 'features', 'steps', 'sequence', []), "steps: expected a dictionary, got []"),
    (lambda values: step_of(values).pop('action'), 'steps/action is missing; found steps/discount, '),
    (lambda values: observation_of(values).pop('image'), 'steps/observation/image is missing; found '),
    (lambda values: put('action', {'text': {}})(step_of(values)), 'steps/action: expected a vector, got t'),
    (lambda values: put('reward', 'tensor', 'shape', 'dimensions', ['2'])(step_of(values)),
     'steps/reward: expected a number, got vector'),
    (lambda values: put('action', 'tensor', 'dtype', 'string')(step_of(values)),
     "steps/action: expected a vector, got a tensor of 'string' [7]"),
    (lambda values: put('action', 'tensor', 'encoding', 'zlib')(step_of(values)),
     "steps/action: expected a vector, got a tensor encoded as 'zlib'"),
    (lambda values: put('action', 'tensor', 'shape', 'dimensions', ['-1'])(step_of(values)),
     "steps/action: expected a vector, got a tensor of 'float32' [-1]"),
    (lambda values: put('action', 'tensor', 'shape', 'dimensions', ['x'])(step_of(values)),
     "steps/action: expected whole numbers as dimensions, got ['x']"),
    (lambda values: put('image', 'image', 'shape', 'dimensions', ['99999', '9', '3'])(observation_of(values)),
     'steps/observation/image: expected frames of 3 channels or a vector or a number, got an image of '),
    (lambda values: put('image', 'image', 'encodingFormat', 'gif')(observation_of(values)),
     'steps/observation/image: expected frames of 3 channels or a vector or a number, got an image encoded')])
def test_invalid_features_are_refused(boxes, change, expected):
    change_json(boxes / 'features.json', change)
    assert refusal(boxes, skip_bad=True).startswith(f'features.json: {expected}')


def test_features_that_are_nested_too_deeply_are_refused(boxes):
    def nest(values):
        for _ in range(20):     # 2 levels of JSON each; the door allows 100
            values.update({'featuresDict': {'features': {'x': values.copy()}}})
    change_json(boxes / 'features.json', nest)
    assert "expected a feature, got {'featuresDict'" in refusal(boxes)


def test_a_shard_without_records_is_read_if_it_is_declared(boxes):
    records = records_of(boxes / SHARD)
    write_records(boxes / 'boxes-train.tfrecord-00000-of-00002', records)
    write_records(boxes / 'boxes-train.tfrecord-00001-of-00002', [])
    change_json(boxes / 'dataset_info.json', put('splits', 0, 'shardLengths', ['3', '1']))
    assert refusal(boxes).startswith('boxes-train.tfrecord-00001-of-00002: expected 1 records, ')
