"""tensorflow-datasets and LeRobot themselves read what convert.py writes, of the sample and of own data."""
import numpy as np
import pytest

import convert
from conversions.episodes import open_suite
from envs.recorded.libero.paths import SAMPLE
from tests.test_convert import FLAGS
from tests.test_convert_own import made, read_back
from utils.flags.flag import Args

pytestmark = pytest.mark.data
LIBERO = {'env': 'libero_spatial', 'libero_path': str(SAMPLE / 'libero_spatial'),
          'libero_failures': str(SAMPLE / 'libero_spatial_failures')}


@pytest.fixture(scope='module')
def expected():
    """[`Episode`] of the sample."""
    return open_suite(Args({**FLAGS, **LIBERO})).episodes


@pytest.fixture
def tfds():
    return pytest.importorskip('tensorflow_datasets', reason='needs tensorflow-datasets, 4.9')


@pytest.fixture
def lerobot():
    pytest.importorskip('lerobot', reason='needs the package lerobot, 0.4 or newer')
    from lerobot.datasets.lerobot_dataset import LeRobotDataset
    return LeRobotDataset


def convert_sample(target, *words):
    convert.main([*words, f'--libero_failures={LIBERO["libero_failures"]}', LIBERO['libero_path'],
                  str(target)])
    return target


def steps_of(tfds, folder):
    """[(origin, {key: [S, ...]})] of the episodes that tensorflow-datasets reads."""
    built = tfds.builder_from_directory(str(folder))
    for episode in built.as_dataset(split='train', shuffle_files=False):
        steps = list(episode['steps'].as_numpy_iterator())
        rows = [{**step, **step['observation']} for step in steps]
        yield episode['episode_metadata']['file_path'].numpy().decode(), {
            key: np.array([row[key] for row in rows]) for key in rows[0] if key != 'observation'}


@pytest.mark.parametrize('encoding, most', [('png', 0), ('jpeg', 4)])
def test_tensorflow_datasets_reads_the_converted_sample(tfds, tmp_path, expected, encoding, most):
    target = convert_sample(tmp_path / 'new', '--to=rlds', f'--encoding={encoding}')
    found = list(steps_of(tfds, target / 'libero_spatial' / '1.0.0'))
    for (origin, arrays), episode in zip(found, expected, strict=True):
        assert origin == episode.origin
        assert {text.decode() for text in arrays['language_instruction']} == {episode.sentence}
        for key, values in {'action': episode.actions, 'reward': episode.rewards, **episode.vectors}.items():
            np.testing.assert_array_equal(arrays[key], values)
        for key, name in (('agentview', 'image'), ('wrist', 'wrist_image')):
            frames = np.concatenate(list(episode.pictures(key)))
            assert np.abs(arrays[name].astype(int) - frames).mean() <= most
        assert np.flatnonzero(arrays['is_last']).tolist() == [len(episode.actions) - 1]
        assert arrays['is_terminal'].sum() == episode.success


def test_tensorflow_datasets_reads_converted_own_data(tfds, tmp_path):
    source = made(tmp_path / 'source')
    convert.main(['--to=rlds', '--env=recorded', '--encoding=png', str(source), str(tmp_path / 'new')])
    found = list(steps_of(tfds, tmp_path / 'new/recorded/1.0.0'))
    for (_, arrays), (recording, frames) in zip(found, read_back(source)[1], strict=True):
        assert {text.decode() for text in arrays['language_instruction']} == {recording.task}
        np.testing.assert_array_equal(arrays['action'][:-1], recording.actions)
        for key in ('object', 'robot0_eef_pos'):
            np.testing.assert_array_equal(arrays[key], recording.vectors[key])
        np.testing.assert_array_equal(arrays['agentview'], frames['agentview'])
        assert arrays['reward'].sum(dtype=np.float64) == recording.total_reward


@pytest.mark.parametrize('encoding, most', [('png', 0.01), ('av1', 6), ('h264', 6)])
def test_lerobot_reads_the_converted_sample(lerobot, tmp_path, expected, encoding, most):
    target = convert_sample(tmp_path / 'new', '--to=lerobot', f'--encoding={encoding}')
    loaded = lerobot('local/set', root=target, video_backend='pyav')
    assert (loaded.num_episodes, len(loaded)) == (len(expected), sum(len(each.actions) for each in expected))
    assert loaded.fps == 20
    first = 0
    for episode in expected:
        last = first + len(episode.actions) - 1
        frames = np.concatenate(list(episode.pictures('agentview')))
        for number, row in ((0, first), (len(episode.actions) - 1, last)):
            item = loaded[row]
            assert (item['task'], int(item['frame_index'])) == (episode.sentence, number)
            assert (item['action'].numpy() == episode.actions[number]).all()
            assert (item['observation.state'].numpy() == episode.vectors['state'][number]).all()
            assert float(item['next.reward']) == episode.rewards[number]
            frame = item['observation.images.image'].numpy().transpose(1, 2, 0) * 255
            assert np.abs(frame - frames[number]).mean() <= most
        first = last + 1


def test_lerobot_reads_converted_own_data(lerobot, tmp_path):
    source = made(tmp_path / 'source')
    convert.main(['--to=lerobot', '--env=recorded', '--fps=10', str(source), str(tmp_path / 'new')])
    loaded, row = lerobot('local/set', root=tmp_path / 'new', video_backend='pyav'), 0
    for recording, _ in read_back(source)[1]:
        for t in range(recording.length):
            item, vectors = loaded[row + t], recording.vectors
            assert item['task'] == recording.task
            assert (item['action'].numpy() == recording.actions[t]).all()
            assert (item['observation.robot0_eef_pos'].numpy() == vectors['robot0_eef_pos'][t]).all()
            assert (item['observation.object'].numpy() == vectors['object'][t]).all()
        row += recording.length + 1
    assert len(loaded) == row
