"""Stacks of frames against numpy."""
import numpy as np
import pytest

from algorithm.replay_buffer.stacks import stacked


@pytest.mark.parametrize('shape', [(2, 3, 5), (4, 7, 84, 84), (3, 2, 6, 3, 2)])
@pytest.mark.parametrize('dtype', [np.uint8, np.float32])
def test_frames_become_the_last_axis(shape, dtype):
    frames = np.random.default_rng(0).integers(256, size=shape).astype(dtype)
    ours = stacked(frames)
    np.testing.assert_array_equal(ours, np.moveaxis(frames, 0, -1))
    assert ours.dtype == dtype and ours.flags.c_contiguous
