"""Frames as JPEG or PNG: checked by their first bytes, decoded by OpenCV."""
import struct

import cv2
import numpy as np

from envs.recorded.bad_data import BadDataError

_PNG, _PNG_END = b'\x89PNG\r\n\x1a\n', b'IEND\xaeB`\x82'
_JPEG, _JPEG_END = b'\xff\xd8\xff', b'\xff\xd9'
# since 4.11 OpenCV decodes to RGB itself, without a pass over the pixels; before, it only knew BGR
_DECODES_RGB = tuple(map(int, cv2.__version__.split('.')[:2])) >= (4, 11)
_RGB8 = bytes([8, 2])       # bits and type of color in the header of a PNG


def check_image(data, shape, encoding):
    """The encoding of an image, 'jpeg' or 'png', if it is one of three channels with the expected size.

    Nothing is decoded, so a header that claims a huge size takes no memory.

    Args:
        data: encoded bytes.
        shape: expected (height, width, 3).
        encoding: expected one, or '' for either.

    Raises:
        BadDataError: it is no such image, or it is truncated.
    """
    if data[:8] == _PNG:
        found, size, is_whole = 'png', _png_size(data), bytes(data[-8:]) == _PNG_END
    elif data[:3] == _JPEG:
        found, size = 'jpeg', image_size(data)
        is_whole = bytes(data[-64:]).rstrip(b'\0').endswith(_JPEG_END)
    else:
        raise BadDataError(f'expected a JPEG or PNG, got {bytes(data[:8])!r}')
    if encoding not in ('', found):
        raise BadDataError(f'expected the encoding {encoding}, as in other frames, got {found}')
    if size != tuple(shape):
        raise BadDataError(f'expected an image of {list(shape)} bytes, got {list(size)}')
    if not is_whole:
        raise BadDataError(f'expected a whole {found.upper()}, got one without an end')
    return found


def decode(data, out):
    """Decodes an image that `check_image` accepted into `out` [height, width, 3] uint8, RGB.

    Raises:
        BadDataError: it cannot be decoded.
    """
    color = cv2.IMREAD_COLOR_RGB if _DECODES_RGB else cv2.IMREAD_COLOR
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), color | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise BadDataError(f'cannot be decoded: {error.err}') from error
    if image is None or image.shape != out.shape:
        raise BadDataError('cannot be decoded')
    if _DECODES_RGB:
        out[...] = image
    else:
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=out)


def encode(image, encoding):
    """The bytes of an RGB image [height, width, 3] uint8: a PNG, or a JPEG of quality 95 as TFDS writes."""
    options = [cv2.IMWRITE_JPEG_QUALITY, 95] if encoding == 'jpeg' else []
    return cv2.imencode(f'.{encoding}', cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def _png_size(data):
    if len(data) < 33 or bytes(data[12:16]) != b'IHDR':
        raise BadDataError('expected a PNG, got one without a header')
    width, height = struct.unpack('>II', data[16:24])
    if bytes(data[24:26]) != _RGB8:
        raise BadDataError('expected a PNG of 3 channels of 8 bits, got another kind')
    return height, width, 3


def image_size(data):
    """(height, width, channels) from the header of the first frame of a JPEG."""
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:      # padding
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return (*struct.unpack('>HH', data[at + 5:at + 9]), data[at + 9])
        else:
            at += 2 + struct.unpack('>H', data[at + 2:at + 4])[0]
    raise BadDataError('expected a JPEG, got one without a header')
