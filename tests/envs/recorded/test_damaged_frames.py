"""Frames that cannot be decoded: the episode is left out and named, or the run ends in one line."""
import cv2
import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load_all
from envs.recorded.rlds.example import of_strings, parse, strings
from tests.envs.recorded.libero.damage import put, spoil
from tests.envs.recorded.rlds.sets import SHARD, change_record, records_of, write_boxes
from tests.own_data.files import moving, write_robomimic
from utils.errors import UserError
from utils.runs.flags import parse_args

IMAGE = 'steps/observation/image'


def broken_rlds(folder):
    """(path, name of the damaged episode, start of the reason, names of the others)."""
    write_boxes(folder)
    frames = [bytes(frame) for frame in strings(parse(records_of(folder / SHARD)[1])[IMAGE])]
    frames[2] = frames[2][:40] + bytes(len(frames[2]) - 60) + frames[2][-20:]
    change_record(folder, IMAGE, of_strings(frames))
    return folder, 'train episode 1', f'{SHARD}: record 1: {IMAGE}: step 2: cannot be decoded', [
        'train episode 0', 'train episode 2']


def broken_pictures(folder):
    """As `broken_rlds`, of LeRobot."""
    sets = lerobot_sets()
    sets.write_v21(folder)
    picture = sets.png(sets.frame(1, 1)).replace(b'IDAT', b'IDXT')
    columns = sets.rows(1, 2, 3, pictures=True)
    columns[sets.CAMERA][1] = {'bytes': picture, 'path': ''}
    data = 'data/chunk-000/episode_000001.parquet'
    sets.write_parquet(folder / data, sets.table(columns))
    return folder, 'episode 1', f'{data}: episode 1, row 1: {sets.CAMERA} cannot be decoded', [
        'episode 0', 'episode 2']


def broken_video(folder):
    """As `broken_rlds`, of LeRobot with videos."""
    sets = lerobot_sets()
    sets.write_v21(folder, 'video')
    video = f'videos/chunk-000/{sets.CAMERA}/episode_000001.mp4'
    data = bytearray((folder / video).read_bytes())
    start = data.index(b'mdat') + 4
    size = int.from_bytes(data[start - 8:start - 4], 'big') - 8
    data[start:start + size] = b'\xff' * size
    (folder / video).write_bytes(data)
    return folder, 'episode 1', f'{video} cannot be decoded', ['episode 0', 'episode 2']


def broken_robomimic(folder):
    """As `broken_rlds`, of robomimic."""
    folder.mkdir()
    rng, path = np.random.default_rng(0), folder / 'x.hdf5'
    write_robomimic(path, [moving(rng, 5, size=8) for _ in range(3)])
    with h5py.File(path) as file:
        frames = file['data/demo_1/obs/agentview_image'][:]
    put(path, 'obs/agentview_image', frames, compression='gzip')
    spoil(path, 'obs/agentview_image')
    return path, 'demo_1', 'data/demo_1/obs/agentview_image cannot be read', ['demo_0', 'demo_2']


def lerobot_sets():
    pytest.importorskip('pyarrow', reason='pyarrow is in requirements.txt')
    pytest.importorskip('av', reason='av is in requirements-formats.txt')
    from tests.envs.recorded.lerobot import sets
    return sets


@pytest.fixture(params=[broken_rlds, broken_pictures, broken_video, broken_robomimic])
def broken(request, tmp_path):
    return request.param(tmp_path / 'set')


def loaded(path, tmp_path, *flags):
    return load_all(parse_args(['--env=recorded', f'--data_path={path}', f'--cache_dir={tmp_path / "cache"}',
                                '--libero_image_size=24', *flags]))


def test_the_episode_is_left_out_and_named(tmp_path, broken):
    path, name, reason, others = broken
    dataset = loaded(path, tmp_path, '--libero_skip_bad=True')
    assert [recording.name for recording in dataset.recordings] == others
    assert dataset.notices[-1].startswith(f'left out: {path} {name}: {reason}')


def test_the_frames_of_other_episodes_are_their_own(tmp_path, broken):
    path = broken[0]
    dataset = loaded(path, tmp_path, '--libero_skip_bad=True')
    camera = next(key for key, field in dataset.spec.observation.items() if len(field.shape) == 3)
    files = {file.path: file for file in dataset.files}
    for place, recording in enumerate(dataset.recordings):
        stored = np.concatenate(list(files[recording.path].cameras[camera].read_one(place)))
        expected = np.stack([cv2.resize(frame, (24, 24), interpolation=cv2.INTER_LINEAR) for frame in stored])
        kept = recording.rows - recording.rows[0]
        np.testing.assert_array_equal(
            recording.observation(np.arange(recording.length + 1))[camera], expected[kept])


def test_without_the_flag_the_run_ends_in_one_line(tmp_path, broken):
    path, _, reason, _ = broken
    with pytest.raises(UserError) as error:
        loaded(path, tmp_path)
    assert str(error.value).startswith(f'{path}: {reason}') and '\n' not in str(error.value)
