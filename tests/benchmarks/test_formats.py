"""The formats on a few small frames; no time is checked."""
import cv2
import numpy as np
import pytest

from benchmarks import format_sets
from benchmarks.format_sets import LENGTH, fill_candidates, sample_frames, write_sets, write_vectors
from benchmarks.formats import main, start_seconds
from common import parse_args
from envs.recorded.opening import open_source

FRAMES, SIZE, SMALL = LENGTH + 3, 64, 32    # two episodes; frame size in pixels, in the sets and in the cache
LOSS = {'HDF5': 1e-6, 'RLDS, JPEG': 3, 'LeRobot, PNG': 1e-6, 'LeRobot, AV1': 5}     # mean, of 255


@pytest.fixture(scope='module')
def frames():
    """Smooth frames, each of another brightness, with a gradient along both axes."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    image = np.stack([rows, columns, rows + columns], axis=-1)
    return np.uint8([image + number for number in range(FRAMES)])


@pytest.fixture(scope='module')
def sets(frames, tmp_path_factory):
    """The `MadeSet`s of `frames`."""
    return write_sets(tmp_path_factory.mktemp('made') / 'sets', frames)


@pytest.mark.parametrize('name', LOSS)
def test_every_format_fills_the_cache_with_the_same_frames(name, sets, frames, tmp_path):
    fill, *_ = fill_candidates(name, sets[name], SMALL, tmp_path)

    fill.call()

    path, = tmp_path.glob('0/*.npy')
    expected = np.stack([cv2.resize(frame, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for frame in frames])
    # RLDS and LeRobot store LIBERO's frames mirrored, so what is written upright is read as its mirror image
    expected = expected if name == 'HDF5' else expected[:, :, ::-1]
    assert fill.units == FRAMES
    assert abs(np.load(path).astype(float) - expected).mean() < LOSS[name]


@pytest.mark.parametrize('name', ['RLDS, JPEG', 'LeRobot, PNG'])
def test_only_decoding_decodes_every_picture(name, sets, tmp_path, monkeypatch):
    decoded, imdecode = [], cv2.imdecode
    _, decode, *_ = fill_candidates(name, sets[name], SMALL, tmp_path)
    monkeypatch.setattr(format_sets.cv2, 'imdecode', lambda *args: decoded.append(imdecode(*args)))

    decode.call()

    assert [image.shape for image in decoded] == FRAMES * [(SIZE, SIZE, 3)]


def test_frames_of_the_sample_have_the_requested_number_and_size():
    some = sample_frames(3, SIZE)

    assert some.shape == (3, SIZE, SIZE, 3) and some.dtype == np.uint8
    assert (some[0] != some[0, 0, 0]).any()


def test_sets_without_cameras_are_listed_before_learning_can_begin(tmp_path):
    for words in write_vectors(tmp_path, 4).values():
        file, = open_source(parse_args(words)).files
        assert len(file.episodes) == 4 and not file.cameras
        listed, ready = start_seconds(words)
        assert 0 < listed and 0 < ready


@pytest.mark.slow
def test_program_reports_every_format(capsys):
    main(['--rounds=1', '--frames=8', '--size=32', '--cache_size=24', '--episodes=4'])

    output = capsys.readouterr().out
    assert [output.count(name) for name in ('HDF5', 'RLDS, JPEG', 'PNG', 'AV1', 'v3.0')] == 5 * [1]
