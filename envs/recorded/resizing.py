"""Stored frames -> frames of the input size of the networks."""
import cv2
import numpy as np

_FLIPS = {(True, False): 0, (False, True): 1, (True, True): -1}     # (rows, columns): code of cv2.flip


def resized(frames, size):
    """[n, size, size, 3] in C order: area averages when shrinking, linear interpolation when enlarging.

    Args:
        frames: [n, height, width, 3] uint8; rows and columns may be reversed views.
        size: height and width of the result, pixels.
    """
    out = np.empty((len(frames), size, size, 3), np.uint8)
    shrinks = min(frames.shape[1:3]) >= size
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    for frame, target in zip(frames, out, strict=True):
        if frame.shape == target.shape:
            target[...] = _in_order(frame)
        else:
            cv2.resize(_in_order(frame), (size, size), dst=target, interpolation=interpolation)
    return out


def _in_order(frame):
    """The frame in C order; OpenCV reverses columns 15 times as fast as numpy copies a reversed view."""
    rows, columns = (stride < 0 for stride in frame.strides[:2])
    if not rows and not columns:
        return frame
    stored = frame[::-1 if rows else 1, ::-1 if columns else 1]
    return cv2.flip(stored, _FLIPS[rows, columns])
