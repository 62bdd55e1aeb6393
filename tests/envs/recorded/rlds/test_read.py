"""Episodes and frames of a data set, as they were written."""
import numpy as np
import pytest

from envs.recorded.raw import Column
from envs.recorded.rlds.example import of_integers, of_strings
from envs.recorded.rlds.read import CHUNK, read_set
from envs.recorded.rlds.write import write_set
from tests.envs.recorded.rlds.sets import (
    SCHEMA,
    SHARD,
    WANTED,
    change_json,
    change_record,
    new_episode,
    observation_of,
    step_of,
    write_boxes,
)


def frames_of(file, camera, positions):
    return np.concatenate(list(file.read(camera, positions)))


def test_episodes_are_those_that_were_written(boxes):
    file = read_set(boxes, WANTED)
    assert file.path == boxes and file.format == 'RLDS 1.0.0' and file.action == 'action'
    assert [episode.name for episode in file.episodes] == [f'train episode {number}' for number in range(3)]
    for number, episode in enumerate(file.episodes):
        expected = new_episode(number, len(episode.actions))
        assert (episode.task, episode.origin) == (f'move box {number}', f'box_{number}.hdf5')
        assert episode.success is None and episode.final_vectors is None
        np.testing.assert_array_equal(episode.actions, expected.actions)
        np.testing.assert_array_equal(episode.rewards, expected.rewards)
        assert episode.vectors.keys() == {'observation/state'}
        np.testing.assert_array_equal(episode.vectors['observation/state'], expected.vectors['state'])


def test_columns_are_the_cameras_and_vectors_of_an_observation(boxes):
    assert read_set(boxes).columns == {
        'observation/image': Column('camera', (8, 10, 3), 'png'),
        'observation/joint_state': Column('vector', (7,)), 'observation/state': Column('vector', (8,)),
        'observation/wrist_image': Column('camera', (6, 6, 3), 'png')}


def test_frames_of_any_episodes_are_read_in_the_given_order(boxes):
    file = read_set(boxes)
    for camera in ('image', 'wrist_image'):
        expected = [new_episode(number, length).frames[camera][0] for number, length in ((2, 4), (0, 5))]
        np.testing.assert_array_equal(frames_of(file, f'observation/{camera}', [2, 0]),
                                      np.concatenate(expected))


def test_frames_come_in_pieces(tmp_path):
    file = read_set(write_boxes(tmp_path / '1.0.0', lengths=[2 * CHUNK + 1, 2]))
    assert [len(piece) for piece in file.read('observation/image', [0, 1])] == [CHUNK, CHUNK, 1, 2]


def test_all_shards_are_read_in_order(tmp_path):
    file = read_set(write_boxes(tmp_path / '1.0.0', lengths=[2, 3, 4, 5, 6], per_shard=2))
    assert [len(episode.actions) for episode in file.episodes] == [2, 3, 4, 5, 6]
    assert [name for name, _, _ in file.facts] == [f'boxes-train.tfrecord-0000{i}-of-00003' for i in range(3)]
    assert frames_of(file, 'observation/image', [4, 1]).shape == (9, 8, 10, 3)


def test_every_split_is_read(boxes):
    (boxes / 'boxes-val.tfrecord-00000-of-00001').write_bytes((boxes / SHARD).read_bytes())

    def add(values):
        values['splits'].append({**values['splits'][0], 'name': 'val'})
    change_json(boxes / 'dataset_info.json', add)
    names = [episode.name for episode in read_set(boxes).episodes]
    assert names == [f'{split} episode {number}' for split in ('train', 'val') for number in range(3)]


def test_facts_change_with_a_shard(boxes):
    before = read_set(boxes).facts
    assert read_set(boxes).facts == before
    change_record(boxes, 'steps/language_instruction', of_strings(['move it'] * 5), number=0)
    assert read_set(boxes).facts != before


def test_a_set_without_rewards_sentences_and_origins_is_read(boxes):
    def remove(values):
        del step_of(values)['reward'], step_of(values)['language_instruction']
        del values['featuresDict']['features']['episode_metadata']
    change_json(boxes / 'features.json', remove)
    episode = read_set(boxes).episodes[0]
    assert (episode.rewards, episode.task, episode.origin) == (None, '', '')


def test_whole_numbers_and_single_numbers_are_vectors(boxes):
    def change(values):
        observation_of(values)['state']['tensor'] = {'dtype': 'int64', 'shape': {}}
    change_json(boxes / 'features.json', change)
    for number, length in enumerate((5, 3, 4)):
        change_record(boxes, 'steps/observation/state', of_integers(np.arange(length) - 1), number)
    file = read_set(boxes, ['observation/state'])
    assert file.columns['observation/state'] == Column('vector', (1,))
    assert file.episodes[1].vectors['observation/state'].tolist() == [[-1], [0], [1]]


@pytest.mark.parametrize('encoding', ['jpeg', 'png'])
def test_an_encoding_that_is_not_declared_is_found(tmp_path, encoding):
    folder = tmp_path / '1.0.0'
    write_set(folder, 'boxes', '1.0.0', [lambda: new_episode(0, 3)], SCHEMA._replace(encoding=encoding))
    change_json(folder / 'features.json',
                lambda values: observation_of(values)['image']['image'].pop('encodingFormat'))
    file = read_set(folder, WANTED)
    assert file.columns['observation/image'].encoding == encoding
    assert file.columns['observation/wrist_image'].encoding == encoding


def test_parts_of_other_kinds_are_left_alone(boxes):
    def change(values):
        observation_of(values)['depth'] = {'image': {'shape': {'dimensions': ['8', '8', '1']}}}
        observation_of(values)['map'] = {'tensor': {'dtype': 'float32', 'shape': {'dimensions': ['2', '2']}}}
        observation_of(values)['words'] = {'text': {}}
        observation_of(values)['sound'] = {'pythonClassName': 'Audio', 'audio': {}}
    before = read_set(boxes).columns
    change_json(boxes / 'features.json', change)
    assert read_set(boxes).columns == before
