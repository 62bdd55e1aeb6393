"""Decodes JPEG and PNG to RGB by OpenCV."""
import cv2
import numpy as np

# since 4.11 OpenCV decodes to RGB itself, without a pass over the pixels; before, it only knew BGR
_DECODES_RGB = tuple(map(int, cv2.__version__.split('.')[:2])) >= (4, 11)


def decoded(data, shape):
    """[height, width, 3] uint8 RGB of an encoded picture; a note on its orientation is ignored.

    Args:
        data: encoded bytes, or an array of them.
        shape: expected (height, width, 3).

    Raises:
        ValueError: it cannot be decoded, or has another shape; the text says why, or is empty.
    """
    color = cv2.IMREAD_COLOR_RGB if _DECODES_RGB else cv2.IMREAD_COLOR
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), color | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise ValueError(error.err) from error
    if pixels is None or pixels.shape != tuple(shape):
        raise ValueError
    return pixels if _DECODES_RGB else cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
