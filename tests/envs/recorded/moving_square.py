"""Frames in which a square moves as the end effector does."""
import numpy as np


def moving_square(flip):
    """([30, 16, 16, 3] frames of a square, [30, 3] positions): columns follow y, and rows follow -z."""
    t = np.linspace(0, 2 * np.pi, 30)
    y, z = np.cos(t), np.sin(t)
    frames = np.zeros((30, 16, 16, 3), np.uint8)
    for frame, column, row in zip(frames, np.rint(7 + 6 * y).astype(int), np.rint(7 - 6 * z).astype(int),
                                  strict=True):
        frame[row:row + 2, column:column + 2] = 255
    return flip(frames), np.stack([t, y, z], axis=1)
