"""Augmentation of frames and vectors, on images of a few pixels."""
import numpy as np
import pytest

from algorithm.recorded.augment import Augment

FRAMES = np.random.default_rng(7).integers(256, size=(2, 10, 10, 3), dtype=np.uint8)


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize('augment', [Augment(0.2, 0.0), Augment(0.0, 0.3), Augment(0.2, 0.3)])
def test_all_frames_are_changed_alike(augment):
    """The result for all frames is the same as for each frame alone, with the same draw."""
    changed = augment.frames(FRAMES, generator())
    assert changed.shape == FRAMES.shape and changed.dtype == np.uint8 and (changed != FRAMES).any()
    for i in range(2):
        np.testing.assert_array_equal(changed[i], augment.frames(FRAMES[i:i + 1], generator())[0])


def test_without_strength_frames_are_the_same_array_and_nothing_is_drawn():
    rng = generator()
    assert Augment().frames(FRAMES, rng) is FRAMES
    assert rng.random() == generator().random()


def test_a_shift_below_half_a_pixel_has_no_effect():
    assert Augment(shift=0.04).frames(FRAMES, generator()) is FRAMES


@pytest.mark.parametrize('augment', [Augment(0.2, 0.0), Augment(0.0, 0.3)])
def test_the_input_is_not_modified(augment):
    frames = FRAMES.copy()
    for seed in range(5):
        augment.frames(frames, generator(seed))
    np.testing.assert_array_equal(frames, FRAMES)


def looked_up(frames, down, right):
    """Every pixel is the one `down` and `right` of it, or the nearest on the edge."""
    height, width = frames.shape[1:3]
    rows = np.clip(np.arange(height) + down, 0, height - 1)
    columns = np.clip(np.arange(width) + right, 0, width - 1)
    return frames[:, rows][:, :, columns]


def test_frames_are_shifted_by_every_whole_number_up_to_the_share_and_edges_repeated():
    possible = {(down, right): looked_up(FRAMES, down, right).tobytes()
                for down in range(-2, 3) for right in range(-2, 3)}
    rng = generator()
    seen = [Augment(shift=0.2).frames(FRAMES, rng).tobytes() for _ in range(400)]
    assert set(seen) == set(possible.values())


def test_colours_are_changed_by_brightness_contrast_and_channels_as_floats_would_be():
    changed = Augment(colour=0.3).frames(FRAMES, generator())
    brightness, contrast, *channels = generator().uniform(-0.3, 0.3, 5)
    x = FRAMES / 255
    expected = ((x - 0.5) * (1 + contrast) + 0.5 + brightness) * (1 + np.array(channels))
    expected = expected.clip(0, 1) * 255
    assert np.abs(changed - expected).max() <= 0.5 + 1e-9       # the nearest whole number
    assert {0, 255} & set(changed.ravel().tolist())             # some were clipped


def test_colours_of_frames_that_are_not_contiguous_are_those_of_their_copy():
    """As a shift along one axis alone, or a camera upside down, may leave them."""
    augment = Augment(colour=0.3)
    np.testing.assert_array_equal(augment.frames(FRAMES[:, :, ::-1], generator()),
                                  augment.frames(FRAMES[:, :, ::-1].copy(), generator()))


def test_the_offset_of_a_vector_has_its_share_of_the_standard_deviations():
    """Over 4000 draws, 1.1 % is the standard deviation of a standard deviation; five of them are allowed."""
    std, rng = np.float32([2.0, 0.1, 0.0]), generator()
    offsets = np.array([Augment(noise=0.3).offset(std, rng) for _ in range(4000)])
    np.testing.assert_allclose(offsets.std(axis=0), 0.3 * std, rtol=0.056)
    np.testing.assert_allclose(offsets.mean(axis=0), 0, atol=5 * 0.3 * 2 / 4000 ** 0.5)
    assert offsets.dtype == np.float32 and abs(np.corrcoef(offsets[:, :2].T)[0, 1]) < 5 / 4000 ** 0.5


def test_the_offset_without_noise_is_zero():
    assert not Augment().offset(np.float32([2.0, 0.1]), generator()).any()
