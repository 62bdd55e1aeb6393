"""Tiny data sets in RLDS, and damage to them."""
import functools
import json

import numpy as np
import pytest

from envs.recorded.rlds.example import encoded, parse
from envs.recorded.rlds.new_episode import NewEpisode
from envs.recorded.rlds.read import read_set
from envs.recorded.rlds.schema import Schema
from envs.recorded.rlds.tfrecord import places, read_data, write_record
from envs.recorded.rlds.write import write_set
from utils.errors import UserError

SCHEMA = Schema({'image': (8, 10), 'wrist_image': (6, 6)}, {'state': 8, 'joint_state': 7}, encoding='png')
WANTED = ('observation/image', 'observation/state')
SHARD = 'boxes-train.tfrecord-00000-of-00001'


def new_episode(number, length):
    """An episode of random numbers and frames that `number` decides; the last reward is 1."""
    rng = np.random.default_rng(number)
    frames = {name: rng.integers(256, size=(length, *size, 3), dtype=np.uint8)
              for name, size in SCHEMA.cameras.items()}
    vectors = {name: rng.normal(size=(length, size)).astype(np.float32)
               for name, size in SCHEMA.vectors.items()}
    return NewEpisode({name: [values] for name, values in frames.items()}, vectors,
                      rng.uniform(-1, 1, (length, 7)).astype(np.float32),
                      np.float32([0] * (length - 1) + [1]), f'move box {number}', f'box_{number}.hdf5')


def write_boxes(folder, lengths=(5, 3, 4), name='boxes', version='1.0.0', **options):
    """Writes a data set of episodes of some lengths to the version folder `folder`."""
    episodes = [functools.partial(new_episode, number, length) for number, length in enumerate(lengths)]
    write_set(folder, name, version, episodes, **{'schema': SCHEMA, **options})
    return folder


def change_json(path, change):
    """Writes a JSON file again after `change` was called with its values."""
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def step_of(values):
    """The features of a step in the values of `features.json`."""
    sequence = values['featuresDict']['features']['steps']['sequence']
    return sequence['feature']['featuresDict']['features']


def observation_of(values):
    """The features of an observation in the values of `features.json`."""
    return step_of(values)['observation']['featuresDict']['features']


def records_of(path):
    """[bytes] of all records of a shard."""
    with open(path, 'rb') as file:
        return [bytes(read_data(file, place, check=True)) for place in places(file)]


def write_records(path, records):
    """Writes a shard of some records in place of what was there."""
    with open(path, 'wb') as file:
        for data in records:
            write_record(file, data)


def change_record(folder, key, feature, number=1):
    """Replaces a feature of one record, or removes it if `feature` is None."""
    records = records_of(folder / SHARD)
    features = {name: value for name, value in parse(records[number]).items() if name != key}
    records[number] = encoded(features if feature is None else {**features, key: feature})
    write_records(folder / SHARD, records)


def refusal(folder, wanted=WANTED, **options):
    """The error about a data set, without its folder."""
    with pytest.raises(UserError) as error:
        read_set(folder, wanted, **options)
    message = str(error.value)
    assert message.startswith(f'{folder}: ') and '\n' not in message
    return message.removeprefix(f'{folder}: ')
