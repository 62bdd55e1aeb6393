"""Augmentation of observations that a reward should be invariant to; the same for all steps of an episode."""
from typing import NamedTuple

import cv2
import numpy as np


class Augment(NamedTuple):
    """How strongly subsequences are augmented; 0 disables a change.

    Attributes:
        shift: largest shift of the frames, a share of their size; edges are repeated.
        colour: largest change of brightness, of contrast and of each colour channel, as shares.
        noise: of proprioception, in its standard deviations over the training set.
    """

    shift: float = 0.0
    colour: float = 0.0
    noise: float = 0.0

    def frames(self, frames, rng):
        """[N, H, W, 3] uint8 -> the same shape; one random draw for all frames."""
        return self._coloured(self._shifted(frames, rng), rng)

    def _shifted(self, frames, rng):
        most = round(self.shift * frames.shape[1])
        if not most:
            return frames
        down, right = rng.integers(-most, most + 1, 2)
        return _moved(frames, down, right)

    def _coloured(self, frames, rng):
        if not self.colour:
            return frames
        brightness, contrast, *channels = rng.uniform(-self.colour, self.colour, 5)
        grey = (np.arange(256) / 255 - 0.5) * (1 + contrast) + 0.5 + brightness
        table = np.clip(grey[:, None] * (1 + np.array(channels)), 0, 1) * 255           # [256, 3]
        flat = np.ascontiguousarray(frames).reshape(-1, frames.shape[2], 3)
        return cv2.LUT(flat, np.rint(table).astype(np.uint8)[:, None]).reshape(frames.shape)

    def offset(self, std, rng):
        """[D] to add to a vector at every step; `std` [D] is its standard deviation."""
        return (self.noise * std * rng.standard_normal(len(std))).astype(np.float32)


def _moved(x, down, right):
    """[N, H, W, C] with pixel (i + down, j + right) of `x` at (i, j); outside `x`, the nearest edge pixel."""
    height, width = x.shape[1:3]
    top, left, bottom, end = max(-down, 0), max(-right, 0), height - max(down, 0), width - max(right, 0)
    moved = np.empty(x.shape, x.dtype)
    moved[:, top:bottom, left:end] = x[:, top + down:bottom + down, left + right:end + right]
    moved[:, top:bottom, :left] = moved[:, top:bottom, left:left + 1]
    moved[:, top:bottom, end:] = moved[:, top:bottom, end - 1:end]
    moved[:, :top] = moved[:, top:top + 1]
    moved[:, bottom:] = moved[:, bottom - 1:bottom]
    return moved
