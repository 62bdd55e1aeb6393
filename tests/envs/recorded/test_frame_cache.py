"""Decoded frames on disk: their contents, and when they are decoded again."""
import os
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest

from envs.recorded.frame_cache import cached_frames, default_directory
from envs.recorded.hdf5_frames import CHUNK
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.reader import stored_frames
from tests.envs.recorded.libero.decoded import Progress, decoded, frames_of
from tests.envs.recorded.libero.files import write_suite_file


@pytest.mark.parametrize('camera, name', [('agentview', 'agentview_rgb'), ('wrist', 'eye_in_hand_rgb')])
def test_frames_are_those_of_the_file(path, cache, camera, name):
    frames = frames_of(path, cache, camera)
    assert frames.dtype == np.uint8 and isinstance(frames, np.memmap)
    np.testing.assert_array_equal(frames, decoded(path, name))


def test_rows_of_an_episode_are_its_frames(path, cache):
    file = read_file(path, ())
    with h5py.File(path) as opened:
        expected = opened['data/demo_1/obs/agentview_rgb'][:][:, ::-1]
    frames = cached_frames(stored_frames(file, 'agentview'), 8, cache)
    np.testing.assert_array_equal(frames[file.demos[1].rows], expected)


def test_shrunk_frames_are_means_over_areas(path, cache):
    blocks = decoded(path).reshape(9, 2, 4, 2, 4, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(frames_of(path, cache, size=2), blocks, atol=0.5)


def test_enlarged_frames_are_interpolated(path, cache):
    frames = frames_of(path, cache, size=12)
    expected = [cv2.resize(np.ascontiguousarray(frame), (12, 12), interpolation=cv2.INTER_LINEAR)
                for frame in decoded(path)]
    np.testing.assert_array_equal(frames, expected)


def test_they_are_read_only(path, cache):
    with pytest.raises(ValueError, match='read-only'):
        frames_of(path, cache)[0] = 0


def test_episodes_left_out_have_no_rows(path, cache):
    whole = decoded(path)
    with h5py.File(path, 'a') as file:
        del file['data/demo_0/actions']
    np.testing.assert_array_equal(frames_of(path, cache, skip_bad=True), whole[6:])


def test_frames_are_decoded_once(path, cache):
    progress = Progress()
    for _ in range(2):
        frames_of(path, cache, progress=progress)
    assert progress.totals == [9] and progress.steps == [6, 3]


def test_frames_are_decoded_in_pieces(path, cache):
    write_suite_file(path, lengths=[2 * CHUNK + 1], size=2)
    progress = Progress()
    frames_of(path, cache, size=2, progress=progress)
    assert progress.steps == [CHUNK, CHUNK, 1]


def rewrite(path):
    """Other frames of the same shapes, at the same time."""
    stat = path.stat()
    write_suite_file(path, lengths=[6, 3], seed=1)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


def lose_an_episode(path):
    stat = path.stat()
    with h5py.File(path, 'a') as file:
        file['data'].move('demo_1', 'demo_4')
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize('change', [rewrite, lose_an_episode])
def test_a_file_that_has_changed_is_decoded_again(path, cache, change):
    frames_of(path, cache)
    change(path)
    progress = Progress()
    frames = frames_of(path, cache, progress=progress)
    assert progress.totals == [9]
    np.testing.assert_array_equal(frames, decoded(path))


@pytest.mark.parametrize('other', [{'camera': 'wrist'}, {'size': 4}, {'orientation': 'rotated'}])
def test_other_options_have_separate_files(path, cache, other):
    progress = Progress()
    for options in ({}, other, {}, other):
        frames_of(path, cache, progress=progress, **options)
    assert progress.totals == [9, 9] and len(list(cache.glob('*.npy'))) == 2


def test_a_path_may_be_relative(path, cache, monkeypatch):
    frames_of(path, cache)
    monkeypatch.chdir(path.parent)
    progress = Progress()
    frames_of(Path(path.name), cache, progress=progress)
    assert progress.totals == []


@pytest.mark.parametrize('xdg, expected', [('/x', '/x/rrd/libero'), ('', '/me/.cache/rrd/libero'),
                                           (None, '/me/.cache/rrd/libero')])
def test_frames_are_kept_with_other_caches(monkeypatch, xdg, expected):
    monkeypatch.setenv('HOME', '/me')
    monkeypatch.delenv('XDG_CACHE_HOME', raising=False)
    if xdg is not None:
        monkeypatch.setenv('XDG_CACHE_HOME', xdg)
    assert default_directory() == Path(expected)
