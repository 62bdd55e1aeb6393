"""Changes to what a robot sees that a reward should not depend on; the same for all steps of an episode."""
from typing import NamedTuple

import cv2
import numpy as np


class Augment(NamedTuple):
    """How strongly subsequences are changed; 0 leaves them alone.

    Attributes:
        shift: largest shift of the frames, a share of their size; edges are repeated.
        colour: largest change of brightness, of contrast and of each colour channel, as shares.
        noise: of proprioception, in its standard deviations over the training set.
    """

    shift: float = 0.0
    colour: float = 0.0
    noise: float = 0.0

    def frames(self, frames, rng):
        """[N, H, W, 3] uint8 -> the same shape, by one draw for all of them."""
        return self._coloured(self._shifted(frames, rng), rng)

    def _shifted(self, frames, rng):
        most = round(self.shift * frames.shape[1])
        if not most:
            return frames
        down, right = rng.integers(-most, most + 1, 2)
        return _moved(_moved(frames, down, axis=1), right, axis=2)

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


def _moved(x, by, axis):
    """`x` moved by `by` places to the start of an axis, or -`by` to its end; the edge is repeated."""
    if not by:
        return x
    size = x.shape[axis]
    edge = x.take([size - 1 if by > 0 else 0], axis=axis).repeat(abs(by), axis=axis)
    kept = x[(slice(None),) * axis + (slice(max(by, 0), size + min(by, 0)),)]
    return np.concatenate([kept, edge] if by > 0 else [edge, kept], axis=axis)
