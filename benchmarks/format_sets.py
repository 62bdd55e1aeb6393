"""The same episodes in every format, written by the project's own writers, and their decoders alone."""
import functools
import io
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import h5py
import numpy as np

from benchmarks import report
from benchmarks.recorded import SUITE, Fill
from benchmarks.rounds import Candidate
from common import parse_args
from envs.recorded.filling import num_threads
from envs.recorded.images import encode
from envs.recorded.lerobot import new_episode as lerobot
from envs.recorded.lerobot import write as write_lerobot
from envs.recorded.opening import open_source
from envs.recorded.resizing import resized
from envs.recorded.rlds import new_episode as rlds
from envs.recorded.rlds import write as write_rlds
from envs.recorded.rlds.schema import Schema
from tests.envs.recorded.libero.files import write_suite_file
from utils.flags.suites import tasks_of
from utils.in_order import in_order

SAMPLE = report.ROOT / 'data' / 'libero_sample' / SUITE
TASK = tasks_of(SUITE)[0]
SENTENCE = TASK.replace('_', ' ')
LENGTH = 100        # steps of an episode, at most
LARGE_SUITE, PER_TASK = 'libero_90', 50     # episodes of a task
HDF5_CAMERA, LEROBOT_CAMERA = 'agentview_rgb', 'observation.images.image'


class MadeSet(NamedTuple):
    """Episodes in one format.

    Attributes:
        path: value of --libero_path.
        decode: function without arguments that decodes all frames and discards them.
    """

    path: Path
    decode: Callable[[], None]


def sample_frames(count, size):
    """[N, size, size, 3] uint8, upright; the first frames of the sample, at most `count`."""
    args = parse_args([f'--env={SUITE}', f'--libero_path={SAMPLE}', '--libero_obs=agentview'])
    pieces = [piece for file in open_source(args).files for piece in file.cameras['agentview'].read()]
    frames = np.concatenate(pieces)[:count]
    return np.stack([cv2.resize(frame, (size, size), interpolation=cv2.INTER_AREA) for frame in frames])


def write_sets(directory, frames):
    """{name of a format: `MadeSet`} of `frames`, [N, size, size, 3] uint8, as successes of one task."""
    episodes = [frames[start:start + LENGTH] for start in range(0, len(frames), LENGTH)]
    directory.mkdir(parents=True)
    made = {'HDF5': _hdf5(directory / 'hdf5', episodes),
            'RLDS, JPEG': _rlds(directory / 'rlds', episodes)}
    for encoding in ('png', 'av1'):
        made[f'LeRobot, {encoding.upper()}'] = _lerobot(directory / encoding, episodes, encoding)
    return made


def words_of(made):
    """The command line that reads a `MadeSet`."""
    return [f'--env={SUITE}', f'--libero_path={made.path}', '--libero_obs=agentview']


def fill_candidates(name, made, size, directory):
    """Four `Candidate`s: filling a cache, only decoding, and only resizing by one thread and by all.

    Args:
        name: of the format.
        made: the `MadeSet`.
        size: height and width of frames in the cache.
        directory: directory of the caches.
    """
    files = open_source(parse_args(words_of(made))).files
    blocks = [block for file in files for block in file.cameras['agentview'].read()]
    resize = functools.partial(resized, size=size)
    calls = {'fill the cache': Fill(files, size, directory), 'only decode': made.decode,
             'only resize, one thread': lambda: deque(map(resize, blocks), maxlen=0),
             'only resize, all threads': lambda: deque(in_order(resize, blocks, num_threads()), maxlen=0)}
    return [Candidate(name, what, call, 1, sum(map(len, blocks))) for what, call in calls.items()]


def write_vectors(directory, count):
    """{name of a format: command line} of `count` episodes of `LENGTH` steps with a state and no camera.

    Those in HDF5 are of as many tasks as there are in LIBERO's published sets of that many episodes.
    """
    arrays = [_arrays(LENGTH, number) for number in range(count)]
    write_rlds.write_set(directory / 'rlds', 'vectors', '1.0.0', [
        functools.partial(rlds.NewEpisode, {}, {'state': state}, actions, rewards, SENTENCE, '')
        for state, actions, rewards in arrays], Schema({}, {'state': 8}))
    write_lerobot.write_set(directory / 'lerobot', [
        lerobot.NewEpisode(SENTENCE, actions, {'observation.state': state}, {}, rewards)
        for state, actions, rewards in arrays], lerobot.Layout(10, {}))
    folder = directory / LARGE_SUITE
    folder.mkdir(parents=True)
    for number, first in enumerate(range(0, count, PER_TASK)):
        path = folder / f'{tasks_of(LARGE_SUITE)[number]}_demo.hdf5'
        write_suite_file(path, min(PER_TASK, count - first), LENGTH, cameras=(), seed=number)
    return {'HDF5': [f'--env={LARGE_SUITE}', f'--libero_path={folder}', '--libero_obs=state'],
            'RLDS': ['--env=recorded', f'--data_path={directory / "rlds"}'],
            'LeRobot v3.0': ['--env=recorded', f'--data_path={directory / "lerobot"}']}


def _arrays(length, seed):
    """(state [T, 8], actions [T, 7], rewards [T]) float32 of a success."""
    rng = np.random.default_rng(seed)
    actions = rng.uniform(-1, 1, (length, 7)).astype(np.float32)
    actions[:, 6] = np.where(np.arange(length) % 2, 1, -1)      # open and close, LIBERO's gripper
    rewards = (np.arange(length) == length - 1).astype(np.float32)
    return rng.normal(size=(length, 8)).astype(np.float32), actions, rewards


def _hdf5(folder, episodes):
    """LIBERO's layout, uncompressed like the published files."""
    path = folder / SUITE / f'{TASK}_demo.hdf5'
    path.parent.mkdir(parents=True)
    write_suite_file(path, size=2, cameras=(HDF5_CAMERA,), lengths=[len(frames) for frames in episodes])
    names = [f'data/demo_{number}/obs/{HDF5_CAMERA}' for number in range(len(episodes))]
    with h5py.File(path, 'r+') as file:
        for name, frames in zip(names, episodes, strict=True):
            del file[name]
            file[name] = frames[:, ::-1]

    def decode():
        with h5py.File(path) as file:
            for name in names:
                file[name][...]
    return MadeSet(path.parent, decode)


def _rlds(folder, episodes):
    """JPEG files in RLDS."""
    def episode(number):
        state, actions, rewards = _arrays(len(episodes[number]), number)
        frames = {'image': [episodes[number]]}
        return rlds.NewEpisode(frames, {'state': state}, actions, rewards, SENTENCE, '')

    write_rlds.write_set(folder, SUITE, '1.0.0',
                         [functools.partial(episode, number) for number in range(len(episodes))],
                         Schema({'image': episodes[0].shape[1:3]}, {'state': 8}))
    return MadeSet(folder, _images_decoder(episodes, 'jpeg'))


def _lerobot(folder, episodes, encoding):
    """LeRobot v3.0, with pictures or videos."""
    new = []
    for number, frames in enumerate(episodes):
        state, actions, rewards = _arrays(len(frames), number)
        read = {LEROBOT_CAMERA: functools.partial(iter, [frames])}
        new.append(lerobot.NewEpisode(SENTENCE, actions, {'observation.state': state}, read, rewards))
    layout = lerobot.Layout(10, {LEROBOT_CAMERA: episodes[0].shape[1:3]}, encoding)
    write_lerobot.write_set(folder, new, layout)
    return MadeSet(folder, _images_decoder(episodes, 'png') if encoding == 'png' else _video_decoder(folder))


def _images_decoder(episodes, encoding):
    """OpenCV on encoded frames in memory."""
    encoded = [np.frombuffer(encode(frame, encoding), np.uint8) for frames in episodes for frame in frames]

    def decode():
        for data in encoded:
            cv2.imdecode(data, cv2.IMREAD_COLOR)
    return decode


def _video_decoder(folder):
    """PyAV on video files in memory, on all cores."""
    import av
    contents = [path.read_bytes() for path in sorted(folder.rglob('*.mp4'))]

    def decode():
        for content in contents:
            with av.open(io.BytesIO(content), format='mp4') as container:
                container.streams.video[0].thread_type = 'AUTO'
                for frame in container.decode(video=0):
                    frame.to_ndarray(format='rgb24')
    return decode
