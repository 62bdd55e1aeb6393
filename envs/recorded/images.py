"""Frames as JPEG or PNG: checked by their first bytes, decoded by OpenCV."""
import struct

import cv2

from envs.recorded.encoded import decoded
from utils.foreign.files import ContentError

_PNG, _PNG_END = b'\x89PNG\r\n\x1a\n', b'IEND\xaeB`\x82'
_JPEG, _JPEG_END = b'\xff\xd8\xff', b'\xff\xd9'
_RGB8 = bytes([8, 2])       # bits and type of color in the header of a PNG


def check_image(data, shape, encoding):
    """The encoding of an image, 'jpeg' or 'png', if it is one of three channels with the expected size.

    Nothing is decoded, so a header that claims a huge size takes no memory.

    Args:
        data: encoded bytes.
        shape: expected (height, width, 3).
        encoding: expected one, or '' for either.

    Raises:
        ContentError: it is no such image, or it is truncated.
    """
    if data[:8] == _PNG:
        found, size, is_whole = 'png', _png_size(data), bytes(data[-8:]) == _PNG_END
    elif data[:3] == _JPEG:
        found, size = 'jpeg', image_size(data)
        is_whole = bytes(data[-64:]).rstrip(b'\0').endswith(_JPEG_END)
    else:
        raise ContentError(f'expected a JPEG or PNG, got {bytes(data[:8])!r}')
    if encoding not in ('', found):
        raise ContentError(f'expected the encoding {encoding}, as in other frames, got {found}')
    if size != tuple(shape):
        raise ContentError(f'expected an image of {list(shape)} bytes, got {list(size)}')
    if not is_whole:
        raise ContentError(f'expected a whole {found.upper()}, got one without an end')
    return found


def decode(data, out):
    """Decodes an image that `check_image` accepted into `out` [height, width, 3] uint8, RGB.

    Raises:
        ContentError: it cannot be decoded.
    """
    try:
        out[...] = decoded(data, out.shape)
    except ValueError as error:
        raise ContentError(f'cannot be decoded: {error}'.removesuffix(': ')) from error


def encode(image, encoding):
    """The bytes of an RGB image [height, width, 3] uint8: a PNG, or a JPEG of quality 95 as TFDS writes."""
    options = [cv2.IMWRITE_JPEG_QUALITY, 95] if encoding == 'jpeg' else []
    return cv2.imencode(f'.{encoding}', cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def _png_size(data):
    if len(data) < 33 or bytes(data[12:16]) != b'IHDR':
        raise ContentError('expected a PNG, got one without a header')
    width, height = struct.unpack('>II', data[16:24])
    if bytes(data[24:26]) != _RGB8:
        raise ContentError('expected a PNG of 3 channels of 8 bits, got another kind')
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
    raise ContentError('expected a JPEG, got one without a header')
