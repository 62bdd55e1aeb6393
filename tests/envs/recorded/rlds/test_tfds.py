"""tensorflow-datasets as the judge of what is written."""
import numpy as np
import pytest

from envs.recorded.rlds.read import read_set
from tests.envs.recorded.rlds.sets import SCHEMA, new_episode, write_boxes

pytestmark = pytest.mark.data
LENGTHS = (5, 3, 4)


@pytest.fixture
def tfds():
    return pytest.importorskip('tensorflow_datasets')


@pytest.fixture
def folder(tmp_path):
    return write_boxes(tmp_path / 'boxes_no_noops' / '1.0.0', LENGTHS, per_shard=2)


def builder(tfds, folder, way):
    if way == 'folder':
        return tfds.builder_from_directory(str(folder))
    return tfds.builder(folder.parent.name, data_dir=str(folder.parents[1]))


@pytest.mark.parametrize('way', ['folder', 'name'])
def test_it_reads_what_is_written(tfds, folder, way):
    built = builder(tfds, folder, way)
    assert built.info.splits['train'].num_examples == 3 and str(built.info.version) == '1.0.0'
    found = list(built.as_dataset(split='train', shuffle_files=False))
    assert len(found) == 3
    for number, episode in enumerate(found):
        steps, expected = list(episode['steps'].as_numpy_iterator()), new_episode(number, LENGTHS[number])
        assert episode['episode_metadata']['file_path'].numpy().decode() == expected.origin
        assert {step['language_instruction'].decode() for step in steps} == {expected.task}
        for name in SCHEMA.cameras:
            np.testing.assert_array_equal([step['observation'][name] for step in steps],
                                          expected.frames[name][0])
        for name in SCHEMA.vectors:
            np.testing.assert_array_equal([step['observation'][name] for step in steps],
                                          expected.vectors[name])
        np.testing.assert_array_equal([step['action'] for step in steps], expected.actions)
        np.testing.assert_array_equal([step['reward'] for step in steps], expected.rewards)
        flags = np.array([[step[name] for name in ('is_first', 'is_last', 'is_terminal')] for step in steps])
        assert np.argwhere(flags).tolist() == [[0, 0], [len(steps) - 1, 1], [len(steps) - 1, 2]]
        assert {float(step['discount']) for step in steps} == {1}


def test_it_reads_frames_undecoded_as_openvla_does(tfds, folder):
    skip = {'steps': {'observation': {name: tfds.decode.SkipDecoding() for name in SCHEMA.cameras}}}
    episode = next(iter(builder(tfds, folder, 'folder').as_dataset(split='train', decoders=skip)))
    frame = next(iter(episode['steps']))['observation']['image'].numpy()
    assert frame.startswith(b'\x89PNG')


def test_what_it_writes_is_read(tfds, tmp_path):
    features = tfds.features.FeaturesDict({'steps': tfds.features.Dataset({
        'observation': {'image': tfds.features.Image(shape=(8, 10, 3)),
                        'state': tfds.features.Tensor(shape=(8,), dtype=np.float64),
                        'gripper': tfds.features.Scalar(dtype=np.int32)},
        'action': tfds.features.Tensor(shape=(7,), dtype=np.float32)})})
    episode = new_episode(0, 3)
    steps = [{'observation': {'image': image, 'state': state.astype(np.float64), 'gripper': number},
              'action': action} for number, (image, state, action) in enumerate(
                  zip(episode.frames['image'][0], episode.vectors['state'], episode.actions, strict=True))]

    class Builder(tfds.core.GeneratorBasedBuilder):
        VERSION, name = tfds.core.Version('1.0.0'), 'made'

        def _info(self):
            return self.dataset_info_from_configs(features=features)

        def _split_generators(self, manager):
            return {'train': self._generate_examples()}

        def _generate_examples(self):
            yield 0, {'steps': steps}
    made = Builder(data_dir=str(tmp_path))
    made.download_and_prepare()
    file = read_set(made.data_dir, ['observation/image', 'observation/state', 'observation/gripper'])
    np.testing.assert_array_equal(next(file.read('observation/image', [0])), episode.frames['image'][0])
    np.testing.assert_array_equal(file.episodes[0].actions, episode.actions)
    np.testing.assert_array_equal(file.episodes[0].vectors['observation/state'], episode.vectors['state'])
    assert file.episodes[0].vectors['observation/gripper'].tolist() == [[0], [1], [2]]
    assert file.columns['observation/image'].encoding == 'png' and file.episodes[0].rewards is None
