"""Resized frames beside OpenCV's result for each frame in C order."""
import cv2
import numpy as np
import pytest

from envs.recorded.orientation import MIRRORED, OPENGL, ROTATED, UPRIGHT, upright
from envs.recorded.resizing import resized

SHAPE = (3, 50, 47, 3)


@pytest.fixture(scope='module')
def noise():
    return np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)


@pytest.mark.parametrize('size, how', [(21, cv2.INTER_AREA), (47, cv2.INTER_AREA), (48, cv2.INTER_LINEAR),
                                       (64, cv2.INTER_LINEAR)])
@pytest.mark.parametrize('orientation', [UPRIGHT, OPENGL, ROTATED, MIRRORED])
def test_every_frame_is_resized_by_itself_after_it_was_turned(noise, size, how, orientation):
    turned = upright(noise, orientation)
    expected = [cv2.resize(np.ascontiguousarray(frame), (size, size), interpolation=how) for frame in turned]

    found = resized(turned, size)

    np.testing.assert_array_equal(found, expected)
    assert found.flags.c_contiguous and found.dtype == np.uint8


@pytest.mark.parametrize('orientation', [UPRIGHT, OPENGL, ROTATED, MIRRORED])
def test_frames_of_that_size_are_only_turned(noise, orientation):
    square = upright(noise[:, :47], orientation)
    np.testing.assert_array_equal(resized(square, 47), square)


def test_no_frames_stay_none():
    assert resized(np.zeros((0, 8, 8, 3), np.uint8), 4).shape == (0, 4, 4, 3)
